"""Going to FranceConnect and coming back: once, within ten minutes, in the browser that left.

What ties the way back to the browser is a cookie of its own for each departure: two tabs keep their own nonce and their
own page, and a session that somebody else prepared is not needed to come back.
"""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from hmac import compare_digest
from typing import Any, NamedTuple
from urllib.parse import urlencode

from allauth.account.internal.stagekit import unstash_login
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.franceconnect.echange import Panne, Refus
from accounts.models import AllerRetour
from mespoints.lib.http import is_own_path, site_address
from mespoints.lib.visiteur import NIVEAU_FC, get_niveau, set_niveau

#: Keys of the session. What was proposed is there and in no form; the id_token is sealed, for the way out alone.
PROPOSE, SUITE, JETON = "fc_propose", "fc_suite", "fc_jeton"
DUREE = timedelta(minutes=10)
OUBLI = timedelta(hours=1)
SUITE_MAXIMUM = 512
#: Errors that are nobody's choice: FranceConnect's troubles, then ours (the request was wrong).
INDISPONIBLE = frozenset({"server_error", "temporarily_unavailable"})
MAL_DEMANDE = frozenset(
    {"invalid_request", "invalid_scope", "invalid_acr", "unsupported_response_type", "invalid_client",
     "unauthorized_client"}
)  # fmt: skip


class Interrompu(Refus):
    """The visitor gave up at FranceConnect, or was refused there: which of the two is not told."""


class Depart(NamedTuple):
    """Where to send the browser, and the cookie that it must keep."""

    adresse: str
    cookie: str
    secret: str


class Retour(NamedTuple):
    """What a departure that came back was for."""

    code: str
    nonce: str
    suite: str


def partir(*, suite: str) -> Depart:
    """Write the departure down and give FranceConnect's address. No prompt, no PKCE: it refuses both."""
    state, nonce = (get_random_string(taille) for taille in (settings.OIDC_STATE_SIZE, settings.OIDC_NONCE_SIZE))
    secret = get_random_string(32)
    AllerRetour.objects.create(state=_empreinte(state), navigateur=_empreinte(secret), nonce=nonce, suite=suite)
    parametres = {
        "response_type": "code",
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "redirect_uri": site_address("franceconnect_retour"),
        "scope": settings.OIDC_RP_SCOPES,
        "acr_values": settings.FRANCECONNECT_ACR,
        "state": state,
        "nonce": nonce,
    }
    return Depart(f"{settings.OIDC_OP_AUTHORIZATION_ENDPOINT}?{urlencode(parametres)}", nom_du_cookie(state), secret)


def revenir(*, parametres: Mapping[str, str], cookies: Mapping[str, str]) -> Retour:
    """Check a way back and use it up, whatever it brings. Raises ``Refus``, ``Panne`` or ``Interrompu``."""
    state = parametres.get("state", "")
    secret = cookies.get(nom_du_cookie(state), "")
    if not (state and secret and len(state) <= 256):
        raise Refus("state_unknown")
    ouverts = AllerRetour.objects.filter(
        state=_empreinte(state),
        navigateur=_empreinte(secret),
        revenu_at=None,
        created_at__gt=timezone.now() - DUREE,
    )
    if not ouverts.update(revenu_at=timezone.now()):  # one statement: of two identical returns, one passes
        raise Refus("state_unknown")
    depart = AllerRetour.objects.get(state=_empreinte(state))
    if not compare_digest(parametres.get("iss", "").encode(), settings.FRANCECONNECT_ISSUER.encode()):
        raise Refus("issuer_of_the_return")
    if erreur := parametres.get("error"):
        raise _erreur(erreur)
    if not (code := parametres.get("code", "")) or len(code) > 2048:
        raise Refus("code_missing")
    return Retour(code, depart.nonce, depart.suite)


def _erreur(erreur: str) -> Refus:
    if erreur in INDISPONIBLE:
        return Panne(erreur)
    if erreur in MAL_DEMANDE:
        return Panne(f"our_request_{erreur}")
    return Interrompu("access_denied" if erreur == "access_denied" else "other_error")


def lire_suite(demandee: str) -> str:
    """A path of this site, or nothing."""
    return demandee if is_own_path(demandee) and len(demandee) <= SUITE_MAXIMUM else ""


def ouvrir_la_session(request: HttpRequest, apporte: dict[str, Any]) -> None:
    """Give a session that FranceConnect opened its level and what came with it: PROPOSE, SUITE, JETON.

    Called once each step of the sign-in is passed: between FranceConnect and a second factor, the sign-in that waits
    holds them, and goes with them.
    """
    set_niveau(request, NIVEAU_FC)
    for cle in (PROPOSE, SUITE, JETON):
        request.session[cle] = apporte[cle]


def jeton_scelle(request: HttpRequest) -> str:
    """The sealed id_token of a session of FranceConnect's, or of its sign-in that waits for a second factor."""
    if get_niveau(request) == NIVEAU_FC:
        return str(request.session.get(JETON, ""))
    attend = None if request.user.is_authenticated else unstash_login(request, peek=True)
    apporte = (attend.signal_kwargs or {}).get("franceconnect") if attend else None
    return str(apporte[JETON]) if apporte else ""


def sortir(*, id_token: str) -> tuple[str, str]:
    """Where to send a browser whose session is over here, to end it there too; and the state it comes back with."""
    state = get_random_string(settings.OIDC_STATE_SIZE)
    parametres = {
        "id_token_hint": id_token,
        "state": state,
        "post_logout_redirect_uri": site_address("franceconnect_sortie"),
    }
    return f"{settings.OIDC_OP_LOGOUT_ENDPOINT}?{urlencode(parametres)}", state


def nom_du_cookie(state: str) -> str:
    return f"{settings.FRANCECONNECT_COOKIE_PREFIX}{_empreinte(state)[:12]}"


def oublier_les_allers_retours() -> int:
    """Delete those that cannot come back any more."""
    return AllerRetour.objects.filter(created_at__lt=timezone.now() - OUBLI).delete()[0]


def _empreinte(texte: str) -> str:
    return hashlib.sha256(texte.encode("utf-8", "replace")).hexdigest()
