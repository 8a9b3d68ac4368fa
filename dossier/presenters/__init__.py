"""The driver's pages as plain values: what a template prints, decided here and tested without one."""

from dossier.presenters.consultations import consultations
from dossier.presenters.examens import examens
from dossier.presenters.lignes import (
    Ligne,
    debut_historique,
    en_attente,
    historique,
    lignes_prevues,
    prevision,
    sans_effet,
)
from dossier.presenters.pages import page_historique, page_previsionnel
from dossier.presenters.panneau import ETATS, Etat, Solde, etat, solde
from dossier.presenters.retrouver import retrouver
from dossier.presenters.suites import Alerte, Etape, alerte_48si, alertes, etapes

__all__ = [
    "ETATS",
    "Alerte",
    "Etape",
    "Etat",
    "Ligne",
    "Solde",
    "alerte_48si",
    "alertes",
    "consultations",
    "debut_historique",
    "en_attente",
    "etapes",
    "etat",
    "examens",
    "historique",
    "lignes_prevues",
    "page_historique",
    "page_previsionnel",
    "prevision",
    "retrouver",
    "sans_effet",
    "solde",
]
