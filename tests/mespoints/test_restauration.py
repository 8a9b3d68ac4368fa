"""The restore drill: a copy that is whole passes; one that lacks a row, a protection or a balance does not."""

import json
import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from mespoints import restoration
from mespoints.local import services
from tests import base_de_donnees
from tests.dossier.lignes import PERMIS, importer, infraction, ligne

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _programmes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the server in use, before the machine's."""
    monkeypatch.setenv("PATH", services.path_with_programs())


FAUTES = {
    "une ligne perdue": ("DELETE FROM dossier_mouvement WHERE id = (SELECT max(id) FROM dossier_mouvement)", "2 → 1"),
    "un déclencheur perdu": ("DROP TRIGGER {declencheur} ON dossier_mouvement", "perdu : trigger dossier_mouvement"),
    "un droit perdu": (
        "REVOKE INSERT ON dossier_fait FROM mespoints",
        "perdu : right dossier_fait contenu mespoints INSERT",
    ),
    "un droit de trop": ("GRANT DELETE ON dossier_fait TO mespoints", "en trop : right dossier_fait mespoints DELETE"),
    "un droit de colonne perdu": (
        "REVOKE UPDATE (statut) ON documents_documentemis FROM mespoints",
        "perdu : right documents_documentemis statut mespoints UPDATE",
    ),
    "un index pour un autre": (
        "DROP INDEX dossier_echeance; CREATE INDEX autre ON dossier_dossier (points)",
        "perdu : index dossier_dossier dossier_echeance",
    ),
    "une protection endormie": (
        "ALTER TABLE dossier_fait DISABLE TRIGGER USER",
        "perdu : trigger dossier_fait",
    ),
    "un solde changé": ("UPDATE dossier_mouvement SET solde = solde - 1", "diffère"),
}


@pytest.fixture
def copie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[restoration.Held, str, str]]:
    """What was counted in the original, then the copy's address for its owner and for the site."""
    importer(ligne(PERMIS, infraction("i1", "2026-01-10", "2026-02-20", 2, lieu="Dijon")))
    nom = f"{connection.settings_dict['NAME']}_copie"
    for variable, adresse in base_de_donnees.environnement().items():
        monkeypatch.setenv(variable, adresse)
    original = os.environ["MIGRATION_DATABASE_URL"]
    copie = restoration.elsewhere(original, nom)
    with restoration.moment(original) as (compte, instant):
        restoration.dump(original, tmp_path / "sauvegarde", instant)
    try:
        restoration.restore(copie, tmp_path / "sauvegarde")
        yield compte, copie, restoration.elsewhere(os.environ["DATABASE_URL"], nom)
    finally:
        restoration.drop(copie)


def eprouver(compte: restoration.Held, proprietaire: str, site: str) -> str:
    restoration.compare(compte, restoration.count(proprietaire))
    return restoration.verify(site)


def test_une_copie_entiere_puis_chaque_faute(copie: tuple[restoration.Held, str, str]) -> None:
    compte, proprietaire, site = copie
    assert compte.rows["dossier_mouvement"] >= 2
    assert len(compte.rules) > 200
    assert eprouver(compte, proprietaire, site) == "vérifiés: 1, différents: 0"
    with psycopg.connect(proprietaire) as connexion:
        declencheur = connexion.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'dossier_mouvement'::regclass AND NOT tgisinternal"
        ).fetchone()
        assert declencheur
    with psycopg.connect(proprietaire) as connexion:
        connexion.execute("ALTER TABLE dossier_mouvement DISABLE TRIGGER USER")
    compte = restoration.count(proprietaire)
    for sql, dit in FAUTES.values():
        with psycopg.connect(proprietaire, autocommit=True) as connexion:
            connexion.execute(sql.format(declencheur=declencheur[0]).encode())
        with pytest.raises(restoration.DrillFailed, match=dit):
            eprouver(compte, proprietaire, site)
        compte = restoration.count(proprietaire)  # the next fault is looked for alone


