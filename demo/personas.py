"""The demonstration feed: ``python -m demo.personas [--au DATE] [--dossier OUTDIR]``.

Writes ``01-initial.ndjson`` and ``02-increment.ndjson`` in the format ``mespoints-dossier/1``. The increment holds what
became known late, so that importing the first then the second leaves corrections in the ledger. Every day is relative
to ``au``, except Camille Martin's, which are fixed. ``PERSONAS`` says what each one shows; ``comptes.json`` gives their
accounts, and what those who have none type to make one.
"""

import argparse
import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from demo import situations, situations_fin, situations_sans_compte, situations_vecues
from demo.faits import Json
from demo.identites import IDENTITES, Identite
from demo.situations import Situation

FORMAT = "mespoints-dossier/1"
FICHIERS = ("01-initial.ndjson", "02-increment.ndjson")


class Persona(NamedTuple):
    """A persona: who (a key of ``IDENTITES``), what it shows, and its facts on a day."""

    cle: str
    montre: str
    situation: Callable[[date], Situation]

    @property
    def identite(self) -> Identite:
        """The état civil behind the key."""
        return IDENTITES[self.cle]


PERSONAS: tuple[Persona, ...] = (
    Persona(
        "camille", "12/12 : un point perdu en 2021, rendu au bout de six mois, puis reconstitution totale",
        situations.camille,
    ),
    Persona("julien", "9/12 : trois points perdus récemment, stage possible dès demain", situations.julien),
    Persona(
        "ines", "Permis probatoire à 5/8 : lettre 48N reçue il y a un mois, stage obligatoire", situations.ines
    ),
    Persona("hugo", "Conduite accompagnée, aucune infraction : 9/9 après la première année", situations.hugo),
    Persona(
        "chloe", "Formation complémentaire suivie : délai probatoire ramené à deux ans, 8/8", situations.chloe
    ),
    Persona(
        "manon", "Conduite supervisée, 10/10 : le délai probatoire s'achève dans six jours", situations.manon
    ),
    Persona(
        "thomas", "12/12, mais permis suspendu pour raison médicale : les points et l'état sont deux choses",
        situations.thomas,
    ),
    Persona(
        "karim", "Solde nul sans lettre 48SI : le permis est encore valable, un stage peut le sauver", situations.karim
    ),
    Persona(
        "sebastien", "Permis invalidé : lettre 48SI reçue il y a trois semaines, titre remis, stage suivi trop tard",
        situations_fin.sebastien,
    ),
    Persona("nathalie", "Nouveau permis après invalidation : 8/8, nouveau délai probatoire", situations_fin.nathalie),
    Persona(
        "gerard", "Infractions en chaîne : seuls les points de plus de dix ans reviennent (5/12)", situations.gerard
    ),
    Persona(
        "elodie", "Historique corrigé : une infraction connue tardivement retire une reconstitution totale (8/12)",
        situations.elodie,
    ),
    Persona(
        "patrick", "Historique corrigé : une infraction annulée rend ses points et celui qu'elle bloquait (12/12)",
        situations.patrick,
    ),
    Persona("lea", "Candidate sans permis : résultats d'examen, aucun point", situations.lea),
    Persona("antoine", "12/12, avec une infraction commise il y a trois semaines, pas encore définitive",
            situations.antoine),
    Persona("mohamed", "Infractions simultanées : dix points encourus, huit retirés (4/12)", situations.mohamed),
    Persona("isabelle", "8/12 : second stage suivi moins d'un an après le premier, sans effet", situations.isabelle),
    Persona(
        "jean-pierre", "12/12 depuis toujours : permis rose perdu, poids lourds, visite médicale",
        situations.jean_pierre,
    ),
    Persona("franck", "Permis annulé par le juge il y a deux mois", situations_fin.franck),
    Persona(
        "olivier", "6/12 après un délit : conduite limitée aux véhicules à éthylotest, permis valide",
        situations.olivier,
    ),
    Persona("sophie", "5/12 : stage terminé aujourd'hui, quatre points de plus demain", situations.sophie),
    Persona("david", "11/12 : un point rendu dans dix jours", situations.david),
    Persona(
        "fabien", "Suspension maintenue : son dernier jour est passé, sans contrôle médical (6/12)",
        situations_vecues.fabien,
    ),
    Persona(
        "helene", "Lettre 48SI annulée par un juge : permis rendu, titre à redemander (3/12)", situations_vecues.helene
    ),
    Persona("marc", "Lettre 48SI suspendue en référé : permis valable à titre provisoire", situations_vecues.marc),
    Persona("ingrid", "Permis français échangé en Suisse", situations_vecues.ingrid),
    Persona("pedro", "Permis portugais : 8 points sur 12 en France, sans permis français", situations_vecues.pedro),
    Persona("andrei", "Permis roumain sans points : interdiction de circuler pendant un an", situations_vecues.andrei),
    Persona("nadia", "Dossier incomplet : une infraction, et aucun permis enregistré", situations_vecues.nadia),
    Persona(
        "laurent", "Lettre 48SI présentée et non retirée : rien n'est décidé", situations_vecues.laurent
    ),
    Persona("robert", "12/12, et plus aucune catégorie en cours de validité", situations_vecues.robert),
    Persona(
        "sandrine", "Deux permis : l'annulation est infirmée, le permis repassé ne compte plus",
        situations_vecues.sandrine,
    ),
)  # fmt: skip

