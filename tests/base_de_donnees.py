"""The databases of a run: made by the migration role, used by the application's, dropped; never emptied.

A model is migrated once for a state of the migrations and kept. Each process copies it for its ordinary tests, which
run in transactions; a transactional test gets a copy of its own. What a run uses is held by advisory locks of one
connection, so that two runs on one server never meet and the leftovers of a dead one are known.
"""

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection, connections
from psycopg.sql import SQL, Identifier

from mespoints.lib import grants

RACINE = Path(__file__).resolve().parents[1]
PREFIXE = "test_mespoints"
#: The first key of the advisory locks: who makes models, who uses one, whose databases these are.
FABRIQUE, MODELE, SESSION = 4801, 4802, 4803

#: Of this database alone: other tests run beside, in theirs. A wait for a row names no database, its other locks do.
ATTENDENT = """
SELECT count(*) FROM pg_locks w WHERE NOT granted AND EXISTS (
    SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE l.pid = w.pid AND d.datname = current_database())
"""

Connexion = psycopg.Connection[tuple[object, ...]]


def adresse(nom: str, *, migration: bool = False) -> str:
    """The address of a database of the same server, for the application or for the owner of the tables."""
    connue = urlsplit(os.environ["MIGRATION_DATABASE_URL" if migration else "DATABASE_URL"])
    return urlunsplit(connue._replace(path=f"/{nom}"))


def environnement(nom: str | None = None) -> dict[str, str]:
    """What a program must be given to work on a database, the test's own unless named."""
    nom = nom or connection.settings_dict["NAME"]
    return {"DATABASE_URL": adresse(nom), "MIGRATION_DATABASE_URL": adresse(nom, migration=True)}


def se_connecter(nom: str, *, migration: bool = False) -> Connexion:
    return psycopg.connect(adresse(nom, migration=migration), connect_timeout=5, autocommit=True)


def supprimer(maitre: Connexion, nom: str) -> None:
    """Drop a database; what the application still holds there, a thread of the test server, is cut."""
    with se_connecter("postgres") as application:
        application.execute(  # its own alone: DROP ends by itself an autovacuum, which is a superuser's
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
            [nom],
        )
    maitre.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(nom)))


def empreinte() -> str:
    """Of all that decides what a migrated database holds."""
    somme = hashlib.sha256(adresse("x").encode() + adresse("x", migration=True).encode())
    chemins = [Path(grants.__file__)]
    for app in apps.get_app_configs():
        dossier = Path(app.path)
        chemins += [dossier / "apps.py", *sorted(dossier.glob("migrations/*.py")), *sorted(dossier.glob("sql/*.sql"))]
    for chemin in chemins:
        if chemin.exists():
            somme.update(str(chemin).encode() + chemin.read_bytes())
    return somme.hexdigest()[:12]


