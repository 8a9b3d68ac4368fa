"""``ouvrir_sessions ADDRESS``: an account without a dossier, and two sessions for every account; prints their keys.

Not through the sign-in form, which the browser tests try: twenty accounts at once would meet its rate limits.
"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import User
from mespoints.lib.visiteur import NIVEAU_FC
from tests.bancs.bench.sessions import ouvrir_session
from tests.bancs.mesures.site import PAR_FRANCECONNECT


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sans_dossier")

    def handle(self, *args: Any, sans_dossier: str, **options: Any) -> None:
        User.objects.create_user(email=sans_dossier, password=None)
        comptes = list(User.objects.exclude(email=None).order_by("email"))
        cles = {compte.email: ouvrir_session(compte) for compte in comptes}
        cles |= {f"{PAR_FRANCECONNECT}{compte.email}": ouvrir_session(compte, NIVEAU_FC) for compte in comptes}
        self.stdout.write(json.dumps(cles))
