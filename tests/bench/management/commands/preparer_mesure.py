"""``preparer_mesure N``: a holder with N movements in ten years, signed in; prints the session's key."""

import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management.base import BaseCommand
from django.http import HttpRequest
from django.utils.timezone import localdate

from accounts.models import Rattachement, User
from accounts.services import attach_dossier
from mespoints.lib.session import open_session
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
        compte = User.objects.create_user(email=f"mesure{mouvements}@exemple.fr", password=None)
        attach_dossier(user=compte, dossier_id=tenu.pk, origine=Rattachement.Origine.NUMERO)
        session = __import__(settings.SESSION_ENGINE, fromlist=["SessionStore"]).SessionStore()
        session[SESSION_KEY] = str(compte.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = compte.get_session_auth_hash()
        session["ouverte_a"] = session["renouvelee_a"] = int(time.time())
        demande = HttpRequest()
        demande.session = session
        open_session(demande)
        session.create()
        self.stdout.write(session.session_key)
