"""The browsers that opened an account before: there, the tries of others make nobody wait.

One cookie for the last accounts opened in a browser, signed: the account, a name drawn for this browser, and a print of
the password's hash, so that another password forgets them all. It opens nothing: its tries are counted, apart.
"""

import secrets
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts.models import User, normalize_email

SEL = "accounts.compte.appareils"
COMPTES = 5  # a browser that many share remembers the last of them
DUREE = timedelta(days=180)


class Connu(NamedTuple):
    """An account that this browser opened."""

    compte: int
    nom: str
    empreinte: str


def reconnaitre(request: HttpRequest, email: str) -> str:
    """The name of this browser for the account at this address, "" when it never opened it, or not with its password.

    Without the cookie nothing is asked of the database: an address known or not is the same work.
    """
    connus = _lire(request)
    if not connus:
        return ""
    user = User.objects.filter(email=normalize_email(email), pk__in=[connu.compte for connu in connus]).first()
    return nom_pour(request, user) if user else ""


def nom_pour(request: HttpRequest, user: User) -> str:
    """The same, for an account that is known already."""
    present = _empreinte(user)
    siens = (c.nom for c in _lire(request) if c.compte == user.pk and c.empreinte == present)
    return next(siens, "")


def retenir(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let this browser remember that it opened this account: every step of the sign-in was passed in it."""
    connus = _lire(request)
    nom = next((connu.nom for connu in connus if connu.compte == user.pk), "") or secrets.token_hex(16)
    autres = [connu for connu in connus if connu.compte != user.pk]
    valeur = signing.dumps([Connu(user.pk, nom, _empreinte(user)), *autres][:COMPTES], salt=SEL)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME, valeur, max_age=DUREE, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        samesite="Strict",
    )  # fmt: skip


def _lire(request: HttpRequest) -> list[Connu]:
    try:
        lus = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SEL, max_age=DUREE)
    except signing.BadSignature:
        return []
    return [Connu(*connu) for connu in lus]


def _empreinte(user: User) -> str:
    return salted_hmac(SEL, f"{user.pk} {user.password}", algorithm="sha256").hexdigest()[:32]
