"""A commit in a folder of its own, known by its ``make`` targets and its ``manage.py`` alone: its modules move."""

import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.visiteur import Visiteur

#: How far from the site's port its mails are read.
COURRIER = 25
COMBIEN, GRAINE, AU = 20_000, 1, "2026-11-21"
PATIENCE = 600.0
#: Every address as the resolver holds it, printed by the commit itself.
ADRESSES = """
from django.urls import URLResolver, get_resolver
def dire(motifs, avant, espace):
    for m in motifs:
        la = avant + str(m.pattern)
        if isinstance(m, URLResolver):
            yield from dire(m.url_patterns, la, f"{m.namespace}:" if m.namespace else espace)
        else:
            yield f"{la}\\t{espace}{m.name}"
print("\\n".join(sorted(dire(get_resolver().url_patterns, "/", ""))))
"""


def aujourd_hui() -> date:
    """The day of the site, which is that of its drivers."""
    return datetime.now(ZoneInfo("Europe/Paris")).date()


class Arbre:
    """A clone of one commit, and what it makes without a server."""

    def __init__(self, lieu: Path, port: int) -> None:
        self.lieu, self.port = lieu, port
        ote = (
            "DATABASE_URL",
            "MIGRATION_DATABASE_URL",
            "REDIS_URL",
            "EMAIL_URL",
            "DJANGO_SETTINGS_MODULE",
            "MAKEFLAGS",
        )
        self.environ = {nom: valeur for nom, valeur in os.environ.items() if nom not in ote}
        # A visitor says from which network they come: each has tries of their own at the doors.
        self.environ |= {"PORT": str(port), "MAIL_PORT": str(port + COURRIER), "TRUSTED_PROXY_COUNT": "1"}

    def jouer(self, *mots: str, entree: Path | None = None, sortie: Path) -> None:
        """Run a command of the commit to its end, its output in a file."""
        with sortie.open("wb") as vers, open(entree or os.devnull, "rb") as depuis:
            subprocess.run(mots, cwd=self.lieu, env=self.environ, stdin=depuis, stdout=vers, check=True)

    def manage(self, *mots: str, entree: Path | None = None, sortie: Path) -> None:
        self.jouer(".venv/bin/python", "manage.py", *mots, entree=entree, sortie=sortie)

    def rejouer(self, dossier: Path) -> dict[str, str]:
        """The synthetic feed and its replay, left in ``dossier``, by their digests."""
        flux, rejoue = dossier / "flux.ndjson", dossier / "replay.ndjson"
        self.manage("seed_demo", "--count", str(COMBIEN), "--seed", str(GRAINE), "--au", AU, sortie=flux)
        self.manage("replay", "--au", AU, entree=flux, sortie=rejoue)
        return {chemin.name: _empreinte(chemin) for chemin in (flux, rejoue)}

    def adresses(self, dossier: Path) -> str:
        sortie = dossier / "adresses.txt"
        self.manage("shell", "--no-imports", "-c", ADRESSES, sortie=sortie)
        return sortie.read_text()

    @contextmanager
    def demonstration(self, journal: Path) -> Iterator[int]:
        """``make demo``, until one is done with it: its port."""
        with journal.open("wb") as vers:
            lancee = subprocess.Popen(
                ["make", "demo"], cwd=self.lieu, env=self.environ, stdin=subprocess.DEVNULL, stdout=vers,
                stderr=subprocess.STDOUT, process_group=0,
            )  # fmt: skip
        try:
            self._attendre(lancee, journal)
            yield self.port
        finally:
            os.killpg(lancee.pid, signal.SIGTERM)
            lancee.wait(60)

    def _attendre(self, lancee: subprocess.Popen[bytes], journal: Path) -> None:
        fin = time.monotonic() + PATIENCE
        while time.monotonic() < fin and lancee.poll() is None:
            with suppress(OSError):
                if Visiteur("127.0.0.1", self.port).aller("GET", "/readyz").statut == 200:
                    return
            time.sleep(0.5)
        raise SystemExit(f"la démonstration ne répond pas : {journal}")


@contextmanager
def cloner(racine: Path, commit: str, lieu: Path, port: int) -> Iterator[Arbre]:
    """The commit, installed; at the end its services' data and the folder are no more."""
    arbre, journal = Arbre(lieu, port), lieu.with_suffix(".log")
    if lieu.exists():
        arbre.jouer("make", "clean", sortie=journal)
        subprocess.run(["rm", "-rf", str(lieu)], check=True)
    subprocess.run(["git", "clone", "--quiet", "--shared", "--no-checkout", str(racine), str(lieu)], check=True)
    subprocess.run(["git", "checkout", "--quiet", "--detach", commit], cwd=lieu, check=True)
    try:
        arbre.jouer("make", "install", sortie=journal)
        yield arbre
    finally:
        arbre.jouer("make", "clean", sortie=journal)
        subprocess.run(["rm", "-rf", str(lieu)], check=True)


def _empreinte(chemin: Path) -> str:
    with chemin.open("rb") as fichier:
        return hashlib.file_digest(fichier, "sha256").hexdigest()
