"""The driver's pages as plain values: what a template prints, decided here and tested without one."""

from dossier.presenters.consultations import consultations
from dossier.presenters.lignes import (
    Ligne,
    debut_historique,
    en_attente,
    historique,
    libelle,
    libelle_poste,
    lignes_prevues,
    prevision,
    sans_effet,
)
from dossier.presenters.pages import page_historique, page_previsionnel
from dossier.presenters.panneau import ETATS, Etat, Solde, etat, solde
from dossier.presenters.phrases import article_adresse, article_lisible, en_prose, insecables
from dossier.presenters.suites import Alerte, Etape, adresse_des_courriers, alertes, etapes, examens

__all__ = [
    "ETATS",
    "Alerte",
    "Etape",
    "Etat",
    "Ligne",
    "Solde",
    "adresse_des_courriers",
    "alertes",
    "article_adresse",
    "article_lisible",
    "consultations",
    "debut_historique",
    "en_attente",
    "en_prose",
    "etapes",
    "etat",
    "examens",
    "historique",
    "insecables",
    "libelle",
    "libelle_poste",
    "lignes_prevues",
    "page_historique",
    "page_previsionnel",
    "prevision",
    "sans_effet",
    "solde",
]
