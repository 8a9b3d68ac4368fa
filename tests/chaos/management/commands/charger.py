"""``manage.py charger``: ``import_dossiers`` on a day of the past, so that a night of today has much to settle."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dossier.management.importation import importer_fichier


class Command(BaseCommand):
    help = "Charge un flux comme il l'aurait été le jour donné."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--au", type=date.fromisoformat, required=True)

    def handle(self, *args: Any, fichier: Path, au: date, **options: Any) -> None:
        bilan = importer_fichier(fichier, au=au)
        if bilan.refuses:
            raise CommandError(f"{bilan.refuses} lignes refusées")
