"""Places of birth through time: the codes that the Insee's code officiel géographique gave and took back.

``cog.csv`` is dated data with its source, one line a change: what holds for a birth up to ``jusqu_au`` (empty: still).
It is a beginning, not the 8,000 movements of the Insee's file: a line is added, nothing is coded. Codes are used again
over time: those whose meaning changed most decide nothing (``est_ambigu``).
"""

import csv
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

FRANCE = "99100"
FICHIER = Path(__file__).with_name("cog.csv")
#: 98xxx were countries and territories of many kinds, 20xxx is Corsica before it was two departments.
AMBIGUS = ("98", "20")


class Lieu(NamedTuple):
    """A country, and a commune when born in France; None where unknown."""

    pays: str | None
    commune: str | None


class Changement(NamedTuple):
    nature: str
    actuel: str
    jusqu_au: str


def situer(commune: str | None, pays: str | None) -> Lieu:
    """Where a pair of codes leads, before any history: a commune without a country is in France."""
    if commune and commune.startswith("99"):
        pays, commune = commune, None
    if pays and pays != FRANCE:
        return Lieu(pays, None)
    return Lieu(FRANCE if commune or pays else None, commune or None)


def actualiser(lieu: Lieu, naissance: str) -> Lieu:
    """The same place in the codes of today, for a birth on that day (``AAAA-MM-JJ``, 00 unknown)."""
    code = lieu.commune or lieu.pays
    changement = _changements().get(code or "")
    if changement is None or (changement.jusqu_au and naissance > changement.jusqu_au):
        return lieu
    return Lieu(FRANCE, changement.actuel) if changement.nature == "commune" else Lieu(changement.actuel, None)


def est_ambigu(lieu: Lieu) -> bool:
    """Whether the code meant several places over time, so that no conflict follows from it."""
    return bool(lieu.commune and lieu.commune.startswith(AMBIGUS))


@lru_cache(maxsize=1)
def _changements() -> dict[str, Changement]:
    lus: dict[str, Changement] = {}
    with FICHIER.open(encoding="utf-8", newline="") as lignes:
        for ligne in csv.DictReader(lignes):
            debut, _, fin = ligne["ancien"].partition("-")
            for code in range(int(debut), int(fin or debut) + 1):
                lus[f"{code:05d}"] = Changement(ligne["nature"], ligne["actuel"], ligne["jusqu_au"])
    return lus
