"""The naive reading, first part: the dates, and the facts that exist.

Nothing here comes from ``dossier/``: see ``lecture_naive.py``. The quotations in the docstrings are from
``regles-points.md``.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import cache
from typing import Any

Fait = dict[str, Any]
Mouvement = dict[str, Any]

UN_JOUR = timedelta(days=1)
DEBUT_DU_DELAI_PROBATOIRE = date(2004, 3, 1)
DEBUT_DES_MAJORATIONS = date(2007, 12, 31)
LOI_2007 = date(2007, 1, 1)
LOI_2011 = date(2011, 1, 1)
DEBUT_DES_FORMATIONS = date(2019, 1, 1)
B_A_DIX_SEPT_ANS = date(2024, 1, 1)
DEBUT_DES_AVIS_MEDICAUX = date(2026, 1, 1)

JOUR_PROPRE = {
    "permis_obtenu": "date_obtention",
    "formation_complementaire": "date_fin",
    "infraction": "date_definitive",
    "infraction_annulee": "date_decision",
    "stage": "date_fin",
    "suspension": "date_debut",
    "invalidation": "date_notification",
    "annulation": "date_effet",
    "echange": "date_echange",
    "deces": "date_deces",
    "permis_etranger": "date_debut",
    "interdiction_circuler": "date_notification",
    "levee": "date_effet",
    "retablissement": "date_effet",
}

FINS_DU_PERMIS = ("invalidation", "annulation", "echange")
"""In the order of one day: "after 48SI and annulation comes `echange`"."""


# ---------------------------------------------------------------------------------------- dates


@cache
def plus_mois(jour: date, mois: int) -> date:
    """`d` + n months or years keeps the day of the month, or takes the month's last day where it
    lacks one; always added once from the origin, never step by step."""
    annee, rang = divmod(jour.year * 12 + (jour.month - 1) + mois, 12)
    dernier = calendar.monthrange(annee, rang + 1)[1]
    return date(annee, rang + 1, min(jour.day, dernier))


def plus_ans(jour: date, ans: int) -> date:
    return plus_mois(jour, 12 * ans)


# ---------------------------------------------------------------------------------------- facts


def avec_dates(fait: Fait) -> Fait:
    return {
        cle: date.fromisoformat(valeur)
        if isinstance(valeur, str) and (cle.startswith("date_") or cle == "enregistre_le")
        else valeur
        for cle, valeur in fait.items()
    }


def est_connu(fait: Fait, connu_le: date) -> bool:
    """... and its `enregistre_le`, if any, is ≤ `connu_le`."""
    return fait.get("enregistre_le") is None or fait["enregistre_le"] <= connu_le


def jour_propre(fait: Fait) -> date | None:
    """The day from which the fact exists; None when it has none (or not yet).

    A `visite_medicale`: its day is `date_decision`, else `date_visite`; an `inapte` counts from
    `date_visite`."""
    jour: date | None
    if fait["type"] == "visite_medicale":
        decidee = None if fait["avis"] == "inapte" else fait.get("date_decision")
        jour = decidee or fait["date_visite"]
        return jour
    jour = fait[JOUR_PROPRE[fait["type"]]] if fait["type"] in JOUR_PROPRE else None
    return jour


def existe(fait: Fait, au: date) -> bool:
    """A fact exists when its own day is ≤ `au` (...); movements and prévision see no other fact."""
    jour = jour_propre(fait)
    return jour is not None and jour <= au


def par_jour_et_id(faits: list[Fait]) -> list[Fait]:
    return sorted(faits, key=lambda f: (jour_propre(f), str(f["id"])))


def du_type(faits: list[Fait], *types: str) -> list[Fait]:
    return [f for f in faits if f["type"] in types]


def sans(faits: list[Fait], ids: set[str]) -> list[Fait]:
    return [f for f in faits if f["id"] not in ids]
