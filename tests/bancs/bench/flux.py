"""The engine alone, the replay, and the import against the replay of the same file."""

import gc
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.timezone import localdate

from dossier import feed
from dossier.rules.faits import Parcours
from dossier.rules.solde import rejouer
from tests.bancs.bench.base import commande

HISTOIRES = 10_000
TOURS = 5


def mesurer(chemin: Path, combien: int, environnement: dict[str, str]) -> Iterator[dict[str, Any]]:
    commande(["seed_demo", "--count", str(combien), "--seed", "20260101"], environnement, sortie=chemin)
    yield _moteur(chemin)
    with Path("/dev/null").open("rb") as rien:
        vide = commande(["replay"], environnement, entree=rien, sortie=chemin.with_suffix(".vide"))
    with chemin.open("rb") as entree:
        rejeu = commande(["replay"], environnement, entree=entree, sortie=chemin.with_suffix(".rejeu"))
    debit = combien / (rejeu.processeur - vide.processeur)
    yield {
        "mesure": "replay, lignes par seconde et par cœur",
        "valeur": debit,
        "unite": "lignes/s",
        "plancher": "démarrage de la commande sur un flux vide, retiré",
        "demarrage_s": round(vide.processeur, 2),
        "exige": ">= 4000",
        "tenu": debit >= 4000,
    }
    charge = commande(["import_dossiers", str(chemin)], environnement)
    assert f"acceptés: {combien}" in charge.sortie
    rapport = charge.secondes / rejeu.secondes
    yield {
        "mesure": f"import de {combien} dossiers",
        "valeur": charge.secondes,
        "unite": "s",
        "plancher": round(rejeu.secondes, 2),
        "plancher_de": "replay du même fichier",
        "rapport": round(rapport, 2),
        "exige": "<= 3",
        "tenu": rapport <= 3,
    }
    yield _memoire(charge.memoire_mo, "import, mémoire au plus haut")
    second = commande(["import_dossiers", str(chemin)], environnement)
    assert f"inchangés: {combien}" in second.sortie
    yield {
        "mesure": "import du même fichier une seconde fois",
        "valeur": second.secondes,
        "unite": "s",
        "plancher": round(rejeu.secondes, 2),
        "plancher_de": "replay du même fichier",
        "rapport": round(second.secondes / rejeu.secondes, 2),
    }


def _memoire(mo: float, mesure: str) -> dict[str, Any]:
    return {"mesure": mesure, "valeur": mo, "unite": "Mo", "exige": "<= 300", "tenu": mo <= 300}


def _moteur(chemin: Path) -> dict[str, Any]:
    """Histories a second, explanations left lazy; the floor is the walk that does nothing but read the facts."""
    parcours: list[Parcours] = []
    with chemin.open("rb") as flux:
        for _, brut in feed.lignes(flux):
            parcours.append(feed.lire_ligne(brut).parcours)
            if len(parcours) == HISTOIRES:
                break
    au = localdate()
    gc.collect()
    gc.freeze()  # the histories held in memory are the bench's, not the engine's
    rapides = min(_duree(parcours, au) for _ in range(TOURS))
    lents = min(_duree_lecture(parcours) for _ in range(TOURS))
    gc.unfreeze()
    debit = len(parcours) / rapides
    return {
        "mesure": "moteur seul, histoires par seconde et par cœur",
        "valeur": debit,
        "unite": "histoires/s",
        "plancher": round(len(parcours) / lents),
        "plancher_de": "parcourir les mêmes faits sans rien calculer",
        "rapport": round(rapides / lents, 1),
        "exige": ">= 8000",
        "tenu": debit >= 8000,
    }


def _duree(parcours: list[Parcours], au: date) -> float:
    depart = time.process_time()
    for un in parcours:
        rejouer(un, au)
    return time.process_time() - depart


def _duree_lecture(parcours: list[Parcours]) -> float:
    depart = time.process_time()
    for un in parcours:
        dits: Any = un[:-1]  # the last is the day of birth
        for faits in dits:
            for fait in faits:
                _ = fait.enregistre_le
    return time.process_time() - depart
