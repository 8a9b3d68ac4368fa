"""The naive reading, third part: what was decided is undone.

Nothing here comes from ``dossier/``: see ``lecture_naive.py``. The quotations in the docstrings are from
``regles-points.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tests.rules.lecture_naive_capitaux import les_capitaux, permis_tenu
from tests.rules.lecture_naive_faits import (
    FINS_DU_PERMIS,
    JOUR_PROPRE,
    UN_JOUR,
    Fait,
    du_type,
    par_jour_et_id,
    sans,
)

CIBLES = {
    "retroactive": (*FINS_DU_PERMIS, "suspension", "deces", "interdiction_circuler"),
    "provisoire": ("invalidation", "annulation", "interdiction_circuler"),
    "a_compter": ("suspension",),
}


def levee_permise(levee: Fait, connus: list[Fait]) -> bool:
    """`provisoire` (référé): allowed on `invalidation`, `annulation`, `interdiction_circuler`;
    `a_compter` (mainlevée): on `suspension` only. A `levee` of an unknown or other fact is taken,
    with an anomaly."""
    return any(f["id"] == levee["fait"] and f["type"] in CIBLES[levee["portee"]] for f in connus)


def est_retablie(levee: Fait, faits: list[Fait]) -> bool:
    return levee["portee"] == "provisoire" and any(r["fait"] == levee["id"] for r in du_type(faits, "retablissement"))


def en_vigueur(faits: list[Fait], connus: list[Fait]) -> dict[str, list[Fait]]:
    """By target: those « in force » are the retroactive ones and the provisional ones without
    rétablissement."""
    resultat: dict[str, list[Fait]] = {}
    for levee in du_type(faits, "levee"):
        if levee["portee"] != "a_compter" and levee_permise(levee, connus) and not est_retablie(levee, faits):
            resultat.setdefault(levee["fait"], []).append(levee)
    return resultat


def fin_de_l_intervalle(levees: list[Fait]) -> date:
    """Their interval ends on the earliest `date_effet` among them."""
    fin: date = min(levee["date_effet"] for levee in levees)
    return fin


def suspension_levee(suspension: Fait, faits: list[Fait]) -> Fait:
    """`a_compter` (mainlevée): the suspension's last day becomes the day before `date_effet`, if
    that is earlier or if it was open; it is not kept up afterwards."""
    derniers = [
        levee["date_effet"] - UN_JOUR
        for levee in du_type(faits, "levee")
        if levee["fait"] == suspension["id"] and levee["portee"] == "a_compter"
    ]
    if not derniers:
        return suspension
    fin = suspension.get("date_fin")
    return {**suspension, "date_fin": min([*derniers, *([] if fin is None else [fin])]), "levee": True}


# ------------------------------------------------------------------------------ two licences


Mesures = dict[str, tuple[date, date]]
"""The ends undone: [the measure's day, the levée's `date_effet`)."""


@dataclass
class DeuxPermis:
    """What the undoing of the ends of licences leaves."""

    defaites: set[str] = field(default_factory=set)
    """The ends that are as if they had never been."""
    gardees: set[str] = field(default_factory=set)
    """The ends that stand, for the driver has chosen the later licence."""
    tombes: dict[str, tuple[date, date]] = field(default_factory=dict)
    """The licences that fall, and the interval of what stays with each: [obtained, `date_effet`)."""
    restes: set[str] = field(default_factory=set)
    """The ends that stay with a fallen licence: as if they had never been, their levées do nothing."""
    ignores: set[str] = field(default_factory=set)
    """The levées whose `permis_conserve` names no such licence."""


def autre_permis_tenu(permis: Fait, restants: list[Fait], au: date) -> bool:
    """Another French licence is held on the day it was obtained."""
    rang = (permis["date_obtention"], str(permis["id"]))
    avant = [
        f for f in restants if f["type"] != "permis_obtenu" or (f["date_obtention"], str(f["id"])) < rang
    ]  # held when it was obtained: not by one obtained later
    return permis_tenu(les_capitaux(avant, au), permis["date_obtention"])


def mesures_qui_font_tomber(
    permis: Fait, faits: list[Fait], defaites: Mesures, levees: set[str], au: date
) -> list[str]:
    """... was obtained in [the measure's day, the levée's `date_effet`); and see below, in the world
    where this measure alone of all those undone stands."""
    return [
        m
        for m, (debut, fin) in defaites.items()
        if debut <= permis["date_obtention"] < fin and serait_un_autre_permis(permis, m, sans(faits, levees - {m}), au)
    ]


def serait_un_autre_permis(permis: Fait, mesure: str, monde: list[Fait], au: date) -> bool:
    """« Another `permis_obtenu` (not the one it ended) », « that later licence »: did the measure
    stand, it would have ended one, and this would be another, not a further category of one."""
    capitaux = les_capitaux(monde, au)
    finis = [c for c in capitaux if c.permis and c.fait_de_fin and c.fait_de_fin["id"] == mesure]
    obtenus = [c for c in capitaux if c.permis and c.permis["id"] == permis["id"]]
    return bool(finis) and bool(obtenus) and obtenus[0] is not finis[0]


def derouler(faits: list[Fait], mesures: Mesures, gardees: set[str], au: date) -> DeuxPermis:
    """When an `invalidation`, `annulation` or `echange` is undone and another `permis_obtenu` was
    obtained in [the measure's day, the levée's `date_effet`), that later licence falls if, the
    measure undone, another French licence is held on the day it was obtained: it is then no
    licence, and what was decided (an end that names it, or that names none) in [its
    `date_obtention`, `date_effet`) stays with it.

    The licences fall one by one, the earliest first: whether one falls depends only on what came
    before it."""
    deux = DeuxPermis(gardees=set(gardees))
    while True:
        levees = set(mesures) - gardees
        deux.defaites = levees - deux.restes
        restants = sans(faits, deux.defaites | deux.restes | set(deux.tombes))
        for permis in par_jour_et_id(du_type(restants, "permis_obtenu")):
            defaites = {m: mesures[m] for m in deux.defaites}
            causes = mesures_qui_font_tomber(permis, faits, defaites, levees, au)
            if causes and autre_permis_tenu(permis, restants, au):
                break
        else:
            return deux
        debut, fin = permis["date_obtention"], max(mesures[m][1] for m in causes)
        deux.tombes[permis["id"]] = (debut, fin)
        for fait in du_type(faits, *FINS_DU_PERMIS):
            jour = fait[JOUR_PROPRE[fait["type"]]]
            if fait["id"] not in causes and debut <= jour < fin and fait.get("permis") in (None, permis["id"]):
                deux.restes.add(fait["id"])


def deux_permis(faits: list[Fait], vigueur: dict[str, list[Fait]], au: date) -> DeuxPermis:
    """If a levée in force on the measure names such a later licence in `permis_conserve`, the
    driver has chosen it: none of the levées of that measure changes anything. A `permis_conserve`
    that names no such licence is ignored (anomaly).

    The measures are asked one by one, the earliest first, the later ones being undone."""
    mesures = {
        fait["id"]: (fait[JOUR_PROPRE[nature]], fin_de_l_intervalle(vigueur[fait["id"]]))
        for nature in FINS_DU_PERMIS
        for fait in par_jour_et_id(du_type(faits, nature))
        if fait["id"] in vigueur
    }
    gardees: dict[str, set[str]] = {}
    for mesure in sorted(mesures, key=lambda m: mesures[m][0]):  # stable: the order of one day is kept
        debut, fin = mesures[mesure]
        essai = derouler(faits, mesures, set(gardees), au)
        possibles = {p for p, (obtenu, _) in essai.tombes.items() if debut <= obtenu < fin}
        conserves = {levee.get("permis_conserve") for levee in vigueur[mesure]}
        if conserves & possibles:
            gardees[mesure] = possibles
    deux = derouler(faits, mesures, set(gardees), au)
    deux.ignores = {
        levee["id"]
        for cible, levees in vigueur.items()
        for levee in levees
        if levee.get("permis_conserve") not in (None, *gardees.get(cible, ()))
    }
    return deux
