"""A PostgreSQL and a Redis of the storm's own, a loaded database to start from, and the ways to break them.

The database is migrated and loaded once; each storm gets a copy of the stopped cluster, and leaves nothing behind.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import redis

from mespoints.lib.timeouts import BATCH_TIMEOUTS
from mespoints.local import services
from mespoints.local.binaries import find_postgres, run_as
from mespoints.local.places import CHECKOUT, TEMPORARY, Places, account_for, locate, prepare

CHARGE_LE = date(2023, 6, 30)
JOUR = date(2026, 6, 30)
VEILLE = JOUR - timedelta(days=1)
PAUSE = 0.05
#: What is not part of a cluster's data, or belongs to running servers.
VOLATILS = ("run", "verrou")


@dataclass(frozen=True)
class Banc:
    """Running servers and the environment that leads to them, and nowhere else."""

    places: Places
    naif: bool = False
    pause: float = PAUSE

    @property
    def environ(self) -> dict[str, str]:
        ailleurs = ("DATABASE_URL", "REDIS_URL", "DB_AS_MIGRATION")
        herite = {nom: valeur for nom, valeur in os.environ.items() if not nom.endswith(ailleurs)}
        propre = {
            "MESPOINTS_SERVICES_DIR": str(self.places.state),
            "DJANGO_SETTINGS_MODULE": "tests.bancs.chaos.settings",
            "CHAOS_NAIF": str(int(self.naif)),
            "CHAOS_PAUSE": str(self.pause),
            "CELERY_SKIP_CHECKS": "1",
            "PYTHONUNBUFFERED": "1",
        }
        return herite | BATCH_TIMEOUTS | propre

    def manage(self, *arguments: str, reglages: str = "mespoints.settings.dev") -> subprocess.CompletedProcess[str]:
        """Run ``manage.py`` to its end, undisturbed and at full speed unless told otherwise."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=CHECKOUT,
            env=self.environ | {"DJANGO_SETTINGS_MODULE": reglages},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def preparer(self, *arguments: str) -> None:
        """A step without which the rest means nothing; it may need what is only installed here."""
        fait = self.manage(*arguments, reglages="tests.bancs.chaos.settings")
        if fait.returncode:
            raise RuntimeError(f"manage.py {arguments[0]} : {fait.stdout}{fait.stderr}")

    def lire(self, sql: str, *parametres: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.places.database_url, autocommit=True) as connexion:
            return connexion.execute(sql.encode(), parametres).fetchall()

    def couper_postgres(self) -> None:
        """As a power cut would: no checkpoint, every session lost; started again, it reads its journal."""
        account = account_for(self.places)
        [data] = self.places.state.glob("postgresql-*/")
        programme = find_postgres(self.places, account).directory / "pg_ctl"
        run_as(account, [str(programme), "-D", str(data), "-w", "-t", "30", "-m", "immediate", "stop"])
        services.start(self.places)

    def vider_redis(self) -> None:
        with redis.Redis.from_url(self.places.redis_url) as client:
            client.flushall()


class Modele:
    """A stopped cluster that holds ``combien`` dossiers as they were known on CHARGE_LE.

    ``pause``, in seconds, is what the programs wait on the average after a statement of a transaction.
    """

    def __init__(self, dossier: Path, combien: int, graine: int, pause: float = PAUSE) -> None:
        self.dossier, self.combien, self.graine, self.pause = dossier, combien, graine, pause
        self.etat = dossier / "modele"
        self.bancs = 0

    def charger(self) -> None:
        with _servir(_lieux(self.etat)) as banc:
            banc.preparer("migrate", "-v0")
            banc.preparer("charger", f"--count={self.combien}", f"--seed={self.graine}", f"--au={CHARGE_LE}")

    @contextmanager
    def banc(self, *, naif: bool = False) -> Iterator[Banc]:
        """A copy of the cluster, running; the naive twin's loses its unique key."""
        self.bancs += 1
        lieux = _lieux(self.dossier / f"banc-{self.bancs}")
        subprocess.run(["cp", "-a", str(self.etat), str(lieux.state)], check=True)
        for nom in VOLATILS:
            _oublier(lieux.state / nom)
        try:
            with _servir(lieux, naif=naif, pause=self.pause) as banc:
                assert banc.lire("SHOW fsync") == [("on",)], "a cut would mean nothing"
                if naif:
                    banc.preparer("migrate", "naif", "-v0")
                yield banc
        finally:
            services.forget(lieux)


@contextmanager
def modele(combien: int, graine: int, pause: float = PAUSE) -> Iterator[Modele]:
    dossier = Path(tempfile.mkdtemp(prefix="mespoints-chaos-", dir=TEMPORARY))
    dossier.chmod(0o711)  # the servers' account must cross it
    pret = Modele(dossier, combien, graine, pause)
    try:
        pret.charger()
        yield pret
    finally:
        services.forget(_lieux(pret.etat))
        shutil.rmtree(dossier, ignore_errors=True)


@contextmanager
def _servir(lieux: Places, *, naif: bool = False, pause: float = PAUSE) -> Iterator[Banc]:
    prepare(lieux, account_for(lieux))
    try:
        services.start(lieux)
        yield Banc(lieux, naif, pause)
    finally:
        services.stop(lieux)


def _lieux(etat: Path) -> Places:
    return locate(environ={"MESPOINTS_SERVICES_DIR": str(etat)})


def _oublier(chemin: Path) -> None:
    if chemin.is_dir():
        shutil.rmtree(chemin)
    else:
        chemin.unlink(missing_ok=True)
