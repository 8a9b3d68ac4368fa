"""Second, independent reading of ``regles-points.md``: the oracle of the tests.

Nothing here comes from ``dossier/``. The only aim is to be obviously right against the text: the
days are walked one by one, and each day each rule is asked whether something falls on it, in the
order of "Order within one day". Everything is derived again, every time, from the list of the facts
and the list of the movements so far. The quotations in the docstrings are from ``regles-points.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.rules.lecture_naive_faits import (
    UN_JOUR,
    Dossier,
    Fait,
    Mouvement,
    fin_du_delai,
    formation_qui_compte,
    ouvrir,
    permis_du_jour,
    plus_ans,
    plus_mois,
)
from tests.rules.lecture_naive_regles import (
    ORDRE_DU_JOUR,
    depuis_le_permis,
    solde_et_plafond,
)

# --------------------------------------------------------------------------------------- walking


def jours_des_faits(dossier: Dossier) -> list[date]:
    return [v for f in dossier.faits for v in f.values() if isinstance(v, date)]


def chaque_jour(dossier: Dossier) -> Iterator[date]:
    """Every day from the first date of any fact to ten years and more after the last one."""
    dates = jours_des_faits(dossier)
    if not dates:
        return
    jour, dernier = min(dates), plus_ans(max(dates), 11)
    while jour <= dernier:
        yield jour
        jour += UN_JOUR


def jours_candidats(dossier: Dossier) -> list[date]:
    """A superset of the days on which a rule can fall: any date of any fact, its morrow, and the
    dates 6, 12, 18, 24, 36 and 120 months after it (there is no other delay in the rules)."""
    candidats: set[date] = set()
    for jour in jours_des_faits(dossier):
        candidats.update(plus_mois(jour, n) for n in (0, 6, 12, 18, 24, 36, 120))
        candidats.add(jour + UN_JOUR)
    return sorted(candidats)


def tous_les_mouvements(dossier: Dossier, tous_les_jours: bool) -> list[Mouvement]:
    mouvements: list[Mouvement] = []
    for jour in chaque_jour(dossier) if tous_les_jours else jours_candidats(dossier):
        for regle in ORDRE_DU_JOUR:
            regle(dossier, jour, mouvements)
    return mouvements


# -------------------------------------------------------------------------------------- the answer


def change_quelque_chose(dossier: Dossier, fait: Fait, mouvements: list[Mouvement]) -> bool:
    """Whether the fact does what it claims to; a type that claims nothing about points does."""
    les_siens = [m for m in mouvements if m["fait"] == fait["id"]]
    if fait["type"] == "infraction":  # a movement of 0 where the cap of its group absorbs it
        return fait["points"] == 0 or bool(les_siens)
    if fait["type"] == "stage":
        return fait["nature"] == "judiciaire" or bool(les_siens)
    if fait["type"] in ("permis_obtenu", "invalidation", "annulation"):
        return bool(les_siens)
    if fait["type"] == "formation_complementaire":
        return any(formation_qui_compte(dossier, p) == fait for p in dossier.permis)
    if fait["type"] == "infraction_annulee":
        return fait["infraction"] in dossier.infractions_connues
    return True


def anomalies(dossier: Dossier, mouvements: list[Mouvement]) -> list[str]:
    """For every fact that the rules above say changes nothing though it claims to.

    A 48SI notified on a positive solde still ends the licence, with an anomaly."""
    sans_effet = {f["id"] for f in dossier.faits if not change_quelque_chose(dossier, f, mouvements)}
    solde_positif = {m["fait"] for m in mouvements if m["nature"] == "invalidation" and m["points"] < 0}
    return sorted(sans_effet | solde_positif)


def etat(dossier: Dossier, au: date, passes: list[Mouvement]) -> str:
    """`sans_permis`, `valide`, `solde_nul` (signed solde ≤ 0, no 48SI notified), `suspendu` (would
    be valide, and a suspension, not a restriction, runs: first day ≤ day ≤ last day, or open,
    whatever the licence), `invalide`, `annule`."""
    if not passes:
        return "sans_permis"
    if passes[-1]["nature"] == "invalidation":
        return "invalide"
    if passes[-1]["nature"] == "annulation":
        return "annule"
    if passes[-1]["solde"] <= 0:
        return "solde_nul"
    for s in dossier.du_type("suspension"):
        if s["nature"] == "restriction":
            continue
        if s["date_debut"] <= au and (s.get("date_fin") is None or au <= s["date_fin"]):
            return "suspendu"
    return "valide"


def permis_tenu(passes: list[Mouvement]) -> bool:
    """Held at the end of the day: some licence began, and the last movement is not its end."""
    return bool(passes) and passes[-1]["nature"] not in ("invalidation", "annulation")


def delai_probatoire(dossier: Dossier, au: date, passes: list[Mouvement]) -> dict[str, str] | None:
    """`delai_probatoire.fin` is the end foreseen that day; null from the end day itself."""
    permis = permis_du_jour(dossier, au)
    if permis is None or not permis_tenu(passes):
        return None
    fin = fin_du_delai(dossier, permis)
    return {"fin": fin.isoformat()} if fin is not None and au < fin else None


def stage_possible(dossier: Dossier, au: date, passes: list[Mouvement], mouvements: list[Mouvement]) -> dict[str, Any]:
    """Eligible: a licence held, no 48SI notified, at least one retrait in effect, solde < plafond.
    `premier_jour`: the later of `au` + 1 day and the last credited course's last day + 1 year + 1
    day; null when not eligible."""
    solde, plafond = solde_et_plafond(passes)
    eligible = (
        permis_tenu(passes)
        and any(m["nature"] == "retrait" and m["points"] for m in depuis_le_permis(passes))
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


def en_texte(mouvement: Mouvement) -> Mouvement:
    return {**mouvement, "date": mouvement["date"].isoformat()}


def lire(
    ligne: dict[str, Any],
    au: date,
    connu_le: date | None = None,
    *,
    tous_les_jours: bool = True,
) -> dict[str, Any]:
    """The replay of one feed line, without `explication`; `anomalies` is the sorted
    list of the fact ids. `tous_les_jours=False` walks the candidate days only (same answer)."""
    dossier = ouvrir(ligne, au, au if connu_le is None else connu_le)
    mouvements = tous_les_mouvements(dossier, tous_les_jours)
    passes = [m for m in mouvements if m["date"] <= au]
    # "The movements that follow the day if nothing else happens, from the facts known that day."
    suivants = [m for m in mouvements if m["date"] > au]
    solde: int | None
    plafond: int | None
    solde, plafond = solde_et_plafond(passes) if passes else (None, None)
    return {
        "neph": ligne["neph"],
        "au": au.isoformat(),
        "points": None if solde is None else max(0, solde),
        "solde": solde,
        "plafond": plafond,
        "etat": etat(dossier, au, passes),
        "delai_probatoire": delai_probatoire(dossier, au, passes),
        "mouvements": [en_texte(m) for m in passes],
        "prevision": [en_texte(m) for m in suivants],
        "stage": stage_possible(dossier, au, passes, mouvements),
        "anomalies": anomalies(dossier, mouvements),
    }
