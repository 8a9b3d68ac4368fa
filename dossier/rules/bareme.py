"""The points scale: what each offence is worth on the day it is committed (L223-2, R223-2 and the articles named).

``bareme.csv`` beside this module holds one line a period: NATINF where it is known, label, article, nature, class,
points, first and last day, source. A reform closes a line and opens another; a line is never changed.
"""

import csv
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

FICHIER = Path(__file__).with_name("bareme.csv")


class LigneBareme(NamedTuple):
    """What an offence is worth from ``du`` to ``au``, both included. ``classe`` is None for a délit."""

    natinf: str | None
    libelle: str
    article: str
    nature: str
    classe: int | None
    points: int
    du: date
    au: date
    source: str

    def en_vigueur(self, jour: date) -> bool:
        return self.du <= jour <= self.au


@lru_cache(maxsize=1)
def bareme() -> tuple[LigneBareme, ...]:
    """Every line, past ones included."""
    with FICHIER.open(encoding="utf-8", newline="") as fichier:
        return tuple(
            LigneBareme(
                natinf=ligne["natinf"] or None,
                libelle=ligne["label"],
                article=ligne["article"],
                nature=ligne["kind"],
                classe=int(ligne["class"]) if ligne["class"] else None,
                points=int(ligne["points"]),
                du=date.fromisoformat(ligne["valid_from"]) if ligne["valid_from"] else date.min,
                au=date.fromisoformat(ligne["valid_to"]) if ligne["valid_to"] else date.max,
                source=ligne["source"],
            )
            for ligne in csv.DictReader(fichier)
        )


def bareme_au(jour: date) -> Sequence[LigneBareme]:
    """The scale in force for an offence committed on ``jour``: it is that day that counts, not the final one."""
    return [ligne for ligne in bareme() if ligne.en_vigueur(jour)]


def trouver(natinf: str, jour: date) -> LigneBareme | None:
    """The line of a NATINF on the day of commission; None where the scale has none."""
    return next((ligne for ligne in bareme_au(jour) if ligne.natinf == natinf), None)
