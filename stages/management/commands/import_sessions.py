"""``manage.py import_sessions``: the sessions that centres announce."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stages.feed import TableauIllisible
from stages.management.importation import ecrire_rejets, importer_sessions

COLONNES = "agrement;numero;date_debut;date_fin;places;lieu;annulee"


class Command(BaseCommand):
    help = f"Charge des sessions de stage (CSV : {COLONNES}). Un même fichier peut être chargé deux fois."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier", metavar="FICHIER", type=Path)

    def handle(self, *args: Any, fichier: Path, **options: Any) -> None:
        try:
            bilan = importer_sessions(fichier)
            rejets = ecrire_rejets(fichier, bilan)
        except OSError as erreur:
            raise CommandError(f"{fichier} : {erreur.strerror}.") from None
        except TableauIllisible as erreur:
            raise CommandError(f"{fichier} : {erreur} Rien n'a été enregistré.") from None
        self.stdout.write(
            f"nouvelles: {bilan.nouveaux}, modifiées: {bilan.modifies}, inchangées: {bilan.inchanges}, "
            f"refusées: {len(bilan.rejets)}"
        )
        if rejets:
            self.stderr.write(f"Lignes refusées : {rejets}")
            sys.exit(1)
