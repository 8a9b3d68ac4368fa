"""``preparer_documents N``: N holders of a usual licence, signed in; one line each, the dossier and the session."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate

from dossier.models import Dossier
from tests.bancs.bench.sessions import ouvrir
from tests.documents.dossiers import CAMILLE, CATEGORIES
from tests.dossier.lignes import PERMIS, importer, infraction, ligne

#: Offences of one point: a RII of six pages.
INFRACTIONS = 36


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("combien", type=int)

    def handle(self, *args: Any, combien: int, **options: Any) -> None:
        au = localdate()
        jours = [(au - timedelta(days=3600 - 90 * n)).isoformat() for n in range(INFRACTIONS)]
        faits = [infraction(f"i{n}", jour, jour, 1, classe=2, etablie_par="paiement") for n, jour in enumerate(jours)]
        nephs = [f"9901760{n:05d}" for n in range(combien)]
        lignes = [ligne(PERMIS, *faits, neph=neph, **CAMILLE) | {"categories": CATEGORIES} for neph in nephs]
        importer(*lignes, au=au)
        for neph in nephs:
            cle = Dossier.objects.get(neph=neph).pk
            self.stdout.write(f"{cle} {ouvrir(cle, f'documents{neph}@exemple.fr')}")
