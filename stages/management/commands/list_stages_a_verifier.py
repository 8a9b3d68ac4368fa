"""``manage.py list_stages_a_verifier``: announced courses without attestation, and 48N late or missing, for staff."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from dossier.champs import jour_d_option
from dossier.rules.francais import en_francais
from mespoints.lib.visiteur import LECTURE, Agent
from stages import selectors
from stages.importation import fichier_prive
from stages.rules.lieux import lire_departement
from stages.selectors import Retard

TITRES = ("sujet", "motif", "limite", "fin du stage", "agrement", "departement", "dossier", "neph", "nom")


class Command(BaseCommand):
    help = (
        "Liste les stages annoncés sans attestation depuis quinze jours ou un mois, et les lettres 48N dont le stage "
        "manque ou a été suivi en retard. À l'écran, le numéro interne du dossier ; avec --fichier, un CSV lisible de "
        "son seul propriétaire, avec le NEPH et le nom."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--au", type=jour_d_option, default=None, help="jour regardé, AAAA-MM-JJ (aujourd'hui)")
        parser.add_argument(
            "--departement",
            default="",
            help="numéro ou nom : du centre, ou de l'adresse du conducteur ; qui n'en a pas de connue est de tous",
        )
        parser.add_argument("--fichier", type=Path, default=None, help="CSV à écrire")

    def handle(self, *args: Any, au: date | None, departement: str, fichier: Path | None, **options: Any) -> None:
        jour, code = au or localdate(), lire_departement(departement) if departement else ""
        if code is None:
            raise CommandError(f"« {departement} » n'est pas un département.")
        pour = Agent(LECTURE, code, 0) if code else None  # what a préfecture's desk shows
        annonces = selectors.list_annonces_sans_attestation(au=jour, pour=pour)
        retards = [("annonce sans attestation", r) for r in annonces]
        retards += [("48N", r) for r in selectors.list_48n_en_defaut(au=jour, pour=pour)]
        if fichier is not None:
            try:
                with fichier_prive(fichier) as ecrire:
                    ecrire(TITRES)
                    for sujet, retard in retards:
                        ecrire([*_public(sujet, retard), retard.neph, retard.nom])
            except OSError as erreur:
                raise CommandError(f"{fichier} : {erreur.strerror}.") from None
        else:
            for sujet, retard in retards:
                self.stdout.write(";".join(_public(sujet, retard)))
        sans_attestation = sum(sujet != "48N" for sujet, _ in retards)
        self.stdout.write(f"annonces sans attestation: {sans_attestation}, 48N: {len(retards) - sans_attestation}")


def _public(sujet: str, retard: Retard) -> list[str]:
    """What may be printed: nothing that says who."""
    fin = en_francais(retard.date_fin) if retard.date_fin else ""
    numero = str(retard.dossier_id)
    return [sujet, retard.motif, en_francais(retard.limite), fin, retard.agrement, retard.departement, numero]
