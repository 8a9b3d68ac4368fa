"""The links that a mail carries: signed, dated, good for one use each. A forged, foreign or old one is no link."""

from datetime import timedelta
from uuid import UUID

from django.core import signing

#: What a link is for, which is the salt of its signature, and how long it opens something; None: the row says.
ACTIVATION, PAS_MOI = "compte.activation", "compte.pas_moi"
SIGNALER, SUIVI = "signalement.ouvrir", "signalement.suivi"
DUREES: dict[str, timedelta | None] = {
    **{ACTIVATION: None, PAS_MOI: None},
    **{SIGNALER: timedelta(days=30), SUIVI: timedelta(days=30)},
}


def signer_lien(usage: str, identifiant: int | UUID) -> str:
    """The last part of the address."""
    return signing.dumps(str(identifiant), salt=usage)


def lire_lien(usage: str, jeton: str) -> str | None:
    """The row that the link is about, None when it opens nothing."""
    try:
        lu = signing.loads(jeton, salt=usage, max_age=DUREES[usage])
    except signing.BadSignature:
        return None
    return lu if isinstance(lu, str) else None
