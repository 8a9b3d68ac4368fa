"""A run that passes midnight: what was collected the day before is run as of today."""

import os
from pathlib import Path

from tests.programmes import lancer

PROGRAMME = """
import sys, types
from datetime import date, timedelta
import pytest
from tests.minuit import Relecture

sys.modules["jour"] = horloge = types.ModuleType("jour")
horloge.jour = date(2026, 12, 1)

class Minuit:
    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item):
        if item.name == "test_a":
            horloge.jour += timedelta(days=1)

plugins = [Minuit(), *([Relecture(lambda: horloge.jour)] if sys.argv[1] == "relire" else [])]
nus = [mot for nom in ("cacheprovider", "randomly", "django", "xdist") for mot in ("-p", f"no:{nom}")]
sys.exit(pytest.main(["-q", *nus, "--rootdir", sys.argv[2], "-c", "/dev/null", sys.argv[2]], plugins=plugins))
"""
PRIS = """
import pytest, jour
HIER = jour.jour.day
def test_a(): assert HIER == jour.jour.day
@pytest.mark.parametrize("pris", [jour.jour.day], ids=["pris"])
class TestApres:
    def test_b(self, pris): assert pris == HIER == jour.jour.day
def test_c(): assert HIER == jour.jour.day
"""
AUTRE = """
import jour
from test_pris import HIER
def test_d(): assert HIER == jour.jour.day
"""


def finir(dossier: Path, comment: str) -> str:
    (dossier / "test_pris.py").write_text(PRIS)
    (dossier / "test_suite.py").write_text(AUTRE)
    fait = lancer("-c", PROGRAMME, comment, str(dossier), environ={"PATH": os.environ["PATH"]})
    return fait.stdout.strip().rpartition("\n")[2].partition(" in ")[0] + fait.stderr


def test_apres_minuit_chaque_cas_est_repris_au_jour_d_aujourd_hui(tmp_path: Path) -> None:
    assert finir(tmp_path, "relire") == "4 passed"


def test_sans_cela_ils_echouent(tmp_path: Path) -> None:
    assert finir(tmp_path, "") == "3 failed, 1 passed"
