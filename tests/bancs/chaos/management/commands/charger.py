"""``manage.py charger``: synthetic dossiers loaded as they stood on a day of the past: a later night has much to do."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from demo.synthese.synthese import dossiers
from dossier import services
from dossier.feed import lire_ligne

LOT = 1000


class Command(BaseCommand):
    help = "Charge des dossiers synthétiques tels qu'ils étaient un jour donné."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, required=True)
        parser.add_argument("--seed", type=int, required=True)
        parser.add_argument("--au", type=date.fromisoformat, required=True)

    def handle(self, *args: Any, count: int, seed: int, au: date, **options: Any) -> None:
        lignes = [lire_ligne(json.dumps(contenu).encode()) for contenu in dossiers(count, seed, au)]
        for debut in range(0, count, LOT):
            services.import_lot(lignes=lignes[debut : debut + LOT], au=au)