@pytest.fixture
def originale(monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a base with a driver and counters in it, as the drill is given it."""
    importer(ligne(PERMIS, infraction("i1", "2026-01-10", "2026-02-20", 2, lieu="Dijon")))
    for variable, adresse in base_de_donnees.environnement().items():
        monkeypatch.setenv(variable, adresse)
    with connection.cursor() as curseur:
        curseur.execute(
            "INSERT INTO accounts_compteur (cle, essais, libre_at, oublie_at)"
            " SELECT n::text, 1, now(), now() FROM generate_series(1, 50) n"
        )
    return os.environ["MIGRATION_DATABASE_URL"]


def restes() -> list[str]:
    with base_de_donnees.se_connecter("postgres", migration=True) as serveur:
        nom = f"{connection.settings_dict['NAME']}_restauration_%"
        return [str(n) for (n,) in serveur.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [nom])]


def test_une_purge_entre_le_compte_et_la_copie_ne_fait_rien_perdre(
    originale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    copier = restoration.dump

    def purger_puis_copier(url: str, fichier: Path, instant: str) -> None:
        with psycopg.connect(url) as menage:
            assert menage.execute("DELETE FROM accounts_compteur").rowcount == 50
        copier(url, fichier, instant)

    monkeypatch.setattr(restoration, "dump", purger_puis_copier)
    dit = StringIO()
    call_command("restore_drill", stdout=dit)
    lue = json.loads(dit.getvalue())
    assert lue["grand_livre"] == "vérifiés: 1, différents: 0"
    assert lue["lignes"] == sum(restoration.count(originale).rows.values()) + 50, (
        "the copy is that of the moment counted"
    )
    assert restes() == []


def test_une_copie_amputee_est_refusee_et_rien_ne_reste(originale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    restaurer = restoration.restore

    def amputer(url: str, fichier: Path) -> None:
        restaurer(url, fichier)
        with psycopg.connect(url) as copie:
            copie.execute("DELETE FROM accounts_compteur WHERE cle = '7'")

    monkeypatch.setattr(restoration, "restore", amputer)
    with pytest.raises(CommandError, match="accounts_compteur 50 → 49"):
        call_command("restore_drill")
    assert restes() == []


def test_une_base_se_retablit_sous_son_nom_et_jamais_sur_une_autre(originale: str, tmp_path: Path) -> None:
    call_command("restore_drill", "--garder", str(tmp_path), stdout=StringIO())
    [sauvegarde] = tmp_path.iterdir()
    with pytest.raises(CommandError, match="existe : rien n'a été touché"):
        call_command("restore", str(sauvegarde))
    nom = urlsplit(originale).path[1:]
    with pytest.MonkeyPatch.context() as ailleurs:
        for variable in ("DATABASE_URL", "MIGRATION_DATABASE_URL"):
            ailleurs.setenv(variable, restoration.elsewhere(os.environ[variable], f"{nom}_restauration_y"))
        coupee = tmp_path / "coupee.dump"
        coupee.write_bytes(sauvegarde.read_bytes()[:20_000])
        with pytest.raises(CommandError, match="pg_restore"):
            call_command("restore", str(coupee))
        dit = StringIO()
        try:
            call_command("restore", str(sauvegarde), stdout=dit)  # the cut one left no database in its way
        finally:
            restoration.drop(os.environ["MIGRATION_DATABASE_URL"])
    assert dit.getvalue().endswith("vérifiés: 1, différents: 0\n")
    with pytest.raises(CommandError, match="n'est pas un fichier"):
        call_command("restore", str(tmp_path / "rien"))


def test_sans_le_droit_de_creer_une_base_on_dit_lequel(originale: str, tmp_path: Path) -> None:
    site = restoration.elsewhere(os.environ["DATABASE_URL"], f"{urlsplit(originale).path[1:]}_restauration_x")
    with pytest.raises(restoration.DrillFailed, match="ALTER ROLE mespoints CREATEDB"):
        restoration.restore(site, tmp_path / "rien")


@pytest.mark.parametrize(
    ("adresse", "montree", "secret"),
    [
        ("postgres://u:m%40t@db:5432/b?sslmode=require", "postgres://u@db:5432/b?sslmode=require", "m@t"),
        ("postgres://u@/b?host=%2Fvar%2Frun", "postgres://u@/b?host=%2Fvar%2Frun", None),
    ],
)
def test_le_mot_de_passe_n_est_pas_dans_la_ligne_de_commande(adresse: str, montree: str, secret: str | None) -> None:
    dit, a_part = restoration.without_password(adresse)
    assert (dit, a_part.get("PGPASSWORD")) == (montree, secret)
