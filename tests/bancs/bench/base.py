"""A database of the bench's own, migrated and dropped, and the processes that run against it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from tests import base_de_donnees

RACINE = Path(__file__).resolve().parents[3]


class Mesure(NamedTuple):
    """A finished process: seconds on the clock, seconds of its own processor time, peak memory in MB."""

    secondes: float
    processeur: float
    memoire_mo: float
    sortie: str


def python(arbre: Path) -> str:
    """The interpreter of a checkout: another one has an environment of its own."""
    return sys.executable if arbre == RACINE else str(arbre / ".venv" / "bin" / "python")


@contextmanager
def base_de_mesure(arbre: Path = RACINE) -> Iterator[dict[str, str]]:
    """Create a database, migrate it by the code of a checkout, give the environment that points to it, drop it."""
    nom = f"mesure_{os.getpid()}{'' if arbre == RACINE else '_contre'}"
    with base_de_donnees.se_connecter("postgres", migration=True) as maitre:
        maitre.execute(SQL("CREATE DATABASE {}").format(Identifier(nom)))
        variables = os.environ | base_de_donnees.environnement(nom)
        variables["DJANGO_SETTINGS_MODULE"] = "mespoints.settings.dev"
        try:
            commande(["migrate", "-v0"], variables, arbre=arbre)
            yield variables
        finally:
            base_de_donnees.supprimer(maitre, nom)


@contextmanager
def copie_de(environnement: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """A copy of a bench database, dropped afterwards; nobody may be connected to the original."""
    original = urlsplit(environnement["DATABASE_URL"]).path.lstrip("/")
    nom = f"{original}_copie"
    with base_de_donnees.se_connecter("postgres", migration=True) as maitre:
        maitre.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(nom), Identifier(original)))
        try:
            yield dict(environnement) | base_de_donnees.environnement(nom)
        finally:
            base_de_donnees.supprimer(maitre, nom)


def connexion(environnement: Mapping[str, str]) -> "psycopg.Connection[tuple[Any, ...]]":
    """To a bench database, as the owner of its tables."""
    adresse = environnement.get("MIGRATION_DATABASE_URL") or environnement["DATABASE_URL"]
    return psycopg.connect(adresse, autocommit=True)


def commande(
    arguments: list[str],
    environnement: Mapping[str, str],
    entree: BinaryIO | None = None,
    sortie: Path | None = None,
    arbre: Path = RACINE,
) -> Mesure:
    """Run ``manage.py``; its own processor time and peak memory, as the system counted them."""
    depart = time.perf_counter()
    with (sortie or Path(os.devnull)).open("wb") as flux:
        processus = subprocess.Popen(
            [python(arbre), "manage.py", *arguments],
            cwd=arbre,
            env=dict(environnement),
            stdin=entree,
            stdout=flux if sortie else subprocess.PIPE,
        )
        texte = processus.stdout.read() if processus.stdout else b""
        _, etat, usage = os.wait4(processus.pid, 0)  # this child's own figures: several run at once
        processus.returncode = os.waitstatus_to_exitcode(etat)
    secondes = time.perf_counter() - depart
    if processus.returncode:
        raise SystemExit(f"manage.py {arguments[0]} a échoué ({processus.returncode})")
    return Mesure(secondes, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, texte.decode())
