"""One JSON line a figure: ``{"mesure", "valeur", "unite", "plancher", "rapport", "exige", "tenu"}``.

A figure and its floor are measured in the same run, on the same machine, one after the other: machines are shared and
noisy, the ratio is what can be compared.

``--dossiers`` makes a shorter run; ``--sans-pages`` leaves the web out, ``--pages`` measures the pages alone.
``--contre COMMIT``: each signed-in page, beside the same of another commit, installed under ``var/contre``.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import django


def dire(mesure: str, valeur: float, unite: str, **reste: Any) -> bool:
    """Print one figure; return whether what is asked of it holds."""
    ligne = {"mesure": mesure, "valeur": round(valeur, 3), "unite": unite} | reste
    sys.stdout.write(json.dumps(ligne, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return bool(reste.get("tenu", True))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bancs.bench")
    parser.add_argument("--dossiers", type=int, default=100_000)
    parser.add_argument("--echus", type=int, default=50_000, help="0 : pas de nuit")
    parser.add_argument("--parmi", type=int, default=1_000_000)
    parser.add_argument("--sans-pages", action="store_true")
    parser.add_argument("--pages", action="store_true")
    parser.add_argument("--contre", metavar="COMMIT")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mespoints.settings.dev")
    django.setup()

    from tests.bancs.bench import bureau, contre, documents, flux, nuit, pages, tailles
    from tests.bancs.bench.base import base_de_mesure

    if options.contre or options.pages:
        tenus = [dire(**figure) for figure in contre.mesurer(options.contre)] if options.contre else []
        if options.pages:
            with base_de_mesure() as environnement:
                tenus += [dire(**figure) for figure in pages.mesurer(environnement)]
        return 0 if all(tenus) else 1
    with tempfile.TemporaryDirectory() as dossier, base_de_mesure() as environnement:
        chemin = Path(dossier) / "synthese.ndjson"
        tenus = [dire(**figure) for figure in flux.mesurer(chemin, options.dossiers, environnement)]
        figures = tailles.mesurer(environnement, f"{options.dossiers} histoires synthétiques", pour_la_france=True)
        tenus += [dire(**figure) for figure in figures]
        if not options.sans_pages:
            tenus += [dire(**figure) for figure in pages.mesurer(environnement)]
            tenus += [dire(**figure) for figure in documents.mesurer(environnement)]
    if options.echus:
        with base_de_mesure() as environnement:
            petit = min(2 * options.echus, options.parmi)
            nuits = nuit.mesurer(environnement, echus=options.echus, petit=petit, grand=options.parmi)
            tenus += [dire(**figure) for figure in nuits]
        with base_de_mesure() as environnement:
            tenus += [dire(**figure) for figure in bureau.mesurer(environnement, options.parmi)]
    return 0 if all(tenus) else 1


if __name__ == "__main__":
    sys.exit(main())
