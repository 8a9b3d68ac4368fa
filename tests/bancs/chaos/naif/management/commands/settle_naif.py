"""``manage.py settle_naif``: what settling would be if one only thought of the happy case."""

import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from dossier import livre, nuit
from dossier.models import Dossier, Mouvement, PassageLot
from dossier.rules.prevision import prochaine_echeance
from dossier.rules.solde import rejouer

LOT = 50
PAUSE = 0.01  # seconds a dossier: on a fast disk, one process would be through while the other starts


class Command(BaseCommand):
    help = "Règle les dossiers échus sans verrou, sans clé unique, une validation par ligne."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--au", type=date.fromisoformat, required=True)

    def handle(self, *args: Any, au: date, **options: Any) -> None:
        passage = nuit.ouvrir_passage(jour=au)
        while cles := list(
            Dossier.objects.filter(prochaine_echeance__lte=au)
            .order_by("prochaine_echeance", "pk")
            .values_list("pk", flat=True)[:LOT]
        ):
            for tenu in livre.lire(cles):  # its locks go with its own statement: nothing holds a transaction open
                time.sleep(PAUSE)
                _settle(tenu, au)
            PassageLot.objects.create(passage=passage, traites=len(cles), changes=len(cles))
        nuit.terminer(passage)


def _settle(tenu: livre.Livre, au: date) -> None:
    replay = rejouer(tenu.parcours, au)
    ecarts = livre.ecarts(tenu.postes, replay)
    solde = tenu.postes[-1].solde if tenu.postes else 0
    for voulu, reprise in ecarts.a_poser:
        solde += voulu.points
        Mouvement.objects.create(
            dossier_id=tenu.id,
            date=voulu.date,
            nature=voulu.nature,
            points=voulu.points,
            solde=solde,
            plafond=voulu.plafond,
            fait=voulu.fait,
            article=voulu.article,
            explication=voulu.explication,
            reprise=reprise,
        )
    Dossier.objects.filter(pk=tenu.id).update(
        points=replay.points,
        plafond=replay.plafond,
        etat=replay.etat,
        prochaine_echeance=prochaine_echeance(tenu.parcours, replay),
        mis_a_jour_le=au,
    )
