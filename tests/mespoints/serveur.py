"""The site as gunicorn runs it, by production's configuration: one process, four threads."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
from django.test import Client

from mespoints.local.places import CHECKOUT
from tests import base_de_donnees
from tests.visiteur import Visiteur

THREADS = 4


class Serveur(NamedTuple):
    """The server's process, where it answers, and the directory of its temporary files."""

    processus: psutil.Process
    port: int
    mesures: int
    temporaire: Path

    def visiteur(self, client: Client | None = None) -> Visiteur:
        """A browser, with the session of a test client."""
        venu = Visiteur("127.0.0.1", self.port)
        if client is not None:
            venu.temoins["sid"] = client.cookies["sid"].value
        return venu

    def prise(self) -> socket.socket:
        """A connection of which nothing is known yet."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def ouvrier(self) -> psutil.Process:
        """The process that answers."""
        return next(un for un in self.processus.children() if un.name() != "sh")

    def occupes(self) -> int:
        """Connections that it has accepted and not answered."""
        de_lui = self.ouvrier().net_connections()
        return sum(c.status == "ESTABLISHED" and c.laddr.port == self.port for c in de_lui)

    def atelier(self) -> psutil.Process:
        """The process that renders."""
        return next(un for un in self.processus.children(recursive=True) if "documents.pdf.atelier" in un.cmdline())


@contextmanager
def servir(temporaire: Path, **ajouts: str) -> Iterator[Serveur]:
    """Start it with more in its environment, and stop it."""
    prises = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    port, mesures = (int(prise.getsockname()[1]) for prise in prises)
    for prise in prises:
        prise.close()
    env = os.environ | base_de_donnees.environnement() | {"DJANGO_SETTINGS_MODULE": "mespoints.settings.test"}
    env |= {"WEB_BIND": f"127.0.0.1:{port}", "METRICS_BIND": f"127.0.0.1:{mesures}", "TMPDIR": str(temporaire)}
    env |= {"WEB_CONCURRENCY": "1", "WEB_THREADS": str(THREADS)}
    env["MESPOINTS_DEMONSTRATION"] = "1"  # whose FranceConnect may be on this machine
    env |= ajouts
    commande = [sys.executable, "-m", "gunicorn", "--config", "python:mespoints.gunicorn", "mespoints.wsgi"]
    with (temporaire / "journal").open("wb") as journal:
        lance = subprocess.Popen(commande, cwd=CHECKOUT, env=env, stdout=journal, stderr=subprocess.STDOUT)
    try:
        attendre(lambda: lance.poll() is not None or repond(port), "le serveur ne répond pas")
        assert lance.poll() is None, (temporaire / "journal").read_text()
        yield Serveur(psutil.Process(lance.pid), port, mesures, temporaire)
    finally:
        lance.terminate()
        lance.wait(60)


def repond(port: int) -> bool:
    try:
        return Visiteur("127.0.0.1", port).aller("GET", "/readyz").statut == 200
    except OSError:
        return False


def attendre(vrai: Callable[[], bool], sinon: str) -> None:
    fin = time.monotonic() + 60
    while not vrai():
        assert time.monotonic() < fin, sinon
        time.sleep(0.05)
