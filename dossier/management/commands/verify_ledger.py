"""``manage.py verify_ledger``: every dossier replayed and compared with what is posted and with its snapshot."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from dossier import livre, nuit, services
from dossier.models import Dossier

PAGE = 1000


class Command(BaseCommand):
    help = "Rejoue chaque dossier et le compare au grand livre et à la photo. Code 1 si l'un d'eux diffère."

    def handle(self, *args: Any, **options: Any) -> None:
        debut, verifies, faux = timezone.now(), 0, 0
        for tenu in tqdm(livre.parcourir(PAGE), total=Dossier.objects.count(), unit="dossier", disable=None):
            verifies += 1
            raisons = services.verifier(tenu)
            if raisons:
                faux += 1
                self.stdout.write(f"dossier n° {tenu.id} : {' ; '.join(raisons)}")
        self.stdout.write(f"vérifiés: {verifies}, différents: {faux}")
        if not nuit.write_verification(started_at=debut, verifies=verifies, differents=faux):
            self.stderr.write("Base en lecture seule : ce résultat n'est pas inscrit.")
        if faux:
            sys.exit(1)
