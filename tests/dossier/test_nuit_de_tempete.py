"""A short storm, and the same over the twin that has nothing to protect it. ``make chaos`` runs the long one."""

import os
from collections.abc import Iterator

import pytest

from tests.bancs.chaos import controles
from tests.bancs.chaos.banc import Modele, modele
from tests.bancs.chaos.controles import Temoin
from tests.bancs.chaos.tempete import PREUVES, Programme, dechainer, dechainer_sur_le_naif

#: Few dossiers at a slow pace: the faults fall while there is work, and waiting takes nothing from the other tests.
DOSSIERS, PAUSE = 400, 0.1
COURTE = Programme(enfants=2, ouvriers=1, lots=1, postgres=1, redis=1, messages=1)


# Of the session: the two tests are in one process, but not one after the other.
@pytest.fixture(scope="session")
def graine() -> int:
    return int(os.environ["MESPOINTS_SEED"])


@pytest.fixture(scope="session")
def depart(graine: int) -> Iterator[Modele]:
    with modele(DOSSIERS, graine, PAUSE) as pret:
        yield pret


@pytest.fixture(scope="session")
def temoin(depart: Modele) -> Temoin:
    return controles.observer(depart)


def test_la_nuit_sort_intacte_de_la_tempete(depart: Modele, temoin: Temoin, graine: int) -> None:
    """Every storm must leave the night whole; one of three must have had its faults while there was work to disturb."""
    for essai in range(3):
        bilan, constat = dechainer(depart, temoin, graine + essai, COURTE)
        assert constat.dus > 60
        assert constat.fautes() == {}
        assert bilan.etats_rompus == 0
        if bilan.faits["postgres"] == 1 and bilan.morts >= 3 and bilan.en_transaction >= 2:
            return
    pytest.fail(f"three storms without all their faults: {bilan}")


def test_le_jumeau_naif_n_en_sort_pas(depart: Modele, temoin: Temoin, graine: int) -> None:
    """Or the test above would prove nothing. Its two batches must overlap to be at fault: three storms at most."""
    assert dechainer_sur_le_naif(depart, temoin, graine).keys() >= PREUVES
