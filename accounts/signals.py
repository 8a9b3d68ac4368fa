"""A sign-in gives the session the level of its door, and its owner is told."""

from typing import Any

from allauth.account.signals import password_reset
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.limites import CONNEXION, oublier
from accounts.models import User
from accounts.securite import record_connexion
from mespoints.lib.session import NIVEAU_MOT_DE_PASSE, renew_session, set_niveau

#: The doors, by the backend that opened them.
PORTES = {"accounts.backends.CompteBackend": "votre adresse électronique et votre mot de passe"}
FRANCECONNECT = "FranceConnect"


# Django's signal, which allauth sends too: every door lowers the level; the FranceConnect view raises it afterwards.
@receiver(user_logged_in, dispatch_uid="accounts.niveau")
def on_login(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Start at the lowest level, whatever the session knew before; write to the owner in the same breath."""
    set_niveau(request, NIVEAU_MOT_DE_PASSE)
    renew_session(request)
    record_connexion(user, request, porte=PORTES.get(getattr(user, "backend", ""), FRANCECONNECT))


@receiver(password_reset, dispatch_uid="accounts.essais_oublies")
def on_password_reset(sender: object, user: User, **kwargs: Any) -> None:
    """Who holds the mailbox has proved who they are: the tries of others make them wait no more."""
    oublier(CONNEXION, user.email)
