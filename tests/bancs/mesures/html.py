"""Every page as each visitor and each agent gets it, and each form refused, through the Nu HTML checker."""

import json
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright

from tests.bancs.mesures import bureau
from tests.bancs.mesures.parcours import Vue, parcourir
from tests.bancs.mesures.programmes import PROGRAMMES
from tests.bancs.mesures.site import Site


def mesurer(playwright: Playwright, site: Site) -> Iterator[dict[str, Any]]:
    vues = [*parcourir(playwright, site), *bureau.parcourir(playwright, site)]
    erreurs = verifier(vues)
    for faute, ou in sorted(erreurs.items(), key=lambda item: item[1]):
        yield {
            "mesure": f"{ou[0]} : {faute[0]}",
            "valeur": len(ou),
            "unite": "pages",
            "extrait": faute[1],
            "tenu": False,
        }
    yield {
        **{"mesure": f"erreurs HTML différentes sur {len(vues)} pages", "valeur": len(erreurs), "unite": ""},
        **{"exige": "<= 0", "tenu": not erreurs},
    }


def verifier(vues: list[Vue]) -> dict[tuple[str, str], list[str]]:
    """The errors, each with the pages that have it."""
    erreurs = defaultdict(list)
    with tempfile.TemporaryDirectory() as place:
        for rang, vue in enumerate(vues):
            Path(place, f"{rang}.html").write_text(vue.html, encoding="utf-8")
        jar = PROGRAMMES / "vnu-jar" / "build" / "dist" / "vnu.jar"
        commande = [
            "java",
            "-Xss1m",
            "-jar",
            str(jar),
            "--format",
            "json",
            "--errors-only",
            "--exit-zero-always",
            place,
        ]
        sortie = subprocess.run(commande, capture_output=True, check=True).stderr
    for message in json.loads(sortie)["messages"]:
        vue = vues[int(Path(message["url"]).stem)]
        erreurs[message["message"], message.get("extract", "")].append(f"{vue.chemin} ({vue.qui})")
    return dict(erreurs)
