"""``manage.py seed_demo``: synthetic dossiers in the proportions of the national file. No database."""

import json
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate
from tqdm import tqdm

from demo.synthese.synthese import CAPACITE, dossiers

_JSON = json.JSONEncoder(ensure_ascii=False).encode
_LOT = 500  # lines written at once


class Sortie(Protocol):
    """Whatever takes text: a file, the standard output."""

    def write(self, texte: str, /) -> object: ...


def un_jour(valeur: str) -> date:
    """A date of the command line."""
    try:
        return date.fromisoformat(valeur)
    except ValueError:
        raise ArgumentTypeError(f"date attendue sous la forme AAAA-MM-JJ, reçu « {valeur} »") from None


def un_nombre(valeur: str) -> int:
    """A number of dossiers, within what the generator can number."""
    if not valeur.isdecimal() or int(valeur) > CAPACITE:
        raise ArgumentTypeError(f"nombre de 0 à {CAPACITE} attendu, reçu « {valeur} »")
    return int(valeur)


class Command(BaseCommand):
    help = "Écrit un flux de dossiers synthétiques, dans les proportions du fichier national (sortie standard)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=un_nombre, required=True, metavar="N", help="nombre de dossiers")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="graine : la même donne le même flux")
        parser.add_argument("--au", type=un_jour, default=None, metavar="DATE", help="jour des dossiers (aujourd'hui)")
        parser.add_argument("--sortie", type=Path, default=None, metavar="FILE", help="fichier à écrire")

    def handle(self, *args: Any, count: int, seed: int, au: date | None, sortie: Path | None, **options: Any) -> None:
        lignes = map(_JSON, dossiers(count, seed, au or localdate()))
        try:
            with _ouvrir(sortie, self.stdout) as flux, tqdm(total=count, unit=" dossiers", disable=None) as progres:
                while lot := list(islice(lignes, _LOT)):
                    flux.write("\n".join(lot) + "\n")
                    progres.update(len(lot))
        except BrokenPipeError:  # the reader has had enough, as ``head`` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _ouvrir(sortie: Path | None, defaut: Sortie) -> Iterator[Sortie]:
    """The file asked for, else the standard output, which is not ours to close."""
    if sortie is None:
        yield defaut
        return
    with sortie.open("w", encoding="utf-8", newline="\n") as fichier:
        yield fichier
