"""``manage.py import_dossiers``: load a feed. See ``dossier.importation``."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DataError, IntegrityError
from django.utils.timezone import now

from dossier.importation import Bilan, importer_fichier, importer_flux, write_importation
from dossier.livre import aujourd_hui

REPRENDRE = "Ce qui précède est chargé : la commande peut être relancée."


class Command(BaseCommand):
    help = "Charge des dossiers (NDJSON). « - » lit l'entrée standard. Un même fichier peut être chargé deux fois."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichiers", nargs="+", metavar="FICHIER")

    def handle(self, *args: Any, fichiers: list[str], **options: Any) -> None:
        debut, au, total = now(), aujourd_hui(), Bilan()
        absents = [nom for nom in fichiers if nom != "-" and not Path(nom).is_file()]
        if absents:
            raise CommandError(f"fichier introuvable : {', '.join(absents)}. Rien n'a été chargé.")
        for nom in fichiers:
            try:
                if nom == "-":
                    total += importer_flux(sys.stdin.buffer, au=au, rejets=sys.stderr)
                else:
                    total += importer_fichier(Path(nom), au=au)
            except OSError as erreur:
                raise CommandError(f"{erreur.filename or nom} : {erreur.strerror}. {REPRENDRE}") from None
            except (DataError, IntegrityError) as erreur:  # its text quotes the row
                code = getattr(erreur.__cause__, "sqlstate", None)
                raise CommandError(f"{nom} : PostgreSQL a refusé un lot (code {code}). {REPRENDRE}") from None
        write_importation(total, started_at=debut)
        self.stdout.write(f"acceptés: {total.acceptes}, inchangés: {total.inchanges}, refusés: {total.refuses}")
        if total.refuses:
            sys.exit(1)
