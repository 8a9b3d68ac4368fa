"""The centres, sessions and attestations of the demonstration: ``python -m demo.stages --dossier OUTDIR [--au DATE]``.

All invented, and marked as such. Writes three CSV and loads them through the commands that a préfecture would use; the
sessions follow the day, the attestations follow the drivers' facts, written once. May be run again.
"""

import argparse
import csv
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.utils.timezone import localdate

from demo.identites import IDENTITES

SOURCE = "Liste d'exemple, inventée pour la démonstration"
#: Département, postcode, commune: where the invented centres are.
VILLES = (
    ("13", "13006", "Marseille"),
    ("13", "13100", "Aix-en-Provence"),
    ("31", "31000", "Toulouse"),
    ("33", "33000", "Bordeaux"),
    ("38", "38000", "Grenoble"),
    ("44", "44000", "Nantes"),
    ("45", "45000", "Orléans"),
    ("59", "59000", "Lille"),
    ("63", "63000", "Clermont-Ferrand"),
    ("67", "67000", "Strasbourg"),
    ("69", "69003", "Lyon"),
    ("69", "69100", "Villeurbanne"),
    ("75", "75012", "Paris"),
    ("77", "77000", "Melun"),
    ("92", "92000", "Nanterre"),
    ("93", "93200", "Saint-Denis"),
    ("2A", "20000", "Ajaccio"),
    ("974", "97400", "Saint-Denis"),
)
NOMS = ("Route Sereine", "Bitume et Raison")
#: The centre whose agrément ended: an attestation of it is refused.
PERIME = "R 15 038 0099 0"

Ligne = dict[str, Any]


def agrement(departement: str, rang: int = 12) -> str:
    """The number of an invented centre: ``demo.faits.stage`` names the twelfth of a département."""
    return f"R 19 {departement:0>3} {rang:04} 0"


def centres(au: date) -> list[Ligne]:
    """Two a town: the first of each département bears the number of the personas' courses."""
    lignes = []
    vus: dict[str, int] = {}
    for departement, code_postal, commune in VILLES:
        for nom in NOMS:
            rang = vus[departement] = vus.get(departement, 11) + 1
            lignes.append(
                {
                    "agrement": agrement(departement, rang),
                    "nom": f"{nom} {commune}",
                    "adresse": f"{rang} rue de l'Exemple",
                    "code_postal": code_postal,
                    "commune": commune,
                    "departement": departement,
                    "agree_du": date(au.year - 3, 1, 1),
                    "agree_au": date(au.year + 2, 12, 31),
                }
            )
    perime = lignes[8] | {"agrement": PERIME, "nom": "Ancien Centre Grenoble", "adresse": "99 rue de l'Exemple"}
    return [*lignes, perime | {"agree_du": date(au.year - 7, 1, 1), "agree_au": date(au.year - 2, 12, 31)}]


def sessions(au: date) -> list[Ligne]:
    """Four a centre: Fridays and Saturdays of the coming weeks."""
    vendredi = au + timedelta(days=(4 - au.weekday()) % 7 or 7)
    lignes = []
    for rang, centre in enumerate(centres(au)):
        if centre["agree_au"] < au:
            continue
        for semaine in range(4):
            debut = vendredi + timedelta(weeks=semaine * 2 + rang % 2)
            lignes.append(
                {
                    "agrement": centre["agrement"],
                    "numero": f"{centre['departement']}-{debut:%y%m%d}",
                    "date_debut": debut,
                    "date_fin": debut + timedelta(days=1),
                    "places": 20 if rang % 3 else 12,
                    "lieu": "",
                    "annulee": "non",
                }
            )
    return lignes


def attestations(au: date) -> list[Ligne]:
    """Isabelle's and Sophie's courses, which their facts already hold; Gérard's, in a centre no longer agréé."""
    from dossier.models import Fait

    lues = []
    for cle in ("isabelle", "sophie"):
        identite = IDENTITES[cle]
        faits = Fait.objects.filter(dossier__neph=identite.neph, type="stage").order_by("pk")
        lues += [_attestation(cle, f.contenu["agrement"], date.fromisoformat(f.contenu["date_fin"]), au) for f in faits]
    return [*lues, _attestation("gerard", PERIME, date(au.year - 1, 6, 14), au)]


def _attestation(cle: str, numero: str, fin: date, au: date) -> Ligne:
    identite = IDENTITES[cle]
    return {
        "neph": identite.neph,
        "nom_naissance": identite.nom,
        "agrement": numero,
        "date_debut": fin - timedelta(days=1),
        "date_fin": fin,
        "heures": 14,
        "cas": 1,
        "recue_le": min(fin + timedelta(days=12), au),
    }


def annoncer(au: date) -> None:
    """Mohamed says to have followed a course three weeks ago; nothing came of it."""
    from dossier.selectors import get_dossier_id
    from stages.rules.lieux import lire_agrement
    from stages.selectors import list_annonces_et_attestations
    from stages.services import announce_stage

    dossier_id = get_dossier_id(IDENTITES["mohamed"].neph)
    fin = au - timedelta(days=21)
    if dossier_id is not None and not list_annonces_et_attestations(dossier_id)[0]:
        numero = lire_agrement(agrement("92"))
        announce_stage(dossier_id=dossier_id, agrement=numero, date_fin=fin, nature="volontaire")


def ecrire(chemin: Path, lignes: list[Ligne]) -> Path:
    """A CSV as a spreadsheet writes it."""
    with chemin.open("w", encoding="utf-8", newline="") as fichier:
        tableau = csv.DictWriter(fichier, list(lignes[0]), delimiter=";")
        tableau.writeheader()
        tableau.writerows(lignes)
    return chemin


def charger(dossier: Path, au: date) -> None:
    """Write and load the three files, then the announcement."""
    liste = ("--appliquer", "--exemple", "--source", SOURCE, "--liste-du", f"{au.year - 1}-12-01")
    call_command("import_centres", ecrire(dossier / "centres.csv", centres(au)), *liste, verbosity=0)
    call_command("import_sessions", ecrire(dossier / "sessions.csv", sessions(au)))
    attestees = ecrire(dossier / "attestations.csv", attestations(au))
    call_command("import_attestations", attestees, "--au", au.isoformat())
    annoncer(au)


def main() -> None:
    analyse = argparse.ArgumentParser(prog="python -m demo.stages")
    analyse.add_argument("--dossier", type=Path, required=True)
    analyse.add_argument("--au", type=date.fromisoformat, default=None, help="AAAA-MM-JJ (aujourd'hui)")
    options = analyse.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mespoints.settings.dev")
    django.setup()
    charger(options.dossier, options.au or localdate())


if __name__ == "__main__":
    main()
