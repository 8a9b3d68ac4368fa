"""``manage.py settle``: bring every dossier whose day has come to what its facts say, in the foreground."""

import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate
from tqdm import tqdm

from dossier import nuit
from dossier.champs import jour_d_option


class Command(BaseCommand):
    help = "Règle les dossiers dont l'échéance est venue. Interrompue, la commande reprend où elle en était."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--au", type=jour_d_option, default=None, help="jour regardé, AAAA-MM-JJ (aujourd'hui)")

    def handle(self, *args: Any, au: date | None, **options: Any) -> None:
        au = au or localdate()
        passage = nuit.ouvrir_passage(jour=au)
        traites = changes = 0
        with tqdm(total=nuit.compter_echus(au), unit="dossier", disable=None) as barre:
            while lot := nuit.regler_un_lot(passage=passage):
                traites += lot.traites
                changes += lot.changes
                barre.update(lot.traites)
        nuit.terminer(passage)
        laisses = passage.incidents.count()
        self.stdout.write(f"réglés: {traites - laisses}, changés: {changes}, laissés: {laisses}")
        if laisses:
            sys.exit(1)
