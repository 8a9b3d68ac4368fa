"""Centres as a préfecture's list gives them, and files as a spreadsheet writes them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from stages.models import Centre
from stages.rules.lieux import lire_agrement

AGREMENT = "R 19 069 0012 0"


@pytest.fixture
def centre(db: None) -> Centre:
    """Agréé from 2022 to 2031."""
    return Centre.objects.create(
        agrement=lire_agrement(AGREMENT),
        nom="Route Sereine Lyon",
        adresse="12 rue de l'Exemple",
        code_postal="69003",
        commune="Lyon",
        departement="69",
        agree_du=date(2022, 1, 1),
        agree_au=date(2031, 12, 31),
        source="Préfecture du Rhône",
        liste_du=date(2026, 1, 1),
    )


@pytest.fixture
def fichier(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes lines as a CSV, UTF-8 unless told otherwise."""

    def ecrire(*lignes: str, encodage: str = "utf-8", nom: str = "liste.csv") -> Path:
        chemin = tmp_path / nom
        chemin.write_bytes("".join(f"{ligne}\r\n" for ligne in lignes).encode(encodage))
        return chemin

    return ecrire
