"""The naive reading, first part: the dates, the facts, and what follows from the facts alone.

Nothing here comes from ``dossier/``: see ``lecture_naive.py``. The quotations in the docstrings are from
``regles-points.md``.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
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

JOUR_PROPRE = {
    "permis_obtenu": "date_obtention",
    "formation_complementaire": "date_fin",
    "infraction": "date_definitive",
    "infraction_annulee": "date_decision",
    "stage": "date_fin",
    "suspension": "date_debut",
    "invalidation": "date_notification",
    "annulation": "date_effet",
}


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


@dataclass(frozen=True)
class Permis:
    """One licence: held from `debut`; `fin` is the day it ends (still held that day until step 4
    of the day), or None."""

    fait: Fait
    debut: date
    fin: date | None
    premier: bool


@dataclass
class Dossier:
    """The facts that exist for (au, connu_le), by type, and what follows from them alone."""

    faits: list[Fait]
    infractions_connues: set[str]
    infractions: list[Fait]
    permis: list[Permis]
    retraits: dict[str, int | None]
    """Points really withdrawn, by infraction id; None: no movement at all."""

    def du_type(self, type_: str) -> list[Fait]:
        return [f for f in self.faits if f["type"] == type_]


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


def existe(fait: Fait, au: date, connu_le: date) -> bool:
    """A fact exists when its own day is ≤ `au` (...) and its `enregistre_le`, if any, is ≤
    `connu_le`; movements and prévision see no other fact."""
    if fait["type"] not in JOUR_PROPRE:
        return False
    jour = fait[JOUR_PROPRE[fait["type"]]]
    return jour is not None and jour <= au and est_connu(fait, connu_le)


def ouvrir(ligne: dict[str, Any], au: date, connu_le: date) -> Dossier:
    tous = [avec_dates(f) for f in ligne["faits"]]
    faits = [f for f in tous if existe(f, au, connu_le)]
    connues = {f["id"] for f in tous if f["type"] == "infraction" and est_connu(f, connu_le)}
    # "Annulled infraction: replay as if it had never been, from the day the annulment is known."
    annulees = {f["infraction"] for f in faits if f["type"] == "infraction_annulee"}
    faits = [f for f in faits if not (f["type"] == "infraction" and f["id"] in annulees)]
    infractions = [f for f in faits if f["type"] == "infraction"]
    infractions.sort(key=lambda i: (i["date_definitive"], i["id"]))
    dossier = Dossier(faits, connues, infractions, les_permis(faits), {})
    dossier.retraits = {i["id"]: points_retires(dossier, i) for i in infractions}
    return dossier


def les_permis(faits: list[Fait]) -> list[Permis]:
    """`permis_obtenu` while a licence is held is a further category. Only the fact `invalidation`
    ends a licence (or an `annulation`): the end comes last in its day, "48SI before annulation; the
    first ends it, the second changes nothing"."""
    rang = {"permis_obtenu": 0, "invalidation": 1, "annulation": 2}
    evenements = sorted((f[JOUR_PROPRE[f["type"]]], rang[f["type"]], f["id"], f) for f in faits if f["type"] in rang)
    resultat: list[Permis] = []
    tenu: Fait | None = None
    for jour, _, _, fait in evenements:
        if fait["type"] == "permis_obtenu" and tenu is None:
            tenu = fait
            resultat.append(Permis(fait, jour, None, premier=not resultat))
        elif fait["type"] != "permis_obtenu" and tenu is not None:
            tenu = None
            dernier = resultat.pop()
            resultat.append(Permis(dernier.fait, dernier.debut, jour, dernier.premier))
    return resultat


def permis_du_jour(dossier: Dossier, jour: date) -> Permis | None:
    """The licence held on that day, before the step 4 of the day (and after its step 0)."""
    for permis in dossier.permis:
        if permis.debut <= jour and (permis.fin is None or jour <= permis.fin):
            return permis
    return None


# ---------------------------------------------------------------- what an infraction withdraws


