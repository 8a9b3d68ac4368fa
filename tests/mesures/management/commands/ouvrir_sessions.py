"""``ouvrir_sessions ADDRESS``: an account without a dossier, and two sessions for every account; prints their keys.

Not through the sign-in form, which the browser tests try: twenty accounts at once would meet its rate limits.
"""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.management.base import BaseCommand
from django.http import HttpRequest

from accounts.models import User
from mespoints.lib.session import NIVEAU_FC, NIVEAU_MOT_DE_PASSE, open_session, set_niveau
from tests.mesures.site import PAR_FRANCECONNECT


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sans_dossier")

    def handle(self, *args: Any, sans_dossier: str, **options: Any) -> None:
        User.objects.create_user(email=sans_dossier, password=None)
        comptes = list(User.objects.exclude(email=None).order_by("email"))
        cles = {compte.email: _ouvrir(compte, NIVEAU_MOT_DE_PASSE) for compte in comptes}
        cles |= {f"{PAR_FRANCECONNECT}{compte.email}": _ouvrir(compte, NIVEAU_FC) for compte in comptes}
        self.stdout.write(json.dumps(cles))


def _ouvrir(compte: User, niveau: str) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(compte.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = compte.get_session_auth_hash()
    if compte.is_staff:  # the desk asks when the password and the code were given
        session["account_authentication_methods"] = [{"method": m, "at": time.time()} for m in ("password", "mfa")]
        session["account_authentication_methods_user"] = str(compte.pk)
    demande = HttpRequest()
    demande.session = session
    set_niveau(demande, niveau)
    open_session(demande)
    session.create()
    return str(session.session_key)
