"""The purge of L. 225-2 as an operator runs it: by the owner, first to see, then for good; the night does the rest."""

import os
import subprocess
import sys

import pytest
from django.core.management import call_command

from dossier.models import Fait, Mouvement
from mespoints.local.places import CHECKOUT
from tests import base_de_donnees
from tests.dossier.lignes import PERMIS, importer, infraction, ligne

pytestmark = pytest.mark.django_db(transaction=True)


def effacer(*options: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: this one is the site's, which may not."""
    environ = os.environ | base_de_donnees.environnement() | {"DJANGO_SETTINGS_MODULE": "mespoints.settings.test"}
    commande = [sys.executable, "manage.py", "effacer_mentions", "--au", "2026-11-21", *options]
    return subprocess.run(commande, cwd=CHECKOUT, env=environ, capture_output=True, text=True, check=False)


def test_on_voit_d_abord_puis_on_efface_une_fois(capsys: pytest.CaptureFixture[str]) -> None:
    ancienne = infraction("i1", "2014-01-10", "2014-02-20", 2, lieu="Dijon")
    recente = infraction("i1", "2025-01-10", "2025-02-20", 2, lieu="Lyon")
    importer(ligne(PERMIS, ancienne, neph="990000000001"), ligne(PERMIS, recente, neph="990000000002"))
    avant = Fait.objects.count(), Mouvement.objects.count()

    essai = effacer()
    assert essai.stdout.startswith("dossiers: 1, lignes: "), essai.stderr
    assert "essai : rien n'est effacé" in essai.stdout
    assert (Fait.objects.count(), Mouvement.objects.count()) == avant

    assert effacer("--pour-de-bon").stdout.startswith("dossiers: 1, lignes: ")
    assert Fait.objects.filter(type="infraction").count() == 1
    call_command("settle", "--au", "2026-11-21")
    call_command("verify_ledger")
    assert "vérifiés: 2, différents: 0" in capsys.readouterr().out
