"""The process table: PostgreSQL and Redis of their own, and each container of ours as a process.

What a container is given is what the file gives it, and nothing of our environment; only where things are is changed:
/run/secrets, /tmp, the names and the ports of the other containers.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mespoints.local import services
from mespoints.local.binaries import find_postgres, run_as
from mespoints.local.places import TEMPORARY, Places, account_for, locate, prepare
from tests.bancs.production import compose

PATIENCE = 60.0
DEMO = compose.RACINE / "demo" / "compose.env"


class Echec(Exception):
    """What must hold does not."""


def lire_env(chemin: Path) -> dict[str, str]:
    """An environment file: NAME=value lines."""
    lignes = (ligne.strip() for ligne in chemin.read_text().splitlines())
    return dict(ligne.split("=", 1) for ligne in lignes if ligne and not ligne.startswith("#"))


def ports_libres(combien: int) -> list[int]:
    """Ports of the loopback that nobody holds now."""
    prises = [socket.create_server(("127.0.0.1", 0)) for _ in range(combien)]
    ports = [int(prise.getsockname()[1]) for prise in prises]
    for prise in prises:
        prise.close()
    return ports


@dataclass
class Table:
    """The servers that run, and how each container of the file is run beside them."""

    lieux: Places
    dossier: Path
    ports: dict[str, int]
    variables: dict[str, str]
    ajouts: dict[str, str] = field(default_factory=dict)
    processus: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def services(self) -> dict[str, Any]:
        return compose.les_notres(compose.lire(self.variables))

    def environ(self, nom: str) -> dict[str, str]:
        """What the container is given, with the places changed, and the image's own variables."""
        donnees = {cle: self._situer(str(valeur), nom) for cle, valeur in self.services[nom]["environment"].items()}
        image = {"DJANGO_SETTINGS_MODULE": "mespoints.settings.base", "PYTHONUNBUFFERED": "1"}
        client = find_postgres(self.lieux, account_for(self.lieux)).directory  # the image `drill` has it
        image["PATH"] = f"{Path(sys.executable).parent}:{client}:{os.environ['PATH']}"
        image |= {"HOME": str(self.dossier), "TMPDIR": str(self.temporaire(nom))}
        if os.geteuid() == 0:  # the container is nobody's superuser
            image["PYTHONWARNINGS"] = "ignore:You're running the worker with superuser privileges"
        if nom.startswith("web"):
            image["WEB_BIND"] = f"127.0.0.1:{self.ports[nom]}"
        if nom == "demo-courriels":
            image["MAIL_PORT"] = str(self.ports["demo-courriels"])
        return image | donnees | self.ajouts

    def _situer(self, texte: str, nom: str) -> str:
        """Where the names of the containers, their ports and their directories are on this machine."""
        ailleurs = {
            "/run/secrets": str(self.dossier / self.variables.get("SECRETS", "secrets")),
            "/tmp/": f"{self.temporaire(nom)}/",
            "redis://redis:6379/0": self.lieux.redis_url,
            "0.0.0.0:9100": f"127.0.0.1:{self.ports.get(f'{nom}-metrics', 0)}",
            "demo-franceconnect:9000": f"127.0.0.1:{self.ports['demo-franceconnect']}",
            "localhost:9000": f"127.0.0.1:{self.ports['demo-franceconnect']}",
            "localhost:8443": f"localhost:{self.ports['tls']}",
            "127.0.0.1:8000": f"127.0.0.1:{self.ports.get(nom, 0)}",
            "0.0.0.0": "127.0.0.1",  # noqa: S104
        }
        expression = "|".join(re.escape(la) for la in ailleurs)  # in one go: what replaces is not looked at again
        return re.sub(expression, lambda trouve: ailleurs[trouve[0]], texte)

    def temporaire(self, nom: str) -> Path:
        """Its /tmp."""
        propre = self.dossier / "tmp" / nom.partition("#")[0]
        propre.mkdir(parents=True, exist_ok=True)
        return propre

    def jouer(self, nom: str, *commande: str, **ajouts: str) -> str:
        """Run a container to its end; `commande` replaces its own, as `docker compose run` does, `ajouts` is its -e."""
        faite = subprocess.run(
            [self._situer(mot, nom) for mot in commande or compose.commande(self.services[nom])],
            cwd=compose.RACINE, env=self.environ(nom) | ajouts, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        if faite.returncode:
            raise Echec(f"{nom} s'est terminé par {faite.returncode} : {faite.stdout[-2000:]}{faite.stderr[-4000:]}")
        return faite.stdout

    def lancer(self, nom: str, rang: int = 1) -> None:
        """Start a container; `rang` is its number where the service is scaled."""
        commande = [self._situer(mot, nom) for mot in compose.commande(self.services[nom])]
        cle = f"{nom}#{rang}"
        commande = [mot.replace("@%h", f"{rang}@%h") for mot in commande]  # one host: containers have one each
        with (self.dossier / f"{cle}.log").open("ab") as journal:
            self.processus[cle] = subprocess.Popen(
                commande, cwd=compose.RACINE, env=self.environ(nom), stdin=subprocess.DEVNULL, stdout=journal,
                stderr=subprocess.STDOUT, process_group=0,
            )  # fmt: skip

    def controler(self, nom: str) -> None:
        """The container's own health check, as Docker runs it."""
        genre, *mots = self.services[nom]["healthcheck"]["test"]
        commande = ["sh", "-c", *mots] if genre == "CMD-SHELL" else mots
        environ = self.environ(nom) | {"HOSTNAME": socket.gethostname()}
        if "WORKER" in environ:
            environ["WORKER"] += "1"  # see lancer
        faite = subprocess.run(
            [self._situer(mot, nom) for mot in commande], cwd=compose.RACINE, env=environ, capture_output=True,
            text=True, check=False, timeout=60,
        )  # fmt: skip
        if faite.returncode:
            raise Echec(f"{nom} n'est pas en bonne santé : {faite.stdout[-500:]}{faite.stderr[-500:]}")

    def arreter(self, nom: str, rang: int = 1, grace: float = 30) -> None:
        """`docker stop`: a SIGTERM, then after the time of grace a SIGKILL."""
        processus = self.processus.pop(f"{nom}#{rang}")
        processus.terminate()
        try:
            processus.wait(grace)
        except subprocess.TimeoutExpired:
            processus.kill()
            processus.wait()

    def attendre_pret(self, nom: str) -> None:
        """Wait until the container's own probe answers, as `--wait` does."""
        from tests.visiteur import Visiteur

        fin = time.monotonic() + PATIENCE
        while time.monotonic() < fin:
            if self.processus[f"{nom}#1"].poll() is not None:
                raise Echec(f"{nom} s'est arrêté :\n{self.fin_du_journal(nom)}")
            with suppress(OSError):
                if Visiteur("127.0.0.1", self.ports[nom]).aller("GET", "/readyz").statut == 200:
                    return
            time.sleep(0.1)
        raise Echec(f"{nom} n'est pas prêt :\n{self.fin_du_journal(nom)}")

    def fin_du_journal(self, nom: str, lignes: int = 20) -> str:
        journaux = sorted(self.dossier.glob(f"{nom}#*.log"))
        return "\n".join("\n".join(j.read_text(errors="replace").splitlines()[-lignes:]) for j in journaux)

    def relancer_postgres(self) -> None:
        """As a power cut would: every session lost, the journal read again."""
        account = account_for(self.lieux)
        [data] = self.lieux.state.glob("postgresql-*/")
        programme = find_postgres(self.lieux, account).directory / "pg_ctl"
        run_as(account, [str(programme), "-D", str(data), "-w", "-t", "30", "-m", "immediate", "stop"])
        services.start(self.lieux)


def _ecrire_secrets(dossier: Path, lieux: Places, port_smtp: int, variables: Mapping[str, str]) -> None:
    """What scripts/secrets.sh writes, then where the servers of this table are."""
    script = compose.RACINE / "scripts" / "secrets.sh"
    subprocess.run(
        ["sh", str(script), *["demo"] * ("MESPOINTS_DEMONSTRATION" in variables)],
        cwd=dossier,
        check=True,
        capture_output=True,
    )
    ici = {"database_url": lieux.database_url, "migration_database_url": lieux.migration_url}
    for nom, texte in (ici | {"email_url": f"smtp://127.0.0.1:{port_smtp}"}).items():
        fichier = dossier / variables.get("SECRETS", "secrets") / nom
        fichier.chmod(0o600)
        fichier.write_text(texte)


SERVEURS = ("web-a", "web-b", "web-a-metrics", "web-b-metrics", "demo-franceconnect", "tls")


@contextmanager
def table(variables: Mapping[str, str], ajouts: Mapping[str, str] | None = None) -> Iterator[Table]:
    """A table with nothing started but PostgreSQL and Redis, empty."""
    dossier = Path(tempfile.mkdtemp(prefix="mespoints-production-", dir=TEMPORARY))
    dossier.chmod(0o711)  # the servers' account must cross it
    lieux = locate(environ={"MESPOINTS_SERVICES_DIR": str(dossier / "serveurs")})
    ports = dict(zip(SERVEURS, ports_libres(len(SERVEURS)), strict=True))
    ports["demo-courriels"] = next(p for p in ports_libres(20) if _libre(p + 1))
    prepare(lieux, account_for(lieux))
    dresse = Table(lieux, dossier, ports, dict(variables), dict(ajouts or {}))
    try:
        _ecrire_secrets(dossier, lieux, ports["demo-courriels"] + 1, variables)
        services.start(lieux)
        yield dresse
    finally:
        for cle in list(dresse.processus):
            nom, _, rang = cle.partition("#")
            dresse.arreter(nom, int(rang), grace=10)
        services.forget(lieux)
        shutil.rmtree(dossier, ignore_errors=True)


def _libre(port: int) -> bool:
    with socket.socket() as prise:
        return prise.connect_ex(("127.0.0.1", port)) != 0


def charger_la_demonstration(dresse: Table) -> None:
    """Migrate, then the demonstration's data: the two jobs of the file, and the image's collectstatic."""
    dresse.jouer("migrate")
    dresse.jouer("demo-data")
    dresse.jouer("migrate", "python", "manage.py", "collectstatic", "--noinput", "-v0")


def demarrer(dresse: Table, noms: Sequence[str]) -> None:
    """Start the containers, and wait for the probes of those that have one."""
    for nom in noms:
        dresse.lancer(nom)
    for nom in noms:
        if nom.startswith("web"):
            dresse.attendre_pret(nom)
