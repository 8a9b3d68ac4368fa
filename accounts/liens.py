"""The links that a mail carries: signed, dated, good for one use each. A forged, foreign or old one is no link."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

#: What a link is for, which is the salt of its signature, and how long it opens something; None: the row says.
ACTIVATION, SIGNALER, SUIVI = "compte.activation", "signalement.ouvrir", "signalement.suivi"
DUREES: dict[str, timedelta | None] = {ACTIVATION: None, SIGNALER: timedelta(days=30), SUIVI: timedelta(days=30)}


def signer_lien(usage: str, identifiant: int) -> str:
    """The last part of the address."""
    return signing.dumps(identifiant, salt=usage)


def lire_lien(usage: str, jeton: str) -> int | None:
    """The row that the link is about, None when it opens nothing."""
    try:
        lu = signing.loads(jeton, salt=usage, max_age=DUREES[usage])
    except signing.BadSignature:
        return None
    return lu if isinstance(lu, int) else None


def adresse(nom: str, *arguments: str) -> str:
    """A page's address as a mail writes it: the site's own, never the one that a request claims."""
    return settings.SITE_URL + reverse(nom, args=arguments)
