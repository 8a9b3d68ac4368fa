"""Checking data against the points scale: is an infraction of the feed worth what it was on its day?"""

import unicodedata
from datetime import date
from typing import Any, NamedTuple

from dossier.rules.bareme import bareme


class Ligne(NamedTuple):
    """A line of the scale, its label simplified."""

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


BAREME = [Ligne(li.natinf, simplifie(li.libelle), li.nature, li.classe, li.points, li.du, li.au) for li in bareme()]


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
