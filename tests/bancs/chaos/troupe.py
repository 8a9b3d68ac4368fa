"""The processes of a storm: started, killed by their own number, started again, and all ended at the end."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from mespoints.local.places import CHECKOUT

REPIT = 0.3  # seconds before a dead process is started again
REPOS = 3.0  # and more before one that had nothing left to do: booting again and again, it took a core for itself
GRACE = 15
OUVRIER, LOT = "ouvrier", "lot"  # a Celery worker; a command in the foreground


@dataclass
class Role:
    """A command that must run."""

    nom: str
    genre: str
    commande: Sequence[str]
    processus: subprocess.Popen[bytes] | None = None
    mort_a: float = field(default=-REPIT)

    @property
    def vivant(self) -> bool:
        return self.processus is not None and self.processus.poll() is None

    def lui_meme(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return [psutil.Process(self.processus.pid)] if self.processus is not None else []
        return []


def ouvrier(nom: str) -> Role:
    """A worker of two children, as the demonstration runs it."""
    options = ["--concurrency", "2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "mespoints", "worker"]
    return Role(nom, OUVRIER, [*celery, "-n", f"{nom}@chaos", *options])


def lot(nom: str, *commande: str) -> Role:
    return Role(nom, LOT, [sys.executable, "manage.py", *commande])


class Troupe:
    """Roles, and the orphans that killed workers leave: they go on for a while, as they would in production."""

    def __init__(self, roles: Sequence[Role], environ: Mapping[str, str], journaux: Path) -> None:
        self.roles, self.environ, self.journaux = roles, dict(environ), journaux
        self.orphelins: list[psutil.Process] = []

    def relancer(self) -> None:
        """Start what is dead, a moment after its death."""
        for role in self.roles:
            if role.processus is not None and (fin := role.processus.poll()) is not None:
                role.processus, role.mort_a = None, time.monotonic() + (REPOS if fin == 0 else 0)
            if role.processus is None and time.monotonic() >= role.mort_a + REPIT:
                self._lancer(role)

    def _lancer(self, role: Role) -> None:
        with (self.journaux / f"{role.nom}.log").open("ab") as journal:
            role.processus = subprocess.Popen(
                role.commande,
                cwd=CHECKOUT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=journal,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    def du_genre(self, genre: str) -> list[Role]:
        return [role for role in self.roles if role.genre == genre and role.vivant]

    def enfants(self, role: Role) -> list[psutil.Process]:
        """The pool children of a worker."""
        if role.processus is None:
            return []
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(role.processus.pid).children(recursive=True)
        return []

    def tuer(self, role: Role, *, avec_enfants: bool) -> None:
        """kill -9 of a process; its children with it, or left alone with what they were doing."""
        assert role.processus is not None
        enfants = self.enfants(role)
        role.processus.kill()
        role.processus.wait()
        self.orphelins += enfants
        if avec_enfants:
            for enfant in enfants:
                tuer(enfant)

    def finir(self) -> None:
        """Ask the processes to end, and give them time to; ``tout_tuer`` sees to those that do not."""
        self.orphelins += [enfant for role in self.roles for enfant in self.enfants(role)]
        vivants = [role.processus for role in self.roles if role.processus is not None]
        for processus in vivants:
            processus.terminate()
        fin = time.monotonic() + GRACE
        for processus in vivants:
            with suppress(subprocess.TimeoutExpired):
                processus.wait(max(0.0, fin - time.monotonic()))

    def tout_tuer(self) -> None:
        """Nothing of ours is left, whatever happened."""
        for role in self.roles:
            if role.vivant:
                self.tuer(role, avec_enfants=True)
        for orphelin in self.orphelins:
            tuer(orphelin)

    def fins_de_journaux(self, lignes: int = 15) -> Iterator[str]:
        for chemin in sorted(self.journaux.glob("*.log")):
            yield f"--- {chemin.name}"
            yield from chemin.read_text(errors="replace").splitlines()[-lignes:]


def tuer(processus: psutil.Process) -> bool:
    """kill -9, if that number is still that process; tell whether it was."""
    try:
        processus.send_signal(signal.SIGKILL)
    except psutil.NoSuchProcess:
        return False
    return True
