"""Files of centres, sessions and attestations, read whole and written by batches; refused lines go beside the file.

``FILE.rejets.csv`` is readable by its owner alone: it may hold personal data. No cell of it is a formula.
"""

import csv
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError

from dossier.feed import LigneRefusee
from stages import feed, services
from stages.feed import Ligne, LigneAttestation, LigneCentre, LigneSession, cellule_sure
from stages.services import Difference, Liste

LOT = 2000
T = TypeVar("T")


@dataclass
class Bilan:
    """Lines of a file, by what became of them. ``refusees``: attestations decided against, which are kept."""

    nouveaux: int = 0
    modifies: int = 0
    inchanges: int = 0
    refusees: int = 0
    rejets: list[tuple[int, str, str]] = field(default_factory=list)

    def rejeter(self, ligne: Ligne[Any], raison: str) -> None:
        self.rejets.append((ligne.numero, raison, ligne.texte))


def lire_liste(chemin: Path) -> tuple[list[LigneCentre], Bilan]:
    """The centres of a file, each once, and what is refused of it. Raises ``TableauIllisible``."""
    bilan = Bilan()
    vus: dict[str, LigneCentre] = {}
    with chemin.open("rb") as fichier:
        for ligne in feed.lire_centres(fichier):
            if ligne.valeur is None:
                bilan.rejeter(ligne, ligne.refus)
            elif vus.setdefault(ligne.valeur.agrement, ligne.valeur) != ligne.valeur:
                bilan.rejeter(ligne, "ce numéro d'agrément figure plus haut dans le fichier, avec un autre contenu")
    return list(vus.values()), bilan


def importer_centres(lignes: list[LigneCentre], liste: Liste, *, appliquer: bool) -> Difference:
    """The difference that a list makes, applied only when asked."""
    if appliquer:
        return services.record_centres(lignes=lignes, liste=liste)
    return services.compare_centres(lignes, liste)


def importer_sessions(chemin: Path) -> Bilan:
    """Load a file of sessions. Raises ``TableauIllisible``; the lines read before are kept."""
    bilan = Bilan()
    with chemin.open("rb") as fichier:
        for lot in _lots(feed.lire_sessions(fichier), bilan):
            valeurs: list[LigneSession] = [ligne.valeur for ligne in lot if ligne.valeur is not None]
            resultat = services.record_sessions(lignes=valeurs)
            bilan.nouveaux += resultat.nouveaux
            bilan.modifies += resultat.modifies
            bilan.inchanges += resultat.inchanges
            for rang, raison in resultat.refus.items():
                bilan.rejeter(lot[rang], raison)
    return bilan


def importer_attestations(chemin: Path, *, au: date) -> Bilan:
    """Load a file of attestations, each in a transaction of its own: cut, the command is run again."""
    bilan = Bilan()
    with chemin.open("rb") as fichier:
        for lot in _lots(feed.lire_attestations(fichier), bilan):
            for ligne in lot:
                _une_attestation(ligne, bilan, au)
    return bilan


def _une_attestation(ligne: Ligne[LigneAttestation], bilan: Bilan, au: date) -> None:
    assert ligne.valeur is not None  # noqa: S101 refused lines stay out of the batches
    try:
        decision = services.record_attestation(ligne=ligne.valeur, au=au)
    except LigneRefusee as refus:
        bilan.rejeter(ligne, refus.raison)
        return
    bilan.nouveaux += decision.etat == "enregistree"
    bilan.refusees += decision.etat == "refusee"
    bilan.inchanges += decision.etat == "inchangee"


def _lots(lignes: Iterable[Ligne[T]], bilan: Bilan) -> Iterator[list[Ligne[T]]]:
    """The good lines by batches; the refused ones go to the account."""
    lot: list[Ligne[T]] = []
    for ligne in lignes:
        if ligne.valeur is None:
            bilan.rejeter(ligne, ligne.refus)
            continue
        lot.append(ligne)
        if len(lot) == LOT:
            yield lot
            lot = []
    if lot:
        yield lot


# --- What the commands say --------------------------------------------------------------------------------------------


@contextmanager
def refuser_en_clair(fichier: Path) -> Iterator[None]:
    """Say in French which file cannot be read, and why. A table is refused by its first line: nothing was written."""
    try:
        yield
    except OSError as erreur:
        suite = (
            "Rien n'a été enregistré"
            if erreur.filename == str(fichier)
            else "Les lignes refusées ne sont écrites nulle part"
        )
        raise CommandError(f"{erreur.filename or fichier} : {erreur.strerror}. {suite}.") from None
    except (feed.TableauIllisible, services.ListePerimee) as erreur:
        raise CommandError(f"{fichier} : {erreur} Rien n'a été enregistré.") from None


def dire_les_rejets(commande: BaseCommand, rejets: Path | None, suite: str = "") -> None:
    """Name the file of refused lines and end with 1, where there are some."""
    if rejets:
        commande.stderr.write(f"Lignes refusées : {rejets}{suite}")
        sys.exit(1)


# --- Files written beside ---------------------------------------------------------------------------------------------


@contextmanager
def fichier_prive(chemin: Path) -> Iterator[Callable[[Iterable[Any]], Any]]:
    """A CSV that only its owner reads, replaced whole; gives the function that writes a row."""
    chemin.unlink(missing_ok=True)
    descripteur = os.open(chemin, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descripteur, "w", encoding="utf-8-sig", newline="") as fichier:
        tableau = csv.writer(fichier, delimiter=";")
        yield lambda cellules: tableau.writerow([cellule_sure(str(c)) for c in cellules])


def ecrire_rejets(chemin: Path, bilan: Bilan) -> Path | None:
    """Write the refused lines of a file beside it, in its order; no file where there are none."""
    rejets = chemin.with_name(chemin.name + ".rejets.csv")
    if not bilan.rejets:
        rejets.unlink(missing_ok=True)
        return None
    with fichier_prive(rejets) as ecrire:
        ecrire(["ligne", "raison", "contenu"])
        for rejet in sorted(bilan.rejets):
            ecrire(rejet)
    return rejets
