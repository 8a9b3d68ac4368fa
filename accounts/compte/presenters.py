from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from accounts.models import Rattachement


class Acces(NamedTuple):
    """An account of a dossier, for the driver's list. ``adresse`` is masked unless it is the reader's own."""

    identifiant: int
    moi: bool
    adresse: str
    origine: str
    depuis: datetime


ORIGINES = {
    "numero": "par le numéro de dossier et l'état civil",
    "franceconnect": "par FranceConnect",
    "demonstration": "par le jeu de démonstration",
}


def acces(rattachements: Iterable[Rattachement], *, moi: int | None) -> list[Acces]:
    """The accounts of a dossier, the reader's among them."""
    return [
        Acces(
            r.pk, r.user_id == moi, str(r.user) if r.user_id == moi or not r.user.email else masquer(r.user.email),
            ORIGINES[r.origine], r.created_at,
        )
        for r in rattachements
    ]  # fmt: skip


def masquer(email: str) -> str:
    """Enough of an address for its owner to know it: ``c…@e….fr``."""
    nom, _, domaine = email.rpartition("@")
    hote, _, suffixe = domaine.rpartition(".")
    return f"{nom[:1]}…@{hote[:1]}….{suffixe}"
