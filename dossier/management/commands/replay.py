"""``manage.py replay``: the engine on a feed, line by line, with no database."""

import json
import os
import sys
from argparse import ArgumentParser
from datetime import date
from io import TextIOWrapper
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate

from dossier import feed
from dossier.champs import jour_d_option
from dossier.replay import ecrire_replay
from dossier.rules.solde import rejouer

_JSON = json.JSONEncoder(ensure_ascii=False).encode


class Command(BaseCommand):
    help = "Rejoue un flux de dossiers (entrée standard) et écrit un résultat par ligne (sortie standard)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--au", type=jour_d_option, default=None, help="jour regardé, AAAA-MM-JJ (aujourd'hui)")
        parser.add_argument("--connu-le", type=jour_d_option, default=None, help="ce qui était connu ce jour-là (--au)")

    def handle(self, *args: Any, au: date | None, connu_le: date | None, **options: Any) -> None:
        au = au or localdate()
        try:
            erreurs = self.rejouer(au, connu_le)
            sys.stdout.flush()
        except BrokenPipeError:  # the reader has had enough, as ``head`` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        if erreurs:
            sys.exit(1)

    def rejouer(self, au: date, connu_le: date | None) -> int:
        """One line out for a line in; how many could not be replayed."""
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # whatever the terminal's locale
        erreurs = 0
        for numero, brut in feed.lignes(sys.stdin.buffer):
            try:
                ligne = feed.lire_ligne(brut)
            except feed.LigneRefusee as refus:
                erreurs += 1
                resultat = {"ligne": numero, "neph": refus.neph, "erreur": refus.raison}
            else:
                resultat = ecrire_replay(ligne.neph, rejouer(ligne.parcours, au, connu_le))
            sys.stdout.write(_JSON(resultat) + "\n")
        return erreurs
