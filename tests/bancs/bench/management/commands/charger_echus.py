"""``charger_echus N --avant DAY --au DAY``: N synthetic drivers of a day, for whom something falls due by another."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.synthese.synthese import dossiers
from dossier import services
from dossier.feed import LigneDossier, lire_ligne
from dossier.rules.prevision import prochaine_echeance
from dossier.rules.solde import rejouer

GRAINE = 20260102
LOT = 1000


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("combien", type=int)
        parser.add_argument("--avant", type=date.fromisoformat)
        parser.add_argument("--au", type=date.fromisoformat)

    def handle(self, *args: Any, combien: int, avant: date, au: date, **options: Any) -> None:
        lot: list[LigneDossier] = []
        charges = 0
        for contenu in dossiers(20 * combien, GRAINE, avant):
            ligne = lire_ligne(json.dumps(contenu).encode())
            echeance = prochaine_echeance(ligne.parcours, rejouer(ligne.parcours, avant))
            if echeance is None or echeance > au:
                continue
            lot.append(ligne)
            if len(lot) == LOT or charges + len(lot) == combien:
                services.import_lot(lignes=lot, au=avant)
                charges += len(lot)
                lot = []
            if charges == combien:
                return
        raise CommandError(f"{charges} dossiers échus seulement")
