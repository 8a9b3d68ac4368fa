"""``manage.py import_centres``: a préfecture's list of centres; shows what it changes, and applies it when asked."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from dossier.champs import jour_d_option
from dossier.rules.francais import en_francais
from stages.importation import dire_les_rejets, ecrire_rejets, importer_centres, lire_liste, refuser_en_clair
from stages.rules.lieux import ecrire_agrement
from stages.services import Difference, Liste

COLONNES = "agrement;nom;adresse;code_postal;commune;departement;agree_du;agree_au"


class Command(BaseCommand):
    help = (
        f"Compare une liste de centres (CSV : {COLONNES}) à ceux qui sont enregistrés et montre la différence ; "
        "--appliquer l'enregistre. Les départements de la liste y sont entiers : un centre qui n'y figure plus est "
        "retiré, sauf si une ligne est refusée ou avec --partielle."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier", metavar="FICHIER", type=Path)
        parser.add_argument("--source", required=True, help="qui publie la liste, par exemple « Préfecture du Rhône »")
        parser.add_argument("--liste-du", required=True, type=jour_d_option, help="date de la liste, AAAA-MM-JJ")
        parser.add_argument("--exemple", action="store_true", help="des centres inventés : les pages le disent")
        parser.add_argument("--partielle", action="store_true", help="la liste n'est pas entière : ne retire rien")
        parser.add_argument("--appliquer", action="store_true", help="enregistre la différence")

    def handle(self, *args: Any, fichier: Path, source: str, liste_du: date, appliquer: bool, **options: Any) -> None:
        with refuser_en_clair(fichier):
            lignes, bilan = lire_liste(fichier)
            rejets = ecrire_rejets(fichier, bilan)
            complete = not bilan.rejets and not options["partielle"]
            liste = Liste(source, liste_du, options["exemple"], complete)
            difference = importer_centres(lignes, liste, appliquer=appliquer)
        if options["verbosity"]:
            for texte in difference_en_lignes(difference):
                self.stdout.write(texte)
        compte = (
            f"nouveaux: {len(difference.nouveaux)}, modifiés: {len(difference.modifies)}, "
            f"retirés: {len(difference.retires)}, confirmés: {len(difference.confirmes)}, "
            f"inchangés: {difference.inchanges}, refusés: {len(bilan.rejets)}"
        )
        self.stdout.write(compte)
        if not appliquer and not difference.vide:
            self.stdout.write("Rien n'est enregistré : relancez avec --appliquer.")
        dire_les_rejets(self, rejets, ". Aucun centre n'a été retiré.")


def difference_en_lignes(difference: Difference) -> Iterator[str]:
    """The difference as text: « + » comes, « ~ » changes (what was, what will be), « - » goes."""
    for ligne in difference.nouveaux:
        yield f"+ {_numero(ligne.agrement)} {ligne.nom}, {ligne.code_postal} {ligne.commune}"
    for modification in difference.modifies:
        yield f"~ {_numero(modification.centre.agrement)} {modification.centre.nom}"
        for champ in modification.champs:
            apres = getattr(modification.ligne, champ, None)
            yield f"    {champ} : {_valeur(getattr(modification.centre, champ))} -> {_valeur(apres)}"
    for centre in difference.retires:
        yield f"- {_numero(centre.agrement)} {centre.nom}, {centre.code_postal} {centre.commune}"


def _numero(agrement: str) -> str:
    return ecrire_agrement(agrement).replace("\u00a0", " ")


def _valeur(valeur: object) -> str:
    if valeur is None:
        return "rien"
    return en_francais(valeur) if isinstance(valeur, date) else str(valeur)