class Bases:
    """The databases of one process of the run. ``maitre`` is the migration role's connection, which holds the locks."""

    def __init__(self) -> None:
        if not os.environ.get("MIGRATION_DATABASE_URL"):
            raise RuntimeError("MIGRATION_DATABASE_URL manque : les tests veulent les deux rôles de docs/installer.md.")
        self.maitre = se_connecter("postgres", migration=True)
        self.numero = os.getpid()
        while not self._essayer(SESSION, self.numero):  # a run of another machine on the same server
            self.numero += 1
        self.modele = f"{PREFIXE}_modele_{empreinte()}"
        self.maitre.execute("SELECT pg_advisory_lock_shared(%s, %s)", [MODELE, _cle(self.modele)])
        with self._seul():
            self._oublier_les_morts()
            if not self._existe(self.modele):
                self._fabriquer()
        self.copies = 0
        self.principale = self._copier(self.maitre, f"{PREFIXE}_{self.numero}")
        self.suivante: Future[str] | None = None
        self.rendues: list[Future[None]] = []
        # While a test runs: a copy is a tenth of a second, a drop is a checkpoint, which no copy must wait for.
        self.copiste, self.fossoyeur = ThreadPoolExecutor(1), ThreadPoolExecutor(1)

    def __enter__(self) -> "Bases":
        viser(self.principale)
        return self

    def __exit__(self, *_erreur: type[BaseException] | BaseException | TracebackType | None) -> None:
        connections.close_all()
        if self.suivante:
            self._rendre(self.suivante.result())
        self.copiste.shutdown()
        self.fossoyeur.shutdown()
        for rendue in self.rendues:
            rendue.result()  # raises what dropping one raised
        supprimer(self.maitre, self.principale)
        self.maitre.close()

    @contextmanager
    def neuve(self) -> Iterator[None]:
        """Point Django at a fresh copy, then back to the process's own database."""
        nom = self.suivante.result() if self.suivante else self._suivante()
        self.suivante = self.copiste.submit(self._suivante)
        viser(nom)
        try:
            yield
        finally:
            viser(self.principale)
            self._rendre(nom)

    def _rendre(self, nom: str) -> None:
        self.rendues.append(self.fossoyeur.submit(self._supprimer, nom))

    def _supprimer(self, nom: str) -> None:
        with se_connecter("postgres", migration=True) as copiste:
            supprimer(copiste, nom)

    def _suivante(self) -> str:
        self.copies += 1
        with se_connecter("postgres", migration=True) as copiste:
            return self._copier(copiste, f"{PREFIXE}_{self.numero}_{self.copies}")

    def _copier(self, qui: Connexion, nom: str) -> str:
        qui.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(nom), Identifier(self.modele)))
        return nom

    def _existe(self, nom: str) -> bool:
        return self.maitre.execute("SELECT FROM pg_database WHERE datname = %s", [nom]).rowcount == 1

    def _essayer(self, classe: int, cle: int) -> bool:
        ligne = self.maitre.execute("SELECT pg_try_advisory_lock(%s, %s)", [classe, cle]).fetchone()
        return bool(ligne and ligne[0])

    @contextmanager
    def _seul(self) -> Iterator[None]:
        self.maitre.execute("SELECT pg_advisory_lock(%s, 0)", [FABRIQUE])
        try:
            yield
        finally:
            self.maitre.execute("SELECT pg_advisory_unlock(%s, 0)", [FABRIQUE])

    def _fabriquer(self) -> None:
        """Migrate a database as production does, by manage.py; it takes its name once it is whole."""
        brouillon = f"{PREFIXE}_inacheve"
        supprimer(self.maitre, brouillon)
        self.maitre.execute(SQL("CREATE DATABASE {}").format(Identifier(brouillon)))
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0"],
            cwd=RACINE,
            env=os.environ | environnement(brouillon) | {"DJANGO_SETTINGS_MODULE": "mespoints.settings.test"},
            check=True,
        )
        self.maitre.execute(
            SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(brouillon), Identifier(self.modele))
        )

    def _oublier_les_morts(self) -> None:
        """Drop what nobody holds: the databases of runs that died, the models of other states of the migrations."""
        noms = self.maitre.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIXE}%"]).fetchall()
        for nom in (str(ligne[0]) for ligne in noms):
            verrou = _verrou(nom)
            if verrou in {None, (SESSION, self.numero), (MODELE, _cle(self.modele))} or not self._essayer(*verrou):
                continue
            try:
                supprimer(self.maitre, nom)
            finally:
                self.maitre.execute("SELECT pg_advisory_unlock(%s, %s)", verrou)


def _cle(modele: str) -> int:
    return int(modele.rpartition("_")[2][:7], 16)


def _verrou(nom: str) -> tuple[int, int] | None:
    """The lock that a living user of this database holds; None for a name that is not ours."""
    if re.fullmatch(rf"{PREFIXE}_modele_[0-9a-f]{{12}}", nom):
        return MODELE, _cle(nom)
    trouve = re.fullmatch(rf"{PREFIXE}_(\d+)(_\d+)?", nom)
    return (SESSION, int(trouve[1])) if trouve else None


def viser(nom: str) -> None:
    """Make every connection to come of Django's, in any thread, go to this database."""
    connection.close()
    connections.settings[DEFAULT_DB_ALIAS]["NAME"] = nom
    assert connection.settings_dict["NAME"] == nom


def attendre_des_verrous(combien: int = 1) -> None:
    """Until so many other sessions of the current database wait for a lock."""
    fin = time.monotonic() + 60
    with connection.cursor() as curseur:
        while time.monotonic() < fin:
            curseur.execute(ATTENDENT)
            if curseur.fetchone()[0] >= combien:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")


def alterer(requete: str, parametres: tuple[object, ...] = ()) -> int:
    """Alter the ledger of the current database as its owner, who first puts the triggers to sleep: to plant faults."""
    nom = connection.settings_dict["NAME"]
    tables = [apps.get_model("dossier", modele)._meta.db_table for modele in ("Fait", "Mouvement")]
    with se_connecter(nom, migration=True) as proprietaire, proprietaire.transaction():
        for table in tables:
            proprietaire.execute(SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(Identifier(table)))
        touchees = proprietaire.execute(requete, parametres).rowcount  # type: ignore[arg-type]
        for table in tables:
            declencheurs = proprietaire.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table]
            ).fetchall()
            for (declencheur,) in declencheurs:
                proprietaire.execute(
                    SQL("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}").format(
                        Identifier(table), Identifier(str(declencheur))
                    )
                )
    return touchees
