"""``plancher_moteur --au DAY``: seconds of the engine alone on every history that a night has touched."""

import gc
import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from dossier import livre
from dossier.rules.solde import rejouer


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--au", type=date.fromisoformat)

    def handle(self, *args: Any, au: date, **options: Any) -> None:
        parcours = [tenu.parcours for tenu in livre.parcourir(1000) if len(tenu.postes) > 1]
        gc.collect()
        gc.freeze()
        depart = time.perf_counter()
        for un in parcours:
            rejouer(un, au)
        self.stdout.write(f"{time.perf_counter() - depart:.3f}")
