"""The whole site for the time of a measure: a database of its own, the demonstration's drivers, files, gunicorn."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from demo.identites import IDENTITES
from demo.personas import FICHIERS
from tests.bancs.bench.base import RACINE, base_de_mesure, commande
from tests.bancs.bench.pages import serveur

#: An account that no dossier is attached to.
SANS_DOSSIER = "sans.dossier@exemple.fr"
#: Before the name of who came in that way: what the RII asks for.
PAR_FRANCECONNECT = "fc:"
REGLAGES = "tests.bancs.mesures.settings"


class Site(NamedTuple):
    """Where it answers, and the session of each account."""

    url: str
    sessions: dict[str, str]

    def session(self, cle: str) -> str:
        """The session of a persona, by its key in ``IDENTITES``, or of an account, by its address."""
        nom = cle.removeprefix(PAR_FRANCECONNECT)
        return self.sessions[cle.replace(nom, IDENTITES[nom].email if nom in IDENTITES else nom)]

    def temoin(self, cle: str) -> Any:
        """Their session as a cookie that Playwright can hold."""
        sans_effet = {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
        return {"name": "sid", "value": self.session(cle), "domain": "localhost", "path": "/"} | sans_effet


@contextmanager
def site(au: date | None = None) -> Iterator[Site]:
    """Start the site on ``au``, today by default. On localhost: elsewhere a browser asks for brotli over TLS only."""
    with tempfile.TemporaryDirectory() as place, base_de_mesure() as base:
        statiques, flux = Path(place, "statiques"), Path(place, "flux")
        env = base | {"DJANGO_SETTINGS_MODULE": REGLAGES, "MESURES_STATIQUES": str(statiques)}
        jour = []
        if au:
            env["MESURES_AU"] = au.isoformat()
            jour = ["--au", au.isoformat()]
        ecrire = [sys.executable, "-m", "demo.personas", "--dossier", str(flux), *jour]
        subprocess.run(ecrire, cwd=RACINE, stdout=subprocess.DEVNULL, check=True)
        for fichier in FICHIERS:
            commande(["import_dossiers", str(flux / fichier)], env)
        commande(["create_comptes_demo"], env)
        stages = [sys.executable, "-m", "demo.stages", "--dossier", str(flux), *jour]
        subprocess.run(stages, cwd=RACINE, env=env, stdout=subprocess.DEVNULL, check=True)
        commande(["collectstatic", "--no-input", "-v0"], env)
        sessions = json.loads(commande(["ouvrir_sessions", SANS_DOSSIER], env).sortie)
        with serveur(env, processus=2) as port:
            yield Site(f"http://localhost:{port}", sessions)


def preparer() -> None:
    """Django in this process, for what names the database server and lists the addresses of the site."""
    os.environ["DJANGO_SETTINGS_MODULE"] = REGLAGES
    os.environ.setdefault("MESURES_STATIQUES", "")
    import django

    django.setup()
