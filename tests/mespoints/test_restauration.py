"""The restore drill: a copy that is whole passes; one that lacks a row, a protection or a balance does not."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from mespoints import restoration
from tests import base_de_donnees
from tests.dossier.lignes import PERMIS, importer, infraction, ligne

pytestmark = pytest.mark.django_db(transaction=True)

FAUTES = {
    "une ligne perdue": ("DELETE FROM dossier_mouvement WHERE id = (SELECT max(id) FROM dossier_mouvement)", "perdu"),
    "un déclencheur perdu": ("DROP TRIGGER {declencheur} ON dossier_mouvement", "perdu"),
    "un solde changé": ("UPDATE dossier_mouvement SET solde = solde - 1", "diffère"),
}


@pytest.fixture
def copie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[restoration.Counts, str, str]]:
    """What was counted in the original, then the copy's address for its owner and for the site."""
    importer(ligne(PERMIS, infraction("i1", "2026-01-10", "2026-02-20", 2, lieu="Dijon")))
    nom = f"{connection.settings_dict['NAME']}_copie"
    for variable, adresse in base_de_donnees.environnement().items():
        monkeypatch.setenv(variable, adresse)
    original = os.environ["MIGRATION_DATABASE_URL"]
    copie = restoration.elsewhere(original, nom)
    compte = restoration.count(original)
    restoration.dump(original, tmp_path / "sauvegarde")
    try:
        restoration.restore(copie, tmp_path / "sauvegarde")
        yield compte, copie, restoration.elsewhere(os.environ["DATABASE_URL"], nom)
    finally:
        restoration.drop(copie)


def eprouver(compte: restoration.Counts, proprietaire: str, site: str) -> str:
    restoration.compare(compte, restoration.count(proprietaire))
    return restoration.verify(site)


def test_une_copie_entiere_puis_chaque_faute(copie: tuple[restoration.Counts, str, str]) -> None:
    compte, proprietaire, site = copie
    assert compte["dossier_mouvement"] >= 2
    assert compte["(protections)"] > 50
    assert eprouver(compte, proprietaire, site) == "vérifiés: 1, différents: 0"
    with psycopg.connect(proprietaire) as connexion:
        declencheur = connexion.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'dossier_mouvement'::regclass AND NOT tgisinternal"
        ).fetchone()
        assert declencheur
    for sql, dit in FAUTES.values():
        with psycopg.connect(proprietaire, autocommit=True) as connexion:
            connexion.execute("ALTER TABLE dossier_mouvement DISABLE TRIGGER USER")
            connexion.execute(sql.format(declencheur=declencheur[0]).encode())
        with pytest.raises(restoration.DrillFailed, match=dit):
            eprouver(compte, proprietaire, site)
        compte = restoration.count(proprietaire)  # the next fault is looked for alone
