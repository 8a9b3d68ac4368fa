"""Holders signed in, for the measures: the session that a browser would send."""

import time

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest

from accounts.models import Rattachement, User
from accounts.services import attach_dossier
from mespoints.lib.session import open_session


def ouvrir(dossier_id: int, email: str) -> str:
    """Make an account attached to this dossier and sign it in; give the session's key."""
    compte = User.objects.create_user(email=email, password=None)
    attach_dossier(user=compte, dossier_id=dossier_id, origine=Rattachement.Origine.NUMERO)
    session = __import__(settings.SESSION_ENGINE, fromlist=["SessionStore"]).SessionStore()
    session[SESSION_KEY] = str(compte.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = compte.get_session_auth_hash()
    session["ouverte_a"] = session["renouvelee_a"] = int(time.time())
    demande = HttpRequest()
    demande.session = session
    open_session(demande)
    session.create()
    return str(session.session_key)
