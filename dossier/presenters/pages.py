"""What the two pages of « Mes points » hold: the driver reads them, and so may an agent, in another frame."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from dossier.presenters.examens import examens
from dossier.presenters.lignes import debut_historique, en_attente, prevision, sans_effet
from dossier.presenters.lignes import historique as lignes_historique
from dossier.presenters.panneau import solde
from dossier.presenters.reserve import RESERVE
from dossier.presenters.suites import alertes, etapes
from dossier.rules.francais import insecables
from dossier.rules.vocabulaire import Etat
from dossier.selectors import Correction, Situation

CADRE = "layout/base.html"


def page_historique(situation: Situation, *, corrections: Sequence[Correction], page: str) -> dict[str, Any]:
    """The solde, the état, what to do, and a part of the history; ``page`` is what the address says."""
    return _haut_de_page(situation, "historique") | {
        "page": lignes_historique(situation, corrections=corrections, page=_numero(page)),
        "depuis": debut_historique(situation.replay.au),
        "en_attente": en_attente(situation),
        "sans_effet": sans_effet(situation),
        "examens": examens(situation) if situation.replay.etat == Etat.SANS_PERMIS else [],
        "adresse": situation.adresse,
    }


def page_previsionnel(situation: Situation) -> dict[str, Any]:
    """What comes back, when, why that day, and on which condition."""
    reserve = insecables(RESERVE) if situation.replay.lettre_48si else ""
    return _haut_de_page(situation, "previsionnel") | {"lignes": prevision(situation), "reserve": reserve}


def _haut_de_page(situation: Situation, onglet: str) -> dict[str, Any]:
    """What both pages begin with."""
    return {
        "cadre": CADRE,
        "onglets": {"historique": reverse("dossier:historique"), "previsionnel": reverse("dossier:previsionnel")},
        "section": "points",
        "onglet": onglet,
        "solde": solde(situation),
        "alertes": alertes(situation),
        "etapes": etapes(situation),
    }


def _numero(texte: str) -> int:
    """The part of the history that is asked for; anything that is no number is the first."""
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 6 else 1
