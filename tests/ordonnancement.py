"""Which process runs which test, and when: what is long first, what shares something costly in one process.

xdist has a mark for the second, and since pytest 9.2 it does nothing: the name of a test is no longer changed by it.
Without the first, the longest test may come last, and one process waits for the other.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from mespoints.local.places import CHECKOUT

#: By the beginning of their names: units that one process runs, the longest first. The others follow, one by one.
ENSEMBLES = (
    "tests/dossier/test_nuit_de_tempete.py",
    "tests/lib/test_launcher.py",
    "tests/mespoints/test_gunicorn.py",
    "tests/architecture/",  # every file of ours, parsed and walked once
)
LONGS = ("tests/browser/", "tests/rules/test_deux_lectures.py", "tests/accounts/test_limites.py")


#: What asks for the database, by a fixture; and the files that start servers and programs, or talk to Redis.
BASE = {"db", "transactional_db", "django_db_setup", "live_server", "bases"}
SERVEURS = (
    "tests/accounts/test_limites.py",
    "tests/browser/",
    "tests/documents/test_rendering.py",
    "tests/dossier/test_nuit_de_tempete.py",
    "tests/lib/test_cache.py",
    "tests/lib/test_checks.py",
    "tests/lib/test_compose.py",
    "tests/lib/test_launcher.py",
    "tests/lib/test_settings.py",
)


#: A file of which every test works on the database: it need not be read to be left out.
TOUT_EN_BASE = re.compile(r"^pytestmark = .*django_db", re.MULTILINE)


def veut_un_serveur(item: pytest.Item) -> bool:
    """What ``make quick`` leaves out. A test that wants one and is not left out fails: none is there."""
    fixtures = BASE.intersection(getattr(item, "fixturenames", ()))
    return bool(fixtures or item.get_closest_marker("django_db"))


def rien_sans_serveur(chemin: Path) -> bool:
    """Whether no test of a file, or of a folder, can do without."""
    nom = chemin.relative_to(CHECKOUT).as_posix() + "/" * chemin.is_dir()
    return nom in SERVEURS or bool(chemin.suffix == ".py" and TOUT_EN_BASE.search(chemin.read_text(encoding="utf-8")))


def rang(nodeid: str) -> int:
    """Where a test comes: the units, then the long ones, then the rest."""
    debuts = (*ENSEMBLES, *LONGS)
    return next((place for place, debut in enumerate(debuts) if nodeid.startswith(debut)), len(debuts))


def unite(nodeid: str) -> str:
    """What goes to one process as a whole: a unit above, or the test alone."""
    return next((debut for debut in ENSEMBLES if nodeid.startswith(debut)), nodeid)


class Ordonnanceur(LoadScopeScheduling):
    """xdist's, by our units, in the order of the collection: its own counts tests, and the longest unit has two."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return unite(nodeid)
