"""The programs of Node: installed from the lock of ``tests/bancs/mesures/npm`` into ``var/``, where nothing is kept."""

import shutil
import subprocess

from tests.bancs.bench.base import RACINE

SOURCE, PLACE = RACINE / "tests" / "bancs" / "mesures" / "npm", RACINE / "var" / "npm"
PROGRAMMES = PLACE / "node_modules"


def installer() -> None:
    """Have just what the lock names; nothing is fetched when that is there already."""
    temoin = PLACE / "installe.json"
    verrou = SOURCE / "package-lock.json"
    if temoin.exists() and temoin.read_bytes() == verrou.read_bytes():
        return
    shutil.copytree(SOURCE, PLACE, dirs_exist_ok=True)
    subprocess.run(["npm", "ci", "--silent"], cwd=PLACE, check=True)
    shutil.copy(verrou, temoin)
