"""``manage.py import_sessions``: the sessions that centres announce."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from stages.importation import dire_les_rejets, ecrire_rejets, importer_sessions, refuser_en_clair

COLONNES = "agrement;numero;date_debut;date_fin;places;lieu;annulee"


class Command(BaseCommand):
    help = f"Charge des sessions de stage (CSV : {COLONNES}). Un même fichier peut être chargé deux fois."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier", metavar="FICHIER", type=Path)

    def handle(self, *args: Any, fichier: Path, **options: Any) -> None:
        with refuser_en_clair(fichier):
            bilan = importer_sessions(fichier)
            rejets = ecrire_rejets(fichier, bilan)
        self.stdout.write(
            f"nouvelles: {bilan.nouveaux}, modifiées: {bilan.modifies}, inchangées: {bilan.inchanges}, "
            f"refusées: {len(bilan.rejets)}"
        )
        dire_les_rejets(self, rejets)
