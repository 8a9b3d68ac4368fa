"""``manage.py import_attestations``: what centres attest: each becomes a fact, or is refused and kept."""

import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from dossier.champs import jour_d_option
from stages.feed import TableauIllisible
from stages.management.importation import ecrire_rejets, importer_attestations

COLONNES = "neph;nom_naissance;agrement;session;date_debut;date_fin;heures;cas;recue_le"


class Command(BaseCommand):
    help = (
        f"Charge des attestations de stage (CSV : {COLONNES}) et règle les dossiers. Une attestation refusée est "
        "gardée avec son motif, que le conducteur lit ; une ligne illisible, ou de personne, est rejetée. Un même "
        "fichier peut être chargé deux fois."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier", metavar="FICHIER", type=Path)
        parser.add_argument("--au", type=jour_d_option, default=None, help="jour de l'enregistrement (aujourd'hui)")

    def handle(self, *args: Any, fichier: Path, au: date | None, **options: Any) -> None:
        try:
            bilan = importer_attestations(fichier, au=au or localdate())
            rejets = ecrire_rejets(fichier, bilan)
        except OSError as erreur:
            raise CommandError(f"{fichier} : {erreur.strerror}.") from None
        except TableauIllisible as erreur:
            raise CommandError(f"{fichier} : {erreur} Rien n'a été enregistré.") from None
        self.stdout.write(
            f"enregistrées: {bilan.nouveaux}, refusées: {bilan.refusees}, inchangées: {bilan.inchanges}, "
            f"rejetées: {len(bilan.rejets)}"
        )
        if rejets:
            self.stderr.write(f"Lignes rejetées : {rejets}")
            sys.exit(1)
