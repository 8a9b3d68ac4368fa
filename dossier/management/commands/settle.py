"""``manage.py settle``: bring every dossier whose day has come to what its facts say, in the foreground."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate
from tqdm import tqdm

from dossier import services
from dossier.champs import jour


class Command(BaseCommand):
    help = "Règle les dossiers dont l'échéance est venue. Interrompue, la commande reprend où elle en était."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--au", type=jour, default=None, help="jour regardé, AAAA-MM-JJ (aujourd'hui)")

    def handle(self, *args: Any, au: date | None, **options: Any) -> None:
        au = au or localdate()
        traites = changes = 0
        with tqdm(total=services.compter_echus(au), unit="dossier", disable=None) as barre:
            for lot in services.regler_echus(au=au):
                traites += lot.traites
                changes += lot.changes
                barre.update(lot.traites)
        self.stdout.write(f"réglés: {traites}, changés: {changes}")
