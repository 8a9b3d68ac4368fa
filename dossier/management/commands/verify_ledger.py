"""``manage.py verify_ledger``: every dossier replayed and compared with what is posted and with its snapshot."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from dossier import livre, nuit, services
from dossier.models import Dossier

PAGE = 1000


class Command(BaseCommand):
    help = "Rejoue chaque dossier et le compare au grand livre et à la photo. Code 1 si l'un d'eux diffère."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            livre.refuser_l_avenir(timezone.localdate())
        except livre.JourAVenir as faute:
            raise CommandError(str(faute)) from None
        debut, verifies, faux, en_avance = timezone.now(), 0, 0, 0
        present = livre.aujourd_hui()
        for tenu in tqdm(livre.parcourir(PAGE), total=Dossier.objects.count(), unit="dossier", disable=None):
            verifies += 1
            raisons = services.verifier(tenu)
            if livre.va_au_dela(tenu, present):
                present = livre.aujourd_hui()  # midnight may have passed since
                en_avance += len(a_venir := livre.lignes_a_venir(tenu, present))
                raisons += a_venir
            if raisons:
                faux += 1
                self.stdout.write(f"dossier n° {tenu.id} : {' ; '.join(raisons)}")
        self.stdout.write(f"vérifiés: {verifies}, différents: {faux}")
        if en_avance:
            self.stdout.write(f"lignes d'un jour à venir: {en_avance}")
        if not nuit.write_verification(started_at=debut, verifies=verifies, differents=faux):
            self.stderr.write("Base en lecture seule : ce résultat n'est pas inscrit.")
        if faux:
            sys.exit(1)
