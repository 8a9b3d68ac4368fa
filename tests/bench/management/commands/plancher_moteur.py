"""``plancher_moteur --au DAY``: seconds, then processor seconds, of the engine alone on every history of a night."""

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
        depart, processeur = time.perf_counter(), time.process_time()
        for un in parcours:
            rejouer(un, au)
        self.stdout.write(f"{time.perf_counter() - depart:.3f} {time.process_time() - processeur:.3f}")