#: Drivers without an account: one for each format of the file number, to make one at ``/compte/creer/``.
SANS_COMPTE: tuple[Persona, ...] = (
    Persona("lucie", "Carte de crédit, seconde ligne sans espace : 1809751 puis 00023", situations_sans_compte.lucie),
    Persona("yann", "Carte de crédit, seconde ligne avec un espace : DK4821 puis 71 35", situations_sans_compte.yann),
    Persona("marcel", "Trois volets, numéro sur deux lignes : BRN742 puis 69 13", situations_sans_compte.marcel),
    Persona(
        "monique", "Trois volets, numéro sur une ligne, depuis 1975 : 780913100027", situations_sans_compte.monique
    ),
    Persona(
        "ange", "Trois volets d'avant 1975 : 418.LMP.207, année 68, département 20 (Corse)", situations_sans_compte.ange
    ),
)

#: Drivers whom FranceConnect alone leads to, each a hard case of finding the dossier (``comptes.json``).
PAR_FRANCECONNECT: tuple[Persona, ...] = (
    Persona(
        "nicolas", "Deux dossiers au même état civil : le numéro départage", situations_sans_compte.par_franceconnect
    ),
    Persona("nicolas-bis", "L'homonyme : même nom, même prénom, même jour", situations_sans_compte.par_franceconnect),
    Persona("fatima", "Date de naissance présumée, naissance à l'étranger", situations_sans_compte.par_franceconnect),
    Persona("claire", "Dossier resté au nom d'usage", situations_sans_compte.par_franceconnect),
)


def _ligne(persona: Persona, situation: Situation, faits: Iterable[Json]) -> Json:
    return {
        "format": FORMAT,
        "neph": persona.identite.neph,
        "etat_civil": persona.identite.etat_civil(),
        "titres": situation.titres,
        "categories": situation.categories,
        "faits": list(faits),
    }


def lignes(au: date) -> tuple[list[Json], list[Json]]:
    """The lines of the initial load and of the increment, for a demonstration on ``au``."""
    initial: list[Json] = []
    increment: list[Json] = []
    for persona in (*PERSONAS, *SANS_COMPTE, *PAR_FRANCECONNECT):
        situation = persona.situation(au)
        initial.append(_ligne(persona, situation, situation.faits))
        if situation.tardifs:
            increment.append(_ligne(persona, situation, situation.tardifs))
    return initial, increment


def ecrire(au: date, dossier: Path) -> list[Path]:
    """Write both files into ``dossier`` (made if need be) and return their paths, in the order to import them."""
    dossier.mkdir(parents=True, exist_ok=True)
    chemins = [dossier / nom for nom in FICHIERS]
    for chemin, contenu in zip(chemins, lignes(au), strict=True):
        texte = "".join(json.dumps(ligne, ensure_ascii=False) + "\n" for ligne in contenu)
        chemin.write_text(texte, encoding="utf-8")
    return chemins


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the command."""
    parser = argparse.ArgumentParser(prog="python -m demo.personas", description="Écrit le flux de démonstration.")
    parser.add_argument("--au", type=date.fromisoformat, metavar="DATE", help="jour de la démonstration (aujourd'hui)")
    parser.add_argument("--dossier", type=Path, default=Path("var/demo"), metavar="OUTDIR", help="où écrire")
    options = parser.parse_args(arguments)
    au = options.au or datetime.now(ZoneInfo("Europe/Paris")).date()
    for chemin in ecrire(au, options.dossier):
        print(chemin)


if __name__ == "__main__":
    main()
