"""Withdraw the ADCS issued between two moments: after a key was stolen, or a fault of ours in what they say."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from documents.verification.statuts import annuler


class Command(BaseCommand):
    help = (
        "Retire les ADCS émises entre deux instants : qui les vérifie lit de ne plus les accepter. Sans --oui, les "
        "compte seulement. Après le vol d'une clé, retirer aussi son certificat de ADCS_CERTIFICATS."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--du", type=_moment, required=True, help="2026-11-21T00:00, heure de Paris, compris")
        parser.add_argument("--au", type=_moment, required=True, help="2026-11-22T00:00, heure de Paris, exclu")
        parser.add_argument("--oui", action="store_true", help="les retirer vraiment : c'est définitif")

    def handle(self, *, du: datetime, au: datetime, oui: bool, **_options: Any) -> None:
        nombre = annuler(du=du, au=au, pour_de_bon=oui)
        self.stdout.write(f"{nombre} ADCS {'retirées' if oui else 'à retirer : ajoutez --oui'}.")


def _moment(texte: str) -> datetime:
    try:
        moment = parse_datetime(texte)
    except ValueError:
        moment = None
    if moment is None:
        raise ArgumentTypeError(f"« {texte} » n'est pas une date et une heure comme 2026-11-21T14:32.")
    return moment if moment.tzinfo else timezone.make_aware(moment)
