"""``manage.py restore``: make the base anew from a dump that the drill kept, then have its ledger verified."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mespoints import restoration
from mespoints.settings.environment import required


class Command(BaseCommand):
    help = "Rétablit la base depuis une sauvegarde, sous le nom qu'elle porte ; refuse d'en remplacer une qui existe."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier", type=Path, help="sauvegarde de restore_drill --garder, ou de pg_dump -Fc")

    def handle(self, *args: Any, fichier: Path, **options: Any) -> None:
        owner, application = required("MIGRATION_DATABASE_URL"), required("DATABASE_URL")
        if not fichier.is_file():
            raise CommandError(f"{fichier} n'est pas un fichier.")
        try:
            restoration.restore(owner, fichier)
            said = restoration.verify(application)
        except restoration.DrillFailed as failure:
            raise CommandError(str(failure)) from None
        self.stdout.write(f"lignes: {sum(restoration.count(owner).rows.values())}, {said}")
