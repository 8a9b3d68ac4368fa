"""Each page of who is signed in, beside the same page of another commit: one machine, one run, in turn."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bancs.bench.base import RACINE, base_de_mesure, python
from tests.bancs.bench.pages import RECHERCHE, Mesuree, comparer, gunicorn, ouvrir, remplir_les_centres

EXIGE = 1.3
#: The history of who asks, and where.
PAGES = (
    *((4, "/mes-points/"), (24, "/mes-points/"), (300, "/mes-points/"), (4, "/mes-points/previsionnel/")),
    *((4, "/mes-points/consultations/"), (4, "/mes-documents/"), (4, "/mes-documents/courriers/")),
    *((4, "/mes-documents/verifications/"), (4, "/stages/"), (4, RECHERCHE), (4, "/stages/annoncer/"), (4, "/compte/")),
)


def installer(commit: str) -> Path:
    """A clone of this repository at that commit, with what it asks for."""
    arbre = RACINE / "var" / "contre" / commit
    if not arbre.exists():
        subprocess.run(["git", "clone", "--quiet", "--shared", "--no-checkout", RACINE, arbre], check=True)
    subprocess.run(["git", "checkout", "--quiet", commit], cwd=arbre, check=True)
    subprocess.run(["make", "install"], cwd=arbre, check=True, stdout=subprocess.DEVNULL)
    return arbre


def mesurer(commit: str) -> Iterator[dict[str, Any]]:
    """The ratio of each page's rate to the other commit's."""
    autre = installer(commit)
    with base_de_mesure() as ici, base_de_mesure(autre) as la:
        cookies = []
        for arbre, env in ((RACINE, ici), (autre, la)):
            banc = "tests.bancs.bench" if (arbre / "tests" / "bancs" / "bench").exists() else "tests.bench"
            env["DJANGO_SETTINGS_MODULE"] = f"{banc}.settings"
            cookies.append({mouvements: ouvrir(env, mouvements, arbre) for mouvements in (4, 24, 300)})
            dire = "import json; from tests.stages.volume import REMPLIR; print(json.dumps(REMPLIR))"
            lu = subprocess.run([python(arbre), "-c", dire], cwd=arbre, env=env, check=True, capture_output=True)
            remplir_les_centres(env, json.loads(lu.stdout))
        with gunicorn(ici) as site, gunicorn(la, arbre=autre) as ancien:
            for mouvements, adresse in PAGES:
                page = Mesuree(site, adresse, cookies[0][mouvements])
                avant = Mesuree(ancien, adresse, cookies[1][mouvements])
                mesure = f"{adresse}, histoire de {mouvements} mouvements, contre {commit}"
                yield comparer(page, avant, EXIGE) | {"mesure": mesure}
