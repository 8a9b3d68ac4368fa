"""The keys of the demonstration, in a folder of this machine: one seals the documents, the other signs the codes."""

import os
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from documents.code.cles import fabriquer

#: The files of a key and of its certificate, by the name of their holder.
CLES = {
    "Cachet de démonstration, sans valeur": ("cachet.cle.pem", "cachet.pem"),
    "Codes de démonstration, sans valeur": ("adcs.cle.pem", "adcs.pem"),
}


class Command(BaseCommand):
    help = "Fabrique les clés et les certificats de la démonstration (cachet, codes), ceux qui ne sont pas déjà là."
    requires_system_checks = ()  # they would say that the keys are missing

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dossier", type=Path)

    def handle(self, *, dossier: Path, **_options: Any) -> None:
        now = timezone.now()
        for nom, fichiers in CLES.items():
            if not all((dossier / fichier).exists() for fichier in fichiers):
                couple = fabriquer(now - timedelta(days=1), now + timedelta(days=730), nom)
                for fichier, octets in zip(fichiers, couple, strict=True):
                    _ecrire(dossier / fichier, octets)


def _ecrire(chemin: Path, octets: bytes) -> None:
    """The whole file or none, for its owner alone."""
    brouillon = chemin.with_name(f"{chemin.name}.{os.getpid()}")
    with os.fdopen(os.open(brouillon, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as flux:
        flux.write(octets)
    brouillon.replace(chemin)
