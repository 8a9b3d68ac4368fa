"""The naive reading, sixth part: what is said of one day, beside the points.

Nothing here comes from ``dossier/``: see ``lecture_naive.py``. The quotations in the docstrings are from
``regles-points.md``.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.rules.lecture_naive_capitaux import Capital
from tests.rules.lecture_naive_dossier import Dossier
from tests.rules.lecture_naive_faits import (
    DEBUT_DES_AVIS_MEDICAUX,
    FINS_DU_PERMIS,
    UN_JOUR,
    Fait,
    Mouvement,
    jour_propre,
    par_jour_et_id,
    plus_ans,
    plus_mois,
)
from tests.rules.lecture_naive_regles import FINS, depuis_le_capital, solde_et_plafond

# ------------------------------------------------------------------------------- suspension


def se_maintient(suspension: Fait) -> bool:
    """After its `date_fin` a suspension (not a restriction) goes on, until the medical decision,
    when `controle_medical` is `requis`, or when it is absent, `motif` is `infraction` and the
    measure lasted longer than one month (its last day included: `date_fin` ≥ `date_debut` + 1
    month). It does not when `controle_medical` is `non_requis`, when the measure was lifted, or
    when `date_fin` is before 2026-01-01."""
    fin = suspension["date_fin"]
    if fin < DEBUT_DES_AVIS_MEDICAUX or suspension.get("levee"):
        return False
    controle = suspension.get("controle_medical")
    if controle is not None:
        return bool(controle == "requis")
    infraction = (suspension.get("motif") or "infraction") == "infraction"
    return infraction and bool(fin >= plus_mois(suspension["date_debut"], 1))


def est_rendu_apte(dossier: Dossier, suspension: Fait, jour: date) -> bool:
    """It ends on the first day on which a `visite_medicale` with `avis` `apte` or
    `apte_avec_restrictions` exists (its day is `date_decision`, else `date_visite`; `date_visite` ≥
    `date_debut`) with no `inapte` whose `date_visite` is later than that day and ≤ the day asked.
    An `inapte` counts from `date_visite`; the day on which the apt decision exists is no longer
    suspended."""
    visites = dossier.du_type("visite_medicale")
    inaptes = [v["date_visite"] for v in visites if v["avis"] == "inapte"]
    for visite in visites:
        decidee = jour_propre(visite)
        assert decidee is not None
        if visite["avis"] == "inapte" or visite["date_visite"] < suspension["date_debut"] or decidee > jour:
            continue
        if not any(decidee < inapte <= jour for inapte in inaptes):
            return True
    return False


def suspension_du_jour(dossier: Dossier, au: date) -> dict[str, Any] | None:
    """The replay says `suspension: {"depuis", "fin", "maintenue"}` (the first that runs by
    `date_debut`, then id; null when none); not a restriction. A kept-up suspension's `fin` stays
    its `date_fin`. After a death: as on that day."""
    jour = au if dossier.mort is None else dossier.mort["date_deces"]
    for suspension in par_jour_et_id(dossier.du_type("suspension")):
        if suspension["nature"] == "restriction" or suspension["date_debut"] > jour:
            continue
        fin = suspension.get("date_fin")
        maintenue = fin is not None and jour > fin
        if maintenue and not (se_maintient(suspension) and not est_rendu_apte(dossier, suspension, jour)):
            continue
        return {
            "depuis": suspension["date_debut"].isoformat(),
            "fin": None if fin is None else fin.isoformat(),
            "maintenue": maintenue,
        }
    return None


# ------------------------------------------------------------------------------------- états


def etat(dossier: Dossier, au: date, passes: list[Mouvement]) -> str:
    """In this order: `decede`; `sans_permis` (no capital was ever open, or the last one ended by
    `fin_permis_etranger`, or by an interdiction of more than a year ago with no capital since);
    `interdit`, `invalide`, `annule`, `echange` (by what ended the last one); `solde_nul` (signed
    solde ≤ 0); `suspendu`; `valide`."""
    if dossier.mort is not None:
        return "decede"
    if not passes or passes[-1]["nature"] == "fin_permis_etranger":
        return "sans_permis"
    dernier = passes[-1]
    if dernier["nature"] == "interdiction":  # [notified, notified + 1 year)
        return "interdit" if au < plus_ans(dernier["date"], 1) else "sans_permis"
    if dernier["nature"] in FINS_DU_PERMIS:
        return {"invalidation": "invalide", "annulation": "annule", "echange": "echange"}[dernier["nature"]]
    if dernier["solde"] <= 0:
        return "solde_nul"
    return "valide" if suspension_du_jour(dossier, au) is None else "suspendu"


def capital_ouvert(dossier: Dossier, au: date, passes: list[Mouvement]) -> Capital | None:
    """Open at the end of the day: some capital began, and the last movement is not its end."""
    if dossier.mort is not None or not passes or passes[-1]["nature"] in FINS:
        return None
    return [c for c in dossier.capitaux if c.debut <= au][-1]


def regime(dossier: Dossier, au: date, passes: list[Mouvement]) -> str | None:
    """`francais`, `etranger`, or null when no capital is open; `regime` null after a death. After a
    takeover the regime is French."""
    capital = capital_ouvert(dossier, au, passes)
    if capital is None:
        return None
    return "etranger" if capital.permis is None else "francais"


def provisoire(dossier: Dossier) -> bool:
    """While no `retablissement` of it exists, the replay says `provisoire: true`. True only when
    none in force on that target is retroactive; not where the levées of that measure change nothing."""
    sans_effet = set(dossier.deux.gardees) | dossier.deux.restes
    return any(
        cible not in sans_effet and all(levee["portee"] == "provisoire" for levee in levees)
        for cible, levees in dossier.vigueur.items()
    )


def delai_probatoire(dossier: Dossier, au: date, passes: list[Mouvement]) -> dict[str, str] | None:
    """`delai_probatoire.fin` is the end foreseen that day; null from the end day itself."""
    capital = capital_ouvert(dossier, au, passes)
    if capital is None or capital.delai is None or not capital.delai.debut <= au < capital.delai.fin:
        return None
    return {"fin": capital.delai.fin.isoformat()}


def stage_possible(dossier: Dossier, au: date, passes: list[Mouvement], mouvements: list[Mouvement]) -> dict[str, Any]:
    """Eligible: a licence held, no 48SI notified, at least one retrait in effect, solde < plafond.
    `premier_jour`: the later of `au` + 1 day and the last credited course's last day + 1 year + 1
    day; null when not eligible. Of a foreign capital, courses are as for a licence."""
    solde, plafond = solde_et_plafond(passes)
    eligible = (
        capital_ouvert(dossier, au, passes) is not None
        and any(m["nature"] == "retrait" and m["points"] for m in depuis_le_capital(passes))
        and solde < plafond
    )
    if not eligible:
        return {"eligible": False, "premier_jour": None}
    premier_jour = au + UN_JOUR
    credites = {m["fait"] for m in mouvements if m["nature"] == "recuperation_stage"}
    for stage in dossier.du_type("stage"):
        if stage["id"] in credites:
            premier_jour = max(premier_jour, plus_ans(stage["date_fin"], 1) + UN_JOUR)
    return {"eligible": True, "premier_jour": premier_jour.isoformat()}
