"""The post's answers about a letter made here: what the prefecture's desk will write, until it exists."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from documents.courriers.services import record_acheminement
from documents.models import DocumentEmis
from dossier.feed import LigneRefusee

CHAMPS = {"envoyee": "date_envoi", "presentee": "date_presentation", "notifiee": "date_notification"}


class Command(BaseCommand):
    help = "Inscrit au dossier l'envoi, la présentation et la notification d'une lettre émise ici."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("numero", help="le numéro imprimé sur la lettre")
        for nom in CHAMPS:
            parser.add_argument(f"--{nom}", type=date.fromisoformat, metavar="AAAA-MM-JJ")

    def handle(self, *, numero: str, **options: Any) -> None:
        dates = {champ: options[nom] for nom, champ in CHAMPS.items() if options[nom]}
        if not dates:
            raise CommandError("Donnez au moins une date : --envoyee, --presentee ou --notifiee.")
        try:
            nouveau = record_acheminement(numero=numero, dates=dates, au=localdate())
        except DocumentEmis.DoesNotExist:
            raise CommandError("Aucune lettre ne porte ce numéro.") from None
        except LigneRefusee as refus:
            raise CommandError(f"Refusé : {refus.raison}.") from None
        self.stdout.write("inscrit au dossier" if nouveau else "déjà inscrit")
