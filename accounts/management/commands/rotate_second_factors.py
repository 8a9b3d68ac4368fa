"""Encrypts the secrets of second factors again, before the SECRET_KEY that encrypted them is forgotten."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from accounts.compte.second_facteur import rotate


class Command(BaseCommand):
    help = (
        "Rechiffre avec SECRET_KEY les secrets des seconds facteurs qu'une clé de SECRET_KEY_FALLBACKS a chiffrés. À "
        "lancer quand tous les serveurs ont la nouvelle clé, et de nouveau avant d'oublier l'ancienne : 0 rechiffré. "
        "Interrompue, elle se relance. Code 1 si des secrets sont illisibles : SECRET_KEY_FALLBACKS n'a pas leur clé."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        fait = rotate()
        self.stdout.write(f"rechiffrés: {fait.rechiffres}, à jour: {fait.a_jour}, illisibles: {fait.illisibles}")
        if fait.illisibles:
            sys.exit(1)
