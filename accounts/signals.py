"""A sign-in gives the session the level of its door."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from mespoints.lib.session import NIVEAU_MOT_DE_PASSE, renew_session, set_niveau


# Django's signal, which allauth sends too: every door lowers the level; the FranceConnect view raises it afterwards.
@receiver(user_logged_in, dispatch_uid="accounts.niveau")
def on_login(sender: object, request: HttpRequest, **kwargs: Any) -> None:
    """Start at the lowest level, whatever the session knew before."""
    set_niveau(request, NIVEAU_MOT_DE_PASSE)
    renew_session(request)
