"""Sessions already open, for the measures and the browser: the key that a browser would send."""

import time
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest

from accounts.models import Rattachement, User
from accounts.services import attach_dossier
from mespoints.lib.session import open_session
from mespoints.lib.visiteur import NIVEAU_MOT_DE_PASSE, set_niveau


def ouvrir(dossier_id: int, email: str) -> str:
    """Make an account attached to this dossier and sign it in; give the session's key."""
    compte = User.objects.create_user(email=email, password=None)
    attach_dossier(user=compte, dossier_id=dossier_id, origine=Rattachement.Origine.NUMERO)
    return ouvrir_session(compte)


def ouvrir_session(compte: User, niveau: str = NIVEAU_MOT_DE_PASSE) -> str:
    """Sign an account in, an agent with the code just given; give the session's key."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
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
