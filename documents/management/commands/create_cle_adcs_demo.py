"""A key that signs the codes of demonstration ADCS, and its certificate, in a folder of this machine."""

import os
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from documents.cles import fabriquer

CLE, CERTIFICAT = "adcs.cle.pem", "adcs.pem"


class Command(BaseCommand):
    help = "Fabrique la clé et le certificat des codes de démonstration, s'ils n'y sont pas déjà."
    requires_system_checks = ()  # they would say that the key is missing

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dossier", type=Path)

    def handle(self, *, dossier: Path, **_options: Any) -> None:
        if (dossier / CLE).exists() and (dossier / CERTIFICAT).exists():
            return
        now = timezone.now()
        nom = "Codes de démonstration, sans valeur"
        cle, certificat = fabriquer(now - timedelta(days=1), now + timedelta(days=730), nom)
        for fichier, octets in ((CLE, cle), (CERTIFICAT, certificat)):
            brouillon = dossier / f"{fichier}.{os.getpid()}"
            with os.fdopen(os.open(brouillon, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as flux:
                flux.write(octets)
            brouillon.replace(dossier / fichier)
