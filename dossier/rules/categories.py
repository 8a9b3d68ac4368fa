"""Which vehicles may be driven: the categories of the file, and what becomes of the day on which one ends."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from dossier.rules.articles import R221_11_III, regle
from dossier.rules.calendrier import UN_JOUR, jour_lu
from dossier.rules.faits import FinLevee, Visite
from dossier.rules.interpretations import vise_le_renouvellement
from dossier.rules.suspension import APTES
from dossier.rules.vocabulaire import Avis


class Validite(StrEnum):
    """Of a category on a day."""

    EN_COURS = "en cours"
    PROVISOIRE = "valable provisoirement"
    EXPIREE = "expirée"
    A_VENIR = "pas encore obtenue"


#: Those that may be driven.
CONDUISIBLES = frozenset({Validite.EN_COURS, Validite.PROVISOIRE})


class CategorieTenue(NamedTuple):
    """A category: its first day, its last one (None: no limit), and the opinion that keeps it up after it."""

    code: str
    obtenue_le: date | None
    fin: date | None
    validite: Validite
    avis_le: date | None
    restrictions: tuple[str, ...]


def categories_tenues(
    lues: Iterable[Mapping[str, Any]], visites: Sequence[Visite], levees: Sequence[FinLevee], au: date
) -> list[CategorieTenue]:
    """The categories of a file (``code``, ``date_obtention``, ``date_fin``, ``restrictions``) as they stand on ``au``.

    ``levees``: the ends of a licence that are undone. A category that ended with such a licence did not end.
    """
    effacees = {jour for levee in levees for jour in (levee.fin.jour, levee.fin.jour - UN_JOUR)}
    tenues = []
    for lue in lues:
        debut, fin = jour_lu(lue.get("date_obtention")), jour_lu(lue.get("date_fin"))
        if fin in effacees:
            fin = None
        avis = avis_favorable(fin, visites, au) if fin is not None and fin < au else None
        etat = validite(debut, fin, au, provisoire=avis is not None)
        tenues.append(CategorieTenue(lue["code"], debut, fin, etat, avis, tuple(lue.get("restrictions", ()))))
    return tenues


def validite(obtenue_le: date | None, fin: date | None, au: date, *, provisoire: bool = False) -> Validite:
    """Whether a category may be driven on ``au``; both days are good ones, and an unknown day forbids nothing.

    ``provisoire``: it is kept up once its last day has passed.
    """
    if obtenue_le is not None and au < obtenue_le:
        return Validite.A_VENIR
    if fin is None or au <= fin:
        return Validite.EN_COURS
    return Validite.PROVISOIRE if provisoire else Validite.EXPIREE


@regle(R221_11_III)
def avis_favorable(fin: date, visites: Sequence[Visite], au: date) -> date | None:
    """The day of the medical opinion that keeps a category up after its last day, until the préfet has decided.

    > Lorsque l'avis médical est émis avant l'expiration de la durée de validité des catégories concernées, et tant que
    > le préfet n'a pas statué sur la demande de prorogation […], le permis reste provisoirement valide.

    None when there is none, when the préfet has decided, or when a later visit found the driver unfit.
    """
    inapte = max((v.date_visite for v in visites if v.avis == Avis.INAPTE and v.date_visite <= au), default=date.min)
    return max(
        (
            v.date_visite
            for v in visites
            if v.avis in APTES
            and inapte < v.date_visite <= min(fin, au)
            and (v.date_decision is None or v.date_decision > au)
            and vise_le_renouvellement(v, fin, au)
        ),
        default=None,
    )


def prochaines_fins(categories: Iterable[CategorieTenue], au: date, jusqu_au: date) -> dict[date, list[str]]:
    """The codes of the categories in force that end by ``jusqu_au``, by last day, soonest first."""
    fins: dict[date, list[str]] = {}
    for tenue in sorted(categories, key=lambda c: (c.fin or date.max, c.code)):
        if tenue.validite is Validite.EN_COURS and tenue.fin is not None and au <= tenue.fin <= jusqu_au:
            fins.setdefault(tenue.fin, []).append(tenue.code)
    return fins
