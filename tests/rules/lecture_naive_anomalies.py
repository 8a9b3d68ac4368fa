"""The naive reading, last part: the anomalies, fact by fact.

Nothing here comes from ``dossier/``: see ``lecture_naive.py``. The quotations in the docstrings are from
``regles-points.md``.
"""

from __future__ import annotations

from datetime import date
from itertools import combinations

from tests.rules.lecture_naive_dossier import Dossier, b_accompagnes, formation_qui_compte
from tests.rules.lecture_naive_faits import (
    B_A_DIX_SEPT_ANS,
    Fait,
    Mouvement,
    du_type,
    plus_ans,
)
from tests.rules.lecture_naive_levees import levee_permise
from tests.rules.lecture_naive_regles import dure_deux_jours


def change_quelque_chose(dossier: Dossier, fait: Fait, mouvements: list[Mouvement]) -> bool:
    """Whether the fact does what it claims to; a type that claims nothing about points does."""
    les_siens = [m for m in mouvements if m["fait"] == fait["id"]]
    match fait["type"]:
        case "infraction":  # a movement of 0 where the cap of its group absorbs it
            return fait["points"] == 0 or bool(les_siens)
        case "stage":
            return fait["nature"] == "judiciaire" or bool(les_siens)
        case "permis_obtenu":  # B by AAC stays an anomaly-free further category
            return bool(les_siens) or any(fait in b_accompagnes(dossier, c) for c in dossier.capitaux)
        case "invalidation" | "annulation" | "echange" | "interdiction_circuler" | "permis_etranger":
            return bool(les_siens)
        case "formation_complementaire":
            return any(formation_qui_compte(dossier, c) == fait for c in dossier.capitaux)
    return defait_quelque_chose(dossier, fait)


def defait_quelque_chose(dossier: Dossier, fait: Fait) -> bool:
    if fait["type"] == "infraction_annulee":
        return any(f["id"] == fait["infraction"] for f in du_type(dossier.connus, "infraction"))
    if fait["type"] == "levee":
        return levee_fait_quelque_chose(dossier, fait)
    return fait["type"] != "retablissement" or retablit_quelque_chose(dossier, fait)


def retablit_quelque_chose(dossier: Dossier, retablissement: Fait) -> bool:
    """`fait`: id of a `levee` whose `portee` is `provisoire` (and allowed)."""
    return any(
        f["id"] == retablissement["fait"] and f["portee"] == "provisoire" and levee_permise(f, dossier.connus)
        for f in du_type(dossier.connus, "levee")
    )


def levee_fait_quelque_chose(dossier: Dossier, levee: Fait) -> bool:
    """A `levee` of an unknown or other fact is taken, with an anomaly; a levée of [an end that stays
    with a fallen licence] does nothing (anomaly); a `permis_conserve` that names no such licence is
    ignored (anomaly)."""
    return (
        levee_permise(levee, dossier.connus)
        and levee["fait"] not in dossier.deux.restes
        and levee["id"] not in dossier.deux.ignores
    )


def infractions_douteuses(dossier: Dossier) -> set[str]:
    """The offences of the later days [of one `groupe`] get an anomaly.

    Two `infraction` of one dossier with the same `date_commission` and the same `natinf` (or,
    without it, the same `libelle`) and `lieu`, different ids and no common `groupe`: both count, as
    the file says, and the second (by id) gets an anomaly."""
    resultat: set[str] = set()
    infractions = sorted(du_type(dossier.faits, "infraction"), key=lambda i: str(i["id"]))
    for une, autre in combinations(infractions, 2):
        if une.get("groupe") and une["groupe"] == autre.get("groupe"):
            if une["date_commission"] != autre["date_commission"]:
                tardive = max(une, autre, key=lambda i: i["date_commission"])
                resultat.add(tardive["id"])
        elif une["date_commission"] == autre["date_commission"] and meme_infraction(une, autre):
            resultat.add(autre["id"])
    return resultat


def meme_infraction(une: Fait, autre: Fait) -> bool:
    """The same `natinf` (or, without it, the same `libelle`) and `lieu`: told, and the same."""
    cle = "natinf" if une.get("natinf") and autre.get("natinf") else "libelle"
    return all(une.get(c) and une.get(c) == autre.get(c) for c in (cle, "lieu"))


def naissance(dossier: Dossier) -> date:
    """`date_naissance` may hold `00` for an unknown day or month: then the earliest."""
    annee, mois, jour = (int(n) for n in dossier.ligne["etat_civil"]["date_naissance"].split("-"))
    return date(annee, mois or 1, jour or 1)


def age_minimal(permis: Fait) -> int:
    """The age at which any category may be held (14 for AM, 16 for A1, 17 for B since 2024, 18
    before)."""
    categorie = permis.get("categorie") or "B"
    if categorie == "B":
        return 17 if permis["date_obtention"] >= B_A_DIX_SEPT_ANS else 18
    return 16 if categorie == "A1" else 14


def ne_peut_pas_etre(dossier: Dossier, fait: Fait) -> bool:
    """A `stage` fact that does not last two consecutive days, a licence obtained before birth or
    before the age at which any category may be held, an end before its beginning."""
    if fait["type"] == "stage":
        return not dure_deux_jours(fait)
    if fait["type"] == "permis_obtenu":
        return bool(fait["date_obtention"] < plus_ans(naissance(dossier), age_minimal(fait)))
    if fait["type"] == "suspension":
        brut = next(f for f in dossier.existants if f["id"] == fait["id"])  # as told, before any mainlevée
        return brut.get("date_fin") is not None and bool(brut["date_fin"] < brut["date_debut"])
    return False


def adresse_douteuse(dossier: Dossier, invalidation: Fait) -> bool:
    """An `invalidation` whose 48SI letter (same `fait`, else the last 48SI before it) came back
    `npai`, or was presented at an address that was no longer the dossier's that day."""
    lettres = [f for f in du_type(dossier.connus, "lettre") if f["reference"] == "48SI"]
    siennes = [f for f in lettres if f.get("fait") == invalidation["id"]]
    siennes = siennes or [f for f in lettres if jour_de_lettre(f) <= invalidation["date_notification"]]
    if not siennes:
        return False
    lettre = max(siennes, key=lambda f: (jour_de_lettre(f), str(f["id"])))
    if lettre.get("issue") == "npai":
        return True
    actuelle, employee = dossier.ligne["etat_civil"].get("adresse"), lettre.get("adresse")
    presentee = lettre.get("date_presentation") is not None
    return presentee and bool(actuelle) and bool(employee) and actuelle != employee


def jour_de_lettre(lettre: Fait) -> date:
    jours = (lettre.get(cle) for cle in ("date_envoi", "date_presentation", "date_avis", "date_notification"))
    return next((j for j in jours if j is not None), date.min)


def anomalies(dossier: Dossier, mouvements: list[Mouvement]) -> list[str]:
    """For every fact that the rules above say changes nothing though it claims to.

    A 48SI notified on a positive solde still ends the licence, with an anomaly."""
    resultat = dossier.ecartes | infractions_douteuses(dossier)
    for fait in dossier.faits:
        if not change_quelque_chose(dossier, fait, mouvements) or ne_peut_pas_etre(dossier, fait):
            resultat.add(fait["id"])
        if fait["type"] == "invalidation" and adresse_douteuse(dossier, fait):
            resultat.add(fait["id"])
    resultat |= {m["fait"] for m in mouvements if m["nature"] == "invalidation" and m["points"] < 0}
    return sorted(resultat)
