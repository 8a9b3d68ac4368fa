"""``preparer_mesure N``: a holder with N movements in ten years, signed in; prints the session's key."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate

from tests.bancs.bench.sessions import ouvrir
from tests.dossier.lignes import dossier, infraction


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("mouvements", type=int)

    def handle(self, *args: Any, mouvements: int, **options: Any) -> None:
        au = localdate()
        # An offence of one point gives at most two movements, a retrait and its return; the last one gives a third.
        pas = 3600 // max(1, mouvements // 2)
        faits = []
        for rang in range(max(1, mouvements // 2)):
            jour = (au - timedelta(days=3620 - pas * rang)).isoformat()
            faits.append(infraction(f"i{rang:03d}", jour, jour, 1, classe=3))
        tenu = dossier(*faits, au=au, neph=f"9901750{mouvements:05d}")
        self.stdout.write(ouvrir(tenu.pk, f"mesure{mouvements}@exemple.fr"))
