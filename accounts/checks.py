"""What a production instance must never be told of FranceConnect, nor of the administration's name."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.http.request import validate_host

from mespoints.lib.checks import START

ADRESSES = (
    "FRANCECONNECT_ISSUER", "OIDC_OP_AUTHORIZATION_ENDPOINT", "OIDC_OP_TOKEN_ENDPOINT", "OIDC_OP_USER_ENDPOINT",
    "OIDC_OP_JWKS_ENDPOINT", "OIDC_OP_LOGOUT_ENDPOINT",
)  # fmt: skip
#: Switches of mozilla-django-oidc, with the only value that is safe here.
INTERRUPTEURS = {
    "OIDC_USE_PKCE": (False, "FranceConnect refuse code_challenge"),
    "OIDC_USE_NONCE": (True, "sans nonce, un jeton se rejoue"),
    "OIDC_ALLOW_UNSECURED_JWT": (False, "un jeton sans signature serait cru"),
    "OIDC_VERIFY_SSL": (True, "n'importe qui se ferait passer pour FranceConnect"),
    "OIDC_VERIFY_KID": (True, "une clé serait prise pour une autre"),
}
ALGORITHMES = {"ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
SESSIONS = {"django.contrib.sessions.backends.db", "django.contrib.sessions.backends.cached_db"}


@register(START, deploy=True)
def check_franceconnect(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The exchange itself is checked everywhere; where it goes, wherever the drivers are not invented."""
    fautes: list[CheckMessage] = [
        Error(f"{nom} : {raison}.", id="accounts.E001")
        for nom, (sur, raison) in INTERRUPTEURS.items()
        if getattr(settings, nom, sur) is not sur
    ]
    if settings.OIDC_RP_SIGN_ALGO not in ALGORITHMES:
        fautes.append(Error("FRANCECONNECT_ALGORITHM : ES256 ou RS256, jamais un secret partagé.", id="accounts.E002"))
    if any("mozilla_django_oidc" in nom for nom in settings.MIDDLEWARE):
        fautes.append(Error("SessionRefresh envoie prompt=none, que FranceConnect refuse.", id="accounts.E003"))
    if settings.SESSION_ENGINE not in SESSIONS:
        fautes.append(Error("SESSION_ENGINE : la session doit rester sur le serveur.", id="accounts.E004"))
    if settings.OIDC_RP_CLIENT_ID and not settings.FRANCECONNECT_CLE_IDENTITES:
        fautes.append(Error("FRANCECONNECT_CLE_IDENTITES manque : voir docs/installer.md.", id="accounts.E007"))
    if settings.OIDC_RP_CLIENT_ID and not settings.MESPOINTS_DEMONSTRATION:
        fautes += _adresses()
    return fautes


def _adresses() -> list[CheckMessage]:
    fautes: list[CheckMessage] = []
    if settings.FRANCECONNECT_ISSUER not in settings.FRANCECONNECT_OFFICIELS and not (
        settings.FRANCECONNECT_AUTRE_FOURNISSEUR
    ):
        fautes.append(
            Error(
                "FRANCECONNECT_ISSUER n'est pas FranceConnect.",
                hint="FRANCECONNECT_AUTRE_FOURNISSEUR=1 dit que c'est voulu ; le simulateur est refusé de toute façon.",
                id="accounts.E005",
            )
        )
    for nom in ADRESSES:
        parties = urlsplit(getattr(settings, nom))
        if parties.scheme != "https" or "." not in (parties.hostname or "") or _est_local(parties.hostname or ""):
            fautes.append(Error(f"{nom} : une adresse https publique est attendue.", id="accounts.E006"))
    return fautes


def _est_local(hote: str) -> bool:
    return hote.startswith(("127.", "0.", "10.", "192.168.")) or hote.endswith((".localhost", ".local"))


@register(deploy=True)
def check_admin_host(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An administration under a name that the site refuses would answer nowhere."""
    if settings.ADMIN_HOST and not validate_host(settings.ADMIN_HOST.partition(":")[0], settings.ALLOWED_HOSTS):
        return [Error("ADMIN_HOST doit aussi être dans ALLOWED_HOSTS.", id="accounts.E020")]
    return []