def compte_pour_le_permis(dossier: Dossier, infraction: Fait) -> bool:
    """An infraction committed while there is no licence, or before the present one was obtained,
    or final when there is none, withdraws nothing (anomaly, no movement)."""
    permis = permis_du_jour(dossier, infraction["date_definitive"])
    return permis is not None and infraction["date_commission"] >= permis.debut


def points_retires(dossier: Dossier, infraction: Fait) -> int | None:
    """Simultaneous infractions (`groupe`): together at most max(8, the dearest of them), in order
    of `date_definitive`, then id; the dearest among all that are known of the group."""
    if infraction["points"] == 0 or not compte_pour_le_permis(dossier, infraction):
        return None
    if not infraction.get("groupe"):
        return int(infraction["points"])
    groupe = [
        i
        for i in dossier.infractions  # sorted by date_definitive, then id
        if i.get("groupe") == infraction["groupe"] and i["points"] > 0 and compte_pour_le_permis(dossier, i)
    ]
    reste = max(8, max(i["points"] for i in groupe))
    for membre in groupe:
        pris = min(membre["points"], reste)
        reste -= pris
        if membre["id"] == infraction["id"]:
            return int(pris)
    raise AssertionError("an infraction is in its own group")


def infractions_a_points(dossier: Dossier) -> list[Fait]:
    """Only an infraction that really withdrew points exists for the rules."""
    return [i for i in dossier.infractions if dossier.retraits[i["id"]]]


def commise_depuis(dossier: Dossier, debut: date, fin: date) -> bool:
    """A points infraction committed in [debut, fin)."""
    return any(debut <= i["date_commission"] < fin for i in infractions_a_points(dossier))


def commise_entre(dossier: Dossier, debut: date, fin: date, sauf: Fait | None = None) -> bool:
    """A points infraction (another than `sauf`) committed strictly between the two days."""
    return any(
        debut < i["date_commission"] < fin
        for i in infractions_a_points(dossier)
        if sauf is None or i["id"] != sauf["id"]
    )


# ------------------------------------------------------------------------------ délai probatoire


def est_aac(permis: Permis) -> bool:
    """A new licence after invalidation or annulation (...) never AAC."""
    return permis.premier and permis.fait["filiere"] == "aac"


def fin_raccourcie(permis: Permis) -> date:
    """*Formation complémentaire*: 24 months, AAC 18."""
    return plus_mois(permis.debut, 18 if est_aac(permis) else 24)


def formation_qui_compte(dossier: Dossier, permis: Permis) -> Fait | None:
    """*Formation complémentaire* (first licence only, obtained from 2007-12-31; followed between
    month 6 and month 12 inclusive); lost, as if never followed, if a points infraction is
    committed, or a suspension or restriction falls, in [obtained, shortened end) (its
    `date_infraction` where given, else its first day)."""
    if not permis.premier or permis.debut < DEBUT_DES_MAJORATIONS:
        return None
    suivies = [
        f
        for f in dossier.du_type("formation_complementaire")
        if plus_mois(permis.debut, 6) <= f["date_fin"] <= plus_mois(permis.debut, 12)
        and permis_du_jour(dossier, f["date_fin"]) == permis
    ]
    if not suivies or commise_depuis(dossier, permis.debut, fin_raccourcie(permis)):
        return None
    for suspension in dossier.du_type("suspension"):
        jour = suspension.get("date_infraction") or suspension["date_debut"]
        if permis.debut <= jour < fin_raccourcie(permis):
            return None
    return min(suivies, key=lambda f: (f["date_fin"], f["id"]))


def fin_du_delai(dossier: Dossier, permis: Permis) -> date | None:
    """36 months; AAC 24 (supervised or "encadrée" driving: 36). Before 2004-03-01: none."""
    if permis.debut < DEBUT_DU_DELAI_PROBATOIRE:
        return None
    if formation_qui_compte(dossier, permis) is not None:
        return fin_raccourcie(permis)
    return plus_mois(permis.debut, 24 if est_aac(permis) else 36)
