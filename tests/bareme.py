"""The points scale as a table to check data against: what is in force on a day, and whether a label is in it."""

import csv
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import dossier.rules

CHEMIN = Path(dossier.rules.__file__).with_name("bareme.csv")


class Ligne(NamedTuple):
    """One line of ``bareme.csv``."""

    natinf: str | None
    libelle: str
    nature: str
    classe: int | None
    points: int
    debut: date
    fin: date


def simplifie(libelle: str) -> str:
    """A label without accents, capitals, quotes, nor the three ways of writing a speed limit or a threshold."""
    for variante, commun in (
        ("(limitation inférieure ou égale à 50 km/h)", "- vma <= 50 km/h"),
        ("(limitation supérieure à 50 km/h)", "- vma > 50 km/h"),
        (" (y compris < 5 km/h)", ""),
        (" (contravention)", ""),
        (" (délit)", ""),
        ("≥", ">="),
        ("« stop »", '"stop"'),
    ):
        libelle = libelle.replace(variante, commun)
    return "".join(c for c in unicodedata.normalize("NFD", libelle.lower()) if not unicodedata.combining(c))


def lire_bareme() -> list[Ligne]:
    """Every line of the scale."""
    with CHEMIN.open(encoding="utf-8", newline="") as fichier:
        return [
            Ligne(
                ligne["natinf"] or None,
                simplifie(ligne["label"]),
                ligne["kind"],
                int(ligne["class"]) if ligne["class"] else None,
                int(ligne["points"]),
                date.fromisoformat(ligne["valid_from"]) if ligne["valid_from"] else date.min,
                date.fromisoformat(ligne["valid_to"]) if ligne["valid_to"] else date.max,
            )
            for ligne in csv.DictReader(fichier)
        ]


BAREME = lire_bareme()


def figure_au_bareme(infraction: dict[str, Any]) -> bool:
    """Whether an infraction of the feed has label, NATINF, class and points of the day it was committed."""
    jour = date.fromisoformat(infraction["date_commission"])
    attendu = (
        infraction["natinf"],
        simplifie(infraction["libelle"]),
        infraction["nature"],
        infraction["classe"],
        infraction["points"],
    )
    return any(ligne[:5] == attendu and ligne.debut <= jour <= ligne.fin for ligne in BAREME)
