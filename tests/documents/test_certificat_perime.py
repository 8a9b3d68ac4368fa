"""A certificate that is over, or not begun, stops what it signs, and nothing else (R-09)."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command, get_commands
from django.utils import timezone
from pytest_django import Settings

from documents.code.cles import fabriquer
from documents.models import DocumentEmis
from documents.services import prepare
from tests.documents.dossiers import client_of, make_dossier
from tests.dossier.lignes import PERMIS, ligne, octets
from tests.lib.test_settings import FC, PRODUCTION, _run

pytestmark = pytest.mark.django_db
NOTRES = ("accounts", "documents", "dossier", "mespoints", "stages")


def paire(debut: int, fin: int) -> list[str]:
    now = timezone.now()
    return [pem.decode() for pem in fabriquer(now + timedelta(days=debut), now + timedelta(days=fin), "Essai")]


def perimer_le_cachet(settings: Settings) -> None:
    settings.CACHET_CLE, settings.CACHET_CERTIFICAT = paire(-400, -1)


def annoncer_le_cachet(settings: Settings) -> None:
    settings.CACHET_CLE, settings.CACHET_CERTIFICAT = paire(1, 400)


def perimer_les_codes(settings: Settings) -> None:
    settings.ADCS_CLE, settings.ADCS_CERTIFICATS = paire(-400, -1)


def abimer_le_cachet(settings: Settings) -> None:
    settings.CACHET_CLE = "CACHET_CLE_FILE : /run/secrets/cachet_cle ne se lit pas (PermissionError)."


def perdre_une_police(settings: Settings) -> None:
    settings.BASE_DIR = Path("/nulle/part")


def egarer_le_bureau(settings: Settings) -> None:
    settings.ADMIN_HOST = "ailleurs.exemple.fr"


def perdre_la_cle_de_franceconnect(settings: Settings) -> None:
    settings.FRANCECONNECT_CLE_IDENTITES = ""


PANNES = [
    perimer_le_cachet,
    annoncer_le_cachet,
    perimer_les_codes,
    abimer_le_cachet,
    perdre_une_police,
    egarer_le_bureau,
    perdre_la_cle_de_franceconnect,
]


@pytest.fixture
def gestes(tmp_path: Path) -> dict[str, list[str]]:
    """Each command of ours, with what makes it do little; those of PostgreSQL's own tools have no check at all."""
    flux, vide = tmp_path / "flux.ndjson", tmp_path / "vide.csv"
    flux.write_bytes(octets(ligne(PERMIS)) + b"\n")
    vide.write_text("")
    du, au = "2026-11-21T00:00", "2026-11-22T00:00"
    return {
        "import_dossiers": [str(flux)],
        "settle": [],
        "verify_ledger": [],
        "put_agent": ["agent@exemple.fr", "--role", "administration"],
        "withdraw_adcs": ["--du", du, "--au", au],
        "effacer_mentions": [],
        "rotate_second_factors": [],
        "list_stages_a_verifier": ["--departement", "69"],
        "migrate": ["--check"],
    }


#: These take what no test has at hand; they must ask for no check that the others do not.
SANS_GESTE = {
    "drop_second_factors",
    "record_lettre",
    "import_attestations",
    "import_centres",
    "import_sessions",
    "restore_drill",
}


def fautes_d_une_commande() -> list[str]:
    """What keeps any command of Django from running."""
    return [str(faute.id) for faute in run_checks() if faute.is_serious()]


def test_chaque_commande_est_essayee_ou_dite(gestes: dict[str, list[str]]) -> None:
    """So that a new one is thought of."""
    notres = {nom for nom, app in get_commands().items() if app in NOTRES}
    sans_controle = {"replay", "restore", "verify_adcs"}  # requires_system_checks
    assert notres == (set(gestes) - {"migrate"}) | SANS_GESTE | sans_controle


@pytest.mark.parametrize("casser", PANNES)
def test_toutes_les_commandes_tournent_encore(
    gestes: dict[str, list[str]], settings: Settings, casser: Callable[[Settings], None]
) -> None:
    casser(settings)
    assert fautes_d_une_commande() == []
    for nom, arguments in gestes.items():
        sortie = io.StringIO()
        call_command(nom, *arguments, skip_checks=False, stdout=sortie, stderr=sortie)


@pytest.mark.parametrize("casser", PANNES)
def test_la_revue_d_un_deploiement_le_dit(settings: Settings, casser: Callable[[Settings], None]) -> None:
    avant = {str(faute.id) for faute in run_checks(include_deployment_checks=True) if faute.is_serious()}
    casser(settings)
    apres = {str(faute.id) for faute in run_checks(include_deployment_checks=True) if faute.is_serious()}
    assert apres - avant


@pytest.mark.parametrize("casser", PANNES[:4])
def test_ce_qui_emet_le_dit_au_demarrage_et_demarre(
    settings: Settings, caplog: pytest.LogCaptureFixture, casser: Callable[[Settings], None]
) -> None:
    casser(settings)
    prepare()
    assert [ligne.getMessage() for ligne in caplog.records] == ["documents_not_ready"]


@pytest.mark.parametrize("casser", PANNES[:4])
def test_le_conducteur_lit_que_son_adcs_n_est_pas_delivree_pour_l_instant(
    settings: Settings, casser: Callable[[Settings], None]
) -> None:
    client = client_of(make_dossier())
    assert "Télécharger mon ADCS" in client.get("/mes-documents/adcs/").content.decode()
    casser(settings)
    for page in ("/mes-documents/", "/mes-documents/adcs/"):
        corps = client.get(page).content.decode()
        assert "ne peut pas être délivré pour l'instant" in corps
        assert "Revenez dans quelques heures" in corps
        assert "Télécharger mon ADCS" not in corps
    refus = client.post("/mes-documents/adcs/")
    assert refus.status_code == 503
    assert "pour l'instant" in refus.content.decode()
    assert not DocumentEmis.objects.exists()


def test_le_code_perime_n_arrete_que_l_adcs(settings: Settings) -> None:
    client = client_of(make_dossier())
    perimer_les_codes(settings)
    assert "Télécharger mon RIR" in client.get("/mes-documents/rir/").content.decode()
    assert client.get("/mes-points/").status_code == 200
    assert client.get("/mes-documents/verifications/").status_code == 200


# --- Settings: a process of production, whole -------------------------------------------------------------------------


def test_une_cle_que_personne_ne_peut_lire_n_arrete_que_les_documents(tmp_path: Path) -> None:
    environ: dict[str, Any] = PRODUCTION | {"CACHET_CLE_FILE": str(tmp_path / "absente")}
    assert _run("manage.py", "check", environ=environ).returncode == 0
    assert _run("-c", "import mespoints.wsgi", environ=environ).returncode == 0
    revue = _run("manage.py", "check", "--deploy", environ=environ)
    assert revue.returncode == 1
    assert "documents.E001" in revue.stderr


def test_franceconnect_sans_sa_cle_n_ouvre_pas_et_n_arrete_aucune_commande() -> None:
    environ = PRODUCTION | FC | {"FRANCECONNECT_CLE_IDENTITES": ""}
    assert _run("manage.py", "check", environ=environ).returncode == 0
    site = _run("-c", "import mespoints.wsgi", environ=environ)
    assert site.returncode == 1
    assert "FRANCECONNECT_CLE_IDENTITES manque" in site.stderr
