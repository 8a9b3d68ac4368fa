"""``manage.py effacer_mentions``: erase what L. 225-2 orders to, by the one door that the ledger has.

Run as the owner of the tables. Says what would go unless ``--pour-de-bon``; the next night posts again what is left.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils.timezone import localdate
from tqdm import tqdm

from dossier import livre
from dossier.champs import jour_d_option

PAGE = 1000
#: Dossiers that hold a mention; whether its ten years have run is the function's to say.
CANDIDATS = """
    SELECT DISTINCT dossier_id FROM dossier_fait
    WHERE dossier_id > %s AND type IN ('infraction', 'suspension', 'invalidation', 'annulation')
    ORDER BY dossier_id LIMIT %s
"""


class Command(BaseCommand):
    help = "Efface les mentions dont les dix ans sont passés (L. 225-2). Sans --pour-de-bon, compte seulement."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--au", type=jour_d_option, default=None, help="jour regardé, AAAA-MM-JJ (aujourd'hui)")
        parser.add_argument("--pour-de-bon", action="store_true")

    def handle(self, *args: Any, au: date | None, pour_de_bon: bool, **options: Any) -> None:
        touches = lignes = 0
        if pour_de_bon:
            try:
                livre.refuser_l_avenir(au or localdate())
            except livre.JourAVenir as faute:
                raise CommandError(str(faute)) from None
        for dossier_id in tqdm(_candidats(), unit="dossier", disable=None):
            parties = _effacer(dossier_id, au or localdate(), pour_de_bon)
            touches += parties > 0
            lignes += parties
        essai = "" if pour_de_bon else " (essai : rien n'est effacé)"
        self.stdout.write(f"dossiers: {touches}, lignes: {lignes}{essai}")


def _candidats() -> Iterator[int]:
    dernier, page = 0, [(0,)]
    while page:
        with connection.cursor() as curseur:
            curseur.execute(CANDIDATS, [dernier, PAGE])
            page = curseur.fetchall()
        for (dernier,) in page:
            yield dernier


def _effacer(dossier_id: int, au: date, pour_de_bon: bool) -> int:
    """One dossier, one transaction: how many rows went, or would go."""
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SELECT effacer_mentions(%s, %s)", [dossier_id, au])
        transaction.set_rollback(not pour_de_bon)
        return int(curseur.fetchone()[0])
