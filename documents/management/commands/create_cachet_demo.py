"""A key that seals demonstration documents, and its certificate, in a folder of this machine."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from documents.seal import fabriquer_demonstration

CLE, CERTIFICAT = "cachet.cle.pem", "cachet.pem"


class Command(BaseCommand):
    help = "Fabrique la clé et le certificat du cachet de démonstration, s'ils n'y sont pas déjà."
    requires_system_checks = ()  # they would say that the key is missing

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dossier", type=Path)

    def handle(self, *, dossier: Path, **_options: Any) -> None:
        if (dossier / CLE).exists() and (dossier / CERTIFICAT).exists():
            return
        cle, certificat = fabriquer_demonstration(timezone.now())
        for nom, octets in ((CLE, cle), (CERTIFICAT, certificat)):
            brouillon = dossier / f"{nom}.{os.getpid()}"
            with os.fdopen(os.open(brouillon, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as fichier:
                fichier.write(octets)
            brouillon.replace(dossier / nom)
