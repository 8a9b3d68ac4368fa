"""Lighthouse, on a phone as it imagines one and on a desktop: its four categories, page by page.

The machine is shared, and its speed counts in `performance`: the best of three runs, stopping at the first that is good
enough. The other three categories do not depend on it. `machine` is Lighthouse's own index of how fast it was at best:
notes of two runs compare where it does.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bancs.mesures.poids import PAGES
from tests.bancs.mesures.programmes import PROGRAMMES
from tests.bancs.mesures.site import Site
from tests.browser.conftest import ARGUMENTS

EXIGE = 98
ESSAIS = 3
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
ECRANS: dict[str, list[str]] = {"mobile": [], "ordinateur": ["--preset=desktop"]}


def mesurer(site: Site, pages: dict[str, str | None] = PAGES) -> Iterator[dict[str, Any]]:
    for chemin, cle in pages.items():
        for ecran, options in ECRANS.items():
            yield from _noter(site, chemin, cle, ecran, options)


def _noter(site: Site, chemin: str, cle: str | None, ecran: str, options: list[str]) -> Iterator[dict[str, Any]]:
    notes = dict.fromkeys(CATEGORIES, 0)
    manques: dict[str, list[str]] = {}
    vitesse = 0
    for _ in range(ESSAIS):
        rapport = _lancer(site, chemin, cle, options)
        vitesse = max(vitesse, round(rapport.get("environment", {}).get("benchmarkIndex", 0)))
        for nom in CATEGORIES:
            note = round(100 * (rapport.get("categories", {}).get(nom, {}).get("score") or 0))
            if note >= notes[nom] and rapport:
                notes[nom], manques[nom] = note, _manques(rapport, nom)
        if notes["performance"] >= EXIGE or not rapport:
            break
    for nom, note in notes.items():
        figure = {"mesure": f"{chemin} : Lighthouse {nom}, {ecran}", "valeur": note, "unite": "sur 100"}
        yield figure | {
            "exige": f">= {EXIGE}",
            "tenu": note >= EXIGE,
            "manques": manques.get(nom, []),
            "machine": vitesse,
        }


def _manques(rapport: dict[str, Any], nom: str) -> list[str]:
    """The audits that cost something."""
    poids = {a["id"]: a["weight"] for a in rapport["categories"][nom]["auditRefs"]}
    audits = rapport["audits"]
    return [cle for cle in poids if poids[cle] and (audits[cle]["score"] is not None) and audits[cle]["score"] < 0.9]


def _lancer(site: Site, chemin: str, cle: str | None, options: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as place:
        sortie, entetes = Path(place, "rapport.json"), Path(place, "entetes.json")
        entetes.write_text(json.dumps({"Cookie": f"sid={site.session(cle)}"} if cle else {}))
        commande = [
            *(str(PROGRAMMES / ".bin" / "lighthouse"), site.url + chemin, "--quiet", "--output=json"),
            *(f"--output-path={sortie}", f"--only-categories={','.join(CATEGORIES)}", f"--extra-headers={entetes}"),
            *("--chrome-flags=" + " ".join(["--headless=new", *ARGUMENTS]), *options),
        ]
        env = os.environ | {"CHROME_PATH": str(shutil.which("chromium")), "TMPDIR": place}
        subprocess.run(commande, env=env, check=False, timeout=300)  # it says what it could not do, and writes nothing
        return json.loads(sortie.read_text()) if sortie.exists() else {}
