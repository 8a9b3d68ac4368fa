"""Random draws for synthetic dossiers: one seeded source, its tables, and the infractions drawn from the scale.

Days are proleptic ordinals (``date.toordinal``): adding and comparing them is what makes the generator quick. ``iso``
turns one into the text of the feed, from a table built once.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import accumulate, pairwise
from random import Random
from typing import Any, TypeVar

from demo.synthese.catalogue import CATALOGUE, SANS_FIN, TOUJOURS, Entree, en_vigueur
from demo.synthese.catalogue import entree as entree_du_bareme
from demo.synthese.noms import COMMUNES, LIEUX

Json = dict[str, Any]
T = TypeVar("T")

_CENT_ANS, _VINGT_ANS = 36_600, 7_310
_CASES = 4_096  # cells of a weighted table
_PART_TARDIVE = 0.04  # infractions that the national file learnt long after they were final
_PART_CONTESTEE = 0.004  # infractions never made final


def en_cases(valeurs: Sequence[T], poids: Sequence[int]) -> list[T]:
    """Repeat each value in proportion to its weight, so that a weighted draw is one index."""
    total = sum(poids)
    bornes = [0, *(round(_CASES * cumul / total) for cumul in accumulate(poids))]
    return [
        valeur for valeur, (avant, apres) in zip(valeurs, pairwise(bornes), strict=True) for _ in range(avant, apres)
    ]


class Tirage:
    """One run's random source and its tables. ``au`` is the ordinal of the day the dossiers are made for."""

    def __init__(self, seed: int, au: date) -> None:
        self.rng = Random(f"mespoints-dossier/1/{seed}")
        self.hasard = self.rng.random
        self.au = au.toordinal()
        self._premier = self.au - _CENT_ANS
        self._iso = [date.fromordinal(o).isoformat() for o in range(self._premier, self.au + _VINGT_ANS)]
        lendemains = {date.fromordinal(e.fin.toordinal() + 1) for e in CATALOGUE if e.fin != SANS_FIN}
        eres = sorted({e.debut for e in CATALOGUE} | lendemains | {TOUJOURS})
        self._eres = [ere.toordinal() for ere in eres]
        self._bareme = [en_cases(*_entrees_et_poids(ere)) for ere in eres]
        self.communes = en_cases(COMMUNES, [commune.poids for commune in COMMUNES])

    def iso(self, jour: int) -> str:
        """The day as the feed writes it."""
        return self._iso[jour - self._premier]

    def un(self, valeurs: Sequence[T]) -> T:
        """One of them, all equally likely."""
        return valeurs[int(self.hasard() * len(valeurs))]

    def entre(self, premier: int, dernier: int) -> int:
        """A whole number from ``premier`` to ``dernier`` inclusive."""
        return premier + int(self.hasard() * (dernier - premier + 1))

    def entree(self, commission: int) -> Entree:
        """An entry of the scale in force that day, by frequency."""
        return self.un(self._bareme[bisect_right(self._eres, commission) - 1])

    def entree_de(self, cles: Sequence[str], commission: int) -> Entree:
        """An entry of the scale in force that day, among these keys."""
        return entree_du_bareme(self.un(cles), date.fromordinal(commission))

    def suite(self, entree: Entree) -> tuple[int, str]:
        """Days from the infraction to its being final, and what makes it so."""
        u = self.hasard()
        if entree.nature == "delit":
            return (60 + int(u * 240), "composition_penale") if u < 0.3 else (45 + int(u * 330), "condamnation")
        if entree.classe == 5:
            return 50 + int(u * 250), "condamnation"
        return (12 + int(u * 68), "paiement") if u < 0.8 else (int(u * 400) - 230, "amende_majoree")

    def infraction(
        self, id: str, entree: Entree, commission: int, *, definitive: int | None = None, groupe: str | None = None
    ) -> tuple[Json, int | None]:
        """An infraction of the feed and the day it is final, None while it is not."""
        delai, etablie_par = self.suite(entree)
        contestee = definitive is None and self.hasard() < _PART_CONTESTEE
        jour = definitive or commission + delai
        finale = None if contestee or jour > self.au else jour
        fait: Json = {
            "id": id,
            "type": "infraction",
            "date_commission": self.iso(commission),
            "date_definitive": self.iso(finale) if finale else None,
            "points": entree.points,
            "nature": entree.nature,
            "classe": entree.classe,
            "groupe": groupe,
            "lieu": self.un(LIEUX),
            "libelle": entree.libelle,
            "natinf": entree.natinf,
            "etablie_par": etablie_par if finale else None,
        }
        if finale and self.hasard() < _PART_TARDIVE:
            fait["enregistre_le"] = self.iso(min(self.au, finale + self.entre(30, 400)))
        return fait, finale


def _entrees_et_poids(ere: date) -> tuple[list[Entree], list[int]]:
    entrees = list(en_vigueur(ere))
    return entrees, [entree.poids for entree in entrees]
