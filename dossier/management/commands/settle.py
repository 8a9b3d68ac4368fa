"""``manage.py settle``: bring every dossier whose day has come to what its facts say, in the foreground."""

import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate
from tqdm import tqdm

from dossier import nuit
from dossier.champs import jour_d_option
from dossier.livre import JourAVenir


class Command(BaseCommand):
    help = "Règle les dossiers dont l'échéance est venue. Interrompue, la commande reprend où elle en était."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--au", type=jour_d_option, default=None, help="jour regardé, AAAA-MM-JJ (aujourd'hui)")
        parser.add_argument(
            "--tous", action="store_true", help="tous les dossiers, échus ou non : après un changement de règle"
        )
        parser.add_argument("--apres", type=int, default=0, help="avec --tous : reprendre après ce dossier")

    def handle(self, *args: Any, au: date | None, tous: bool, apres: int, **options: Any) -> None:
        au = au or localdate()
        try:
            self._tous(au, apres) if tous else self._passage(au)
        except JourAVenir as faute:
            raise CommandError(str(faute)) from None

    def _passage(self, au: date) -> None:
        passage = nuit.ouvrir_passage(jour=au)
        traites = changes = 0
        with tqdm(total=nuit.compter_echus(au), unit="dossier", disable=None) as barre:
            while lot := nuit.settle_lot(passage=passage):
                traites += lot.traites
                changes += lot.changes
                barre.update(lot.traites)
        nuit.terminer(passage)
        laisses = passage.incidents.count()
        self.stdout.write(f"réglés: {traites - laisses}, changés: {changes}, laissés: {laisses}")
        if laisses:
            sys.exit(1)

    def _tous(self, au: date, apres: int) -> None:
        """Say where it is on each batch: cut, it is taken up from there."""
        changes, laisses = 0, []
        souvent = 0.1 if sys.stderr.isatty() else 60  # seconds: without a terminal too, for --apres
        with tqdm(total=nuit.compter(apres), unit="dossier", mininterval=souvent) as barre:
            for dernier, changes_du_lot, laisses_du_lot in nuit.settle_tous(jour=au, apres=apres):
                changes += changes_du_lot
                laisses += laisses_du_lot
                barre.set_postfix_str(f"--apres {dernier}", refresh=False)
                barre.update(nuit.LOT)
        self.stdout.write(f"changés: {changes}, laissés: {len(laisses)}")
        if laisses:
            self.stdout.write(f"dossiers n° {', '.join(map(str, laisses))} : grand livre incohérent")
            sys.exit(1)
