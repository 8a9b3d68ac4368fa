"""``manage.py import_attestations``: what centres attest: each becomes a fact, or is refused and kept."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate

from dossier.champs import jour_d_option
from stages.importation import dire_les_rejets, ecrire_rejets, importer_attestations, refuser_en_clair

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
        with refuser_en_clair(fichier):
            bilan = importer_attestations(fichier, au=au or localdate())
            rejets = ecrire_rejets(fichier, bilan)
        self.stdout.write(
            f"enregistrées: {bilan.nouveaux}, refusées: {bilan.refusees}, inchangées: {bilan.inchanges}, "
            f"rejetées: {len(bilan.rejets)}"
        )
        dire_les_rejets(self, rejets)
