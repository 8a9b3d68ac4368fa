"""The proof of work that replaces a captcha (ALTCHA): the browser computes for a second, and the visitor reads nothing.

A form asks for it through ``forms.EffortMixin``. The question is signed, holds for this browser and for half an hour by
our own clock; an answer serves once. Who has no JavaScript takes the slow lane: the same form, fewer tries.
"""

import time

from altcha import Payload, create_challenge, verify_solution
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.crypto import salted_hmac

from accounts.limites import HEURE, Limite, Porte, consommer

#: 256 tries on average, each of so many rounds: half a second of a computer, a few of an old phone.
ALGORITHME, TOURS, PREFIXE = "PBKDF2/SHA-256", 5_000, "00"
VALIDITE = 30 * 60  # seconds
LONGUEUR_MAXIMALE = 4_000
UNE_FOIS = Porte(cible=[Limite("effort.reponse", 1, HEURE)])
#: Without an answer: two tries an hour on one address from one network, then a ceiling for each.
VOIE_LENTE = Porte(
    ici=[Limite("effort.sans.ici", 2, HEURE)],
    reseau=[Limite("effort.sans.reseau", 10, HEURE)],
    cible=[Limite("effort.sans.cible", 10, HEURE)],
)


def poser(request: HttpRequest) -> dict[str, object]:
    """A new question for this browser, as the worker of ALTCHA reads it."""
    question = create_challenge(
        ALGORITHME,
        TOURS,
        key_prefix=PREFIXE,
        expires_at=int(time.time()) + VALIDITE,
        hmac_secret=_secret(request),
    )
    reponse: dict[str, object] = question.to_dict()
    return reponse


def verifier(request: HttpRequest, reponse: str) -> bool:
    """Whether this is the answer to a question of ours, to this browser, in time and not given before."""
    if not reponse or len(reponse) > LONGUEUR_MAXIMALE:
        return False
    try:
        issue = verify_solution(reponse, _secret(request))
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError):  # what only a hand-made answer holds
        return False
    return bool(issue.verified) and consommer(UNE_FOIS, request, _identite(reponse)) is None


def prendre_la_voie_lente(request: HttpRequest, cible: str) -> int | None:
    """Count a try made without an answer: None when it may be made, else the seconds to wait."""
    return consommer(VOIE_LENTE, request, cible)


def _secret(request: HttpRequest) -> str:
    """Of this browser: its CSRF secret is in its cookie, and in no other's."""
    get_token(request)
    return salted_hmac("accounts.effort", request.META["CSRF_COOKIE"], algorithm="sha256").hexdigest()


def _identite(reponse: str) -> str:
    """The question's own signature: spaces in base 64 or another spelling of the JSON make no second answer of it."""
    return str(Payload.from_base64(reponse).challenge.signature).lower()
