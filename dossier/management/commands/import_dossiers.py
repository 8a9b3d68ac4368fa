"""``manage.py import_dossiers``: load a feed. See ``dossier.importation``."""

import gc
import re
import shutil
import sys
import tempfile
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DataError, IntegrityError

from dossier.importation import Bilan, ChargementArrete, Exigences, importer_fichier, importer_flux, inscrire
from dossier.livre import aujourd_hui
from dossier.manifeste import ChargementRefuse

REPRENDRE = "Ce qui précède est chargé : la commande peut être relancée."


class Command(BaseCommand):
    help = "Charge des dossiers (NDJSON). « - » lit l'entrée standard. Un même fichier peut être chargé deux fois."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichiers", nargs="+", metavar="FICHIER")
        parser.add_argument(
            "--au-plus-de", type=_pourcentage, default=Decimal("0.1"), metavar="POURCENT",
            help="lignes refusées admises, sur cent ; au-delà rien du fichier n'est chargé (0,1 ; 100 : toutes)",
        )  # fmt: skip
        parser.add_argument(
            "--manifeste", type=Path, default=None, help="d'un seul fichier (FICHIER.manifeste.json s'il existe)"
        )
        parser.add_argument(
            "--sans-manifeste", action="store_true", help="un fichier hors de l'envoi numéroté qui précède"
        )
        parser.add_argument(
            "--repartir", action="store_true", help="accepte le numéro d'envoi qui est dit, et compte à partir de lui"
        )

    def handle(self, *args: Any, fichiers: list[str], **options: Any) -> None:
        exige = Exigences(*(options[nom] for nom in Exigences._fields))
        if exige.manifeste and len(fichiers) > 1:
            raise CommandError("--manifeste est celui d'un seul fichier. Rien n'a été chargé.")
        au, total = aujourd_hui(), Bilan()
        absents = [nom for nom in fichiers if nom != "-" and not Path(nom).is_file()]
        if absents:
            _refuser_les_absents(", ".join(absents))
        with _ramasser_moins_souvent():
            for nom in fichiers:
                total += _charger(nom, au, exige)
        self.stdout.write(f"acceptés: {total.acceptes}, inchangés: {total.inchanges}, refusés: {total.refuses}")
        if total.corriges:
            self.stdout.write(f"états civils corrigés, parmi les acceptés: {total.corriges}")
        if total.refuses:
            sys.exit(1)


@contextmanager
def _ramasser_moins_souvent() -> Iterator[None]:
    """Lines make many objects that soon go, and no circle: looking for some as often as usual took a seventh of the
    command's own time, as much as reading twice."""
    avant = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*avant)


def _refuser_les_absents(noms: str) -> None:
    """A file that did not come is a loading that failed: its row says so."""
    try:
        with inscrire():
            raise ChargementRefuse("fichier introuvable. Rien n'a été chargé.")
    except ChargementRefuse:
        raise CommandError(f"fichier introuvable : {noms}. Rien n'a été chargé.") from None


def _charger(nom: str, au: date, exige: Exigences) -> Bilan:
    """One file. Raises ``CommandError``, in French."""
    try:
        if nom != "-":
            return importer_fichier(Path(nom), au=au, exige=exige)
        entree = sys.stdin.buffer
        if entree.seekable():
            return importer_flux(entree, au=au, rejets=sys.stderr, exige=exige)
        with tempfile.TemporaryFile() as copie:  # read twice; without a name, its owner's alone
            shutil.copyfileobj(entree, copie)
            copie.seek(0)
            return importer_flux(copie, au=au, rejets=sys.stderr, exige=exige)
    except (ChargementRefuse, ChargementArrete) as arret:
        suite = "" if nom == "-" else f" Les lignes refusées, s'il y en a : {nom}.rejets.ndjson."
        raise CommandError(f"{nom} : {arret}{suite}") from None
    except OSError as erreur:
        raise CommandError(f"{erreur.filename or nom} : {erreur.strerror}. {REPRENDRE}") from None
    except (DataError, IntegrityError) as erreur:  # its text quotes the row
        code = getattr(erreur.__cause__, "sqlstate", None)
        raise CommandError(f"{nom} : PostgreSQL a refusé un lot (code {code}). {REPRENDRE}") from None


def _pourcentage(texte: str) -> Decimal:
    if not re.fullmatch(r"\d{1,3}([.,]\d{1,6})?", texte, re.ASCII) or Decimal(texte.replace(",", ".")) > 100:
        raise ArgumentTypeError(f"« {texte} » n'est pas un pourcentage, de 0 à 100, comme 0,1.")
    return Decimal(texte.replace(",", "."))
