"""``manage.py replay``: the engine on a feed, line by line, with no database."""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate

from dossier import feed
from dossier.champs import jour
from dossier.replay import ecrire_replay
from dossier.rules.solde import rejouer

_JSON = json.JSONEncoder(ensure_ascii=False).encode


def un_jour(valeur: str) -> date:
    """A date of the command line."""
    lu: date = jour(valeur)
    return lu


class Command(BaseCommand):
    help = "Rejoue un flux de dossiers (entrée standard) et écrit un résultat par ligne (sortie standard)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--au", type=un_jour, default=None, help="jour regardé, AAAA-MM-JJ (aujourd'hui)")
        parser.add_argument("--connu-le", type=un_jour, default=None, help="ce qui était connu ce jour-là (--au)")

    def handle(self, *args: Any, au: date | None, connu_le: date | None, **options: Any) -> None:
        au = au or localdate()
        sortie = sys.stdout
        erreurs = 0
        for numero, brut in feed.lignes(sys.stdin.buffer):
            try:
                ligne = feed.lire_ligne(brut)
            except feed.LigneRefusee as refus:
                erreurs += 1
                resultat = {"ligne": numero, "neph": refus.neph, "erreur": refus.raison}
            else:
                resultat = ecrire_replay(ligne.neph, rejouer(ligne.parcours, au, connu_le))
            sortie.write(_JSON(resultat) + "\n")
        if erreurs:
            sys.exit(1)
