"""An agent in the administration: a password and a second factor, both given in this session."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from accounts.models import User
from tests.accounts.factories import CompteFactory

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def ajouter_une_application(compte: User) -> Authenticator:
    return TOTP.activate(compte, SECRET).instance


def connecter_agent(
    client: Client, compte: User | None = None, *, preuves: tuple[str, ...] = ("password", "mfa")
) -> User:
    """Sign in an administrator, unless another account is given, who proved themselves by these means."""
    if compte is None:
        compte = CompteFactory(administrateur=True)
        ajouter_une_application(compte)
    client.force_login(compte)
    session = client.session
    session["account_authentication_methods"] = [{"method": preuve, "at": time.time()} for preuve in preuves]
    session["account_authentication_methods_user"] = str(compte.pk)
    session.save()
    return compte
