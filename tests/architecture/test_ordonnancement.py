"""The order of the tests names files and a function: were one renamed, the longest test would come last, in silence."""

import re

import pytest

from mespoints.local.places import CHECKOUT
from tests.ordonnancement import ENSEMBLES, LONGS, SERVEURS, rang, unite


@pytest.mark.parametrize("debut", [*ENSEMBLES, *LONGS, *SERVEURS])
def test_ce_qui_est_nomme_existe(debut: str) -> None:
    chemin, _, fonction = debut.partition("::")
    assert (CHECKOUT / chemin).exists()
    if fonction:
        assert re.search(rf"^def {fonction}\(", (CHECKOUT / chemin).read_text(encoding="utf-8"), re.MULTILINE)


def test_un_ensemble_est_une_unite_et_le_reste_va_test_par_test() -> None:
    tempetes = [f"tests/dossier/test_nuit_de_tempete.py::test_{nom}" for nom in ("a", "b")]
    autres = [f"tests/rules/test_solde.py::test_{nom}" for nom in ("a", "b")]
    assert len({unite(nom) for nom in tempetes}) == 1
    assert len({unite(nom) for nom in autres}) == 2
    assert rang(tempetes[0]) < rang("tests/browser/test_cadre.py::test_a") < rang(autres[0])
