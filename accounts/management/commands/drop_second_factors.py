"""Takes the second factors from the account of somebody who lost them, or whose secrets can no longer be read."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.compte.securite import drop_facteurs
from accounts.models import User


class Command(BaseCommand):
    help = (
        "Retire d'un compte ses moyens de double authentification : application, codes de secours, clés d'accès. Son "
        "mot de passe suffit ensuite pour en ajouter d'autres : assurez-vous d'abord, de vive voix, de qui le demande. "
        "Ses sessions sont fermées et son titulaire en est averti."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        try:
            nombre = drop_facteurs(email)
        except User.DoesNotExist:
            raise CommandError("Aucun compte ouvert n'a cette adresse.") from None
        self.stdout.write(f"moyens retirés: {nombre}")
