"""« Mes points » and the pages of the courses, each against the floor (``plancher``): same server, as many bytes.

In processor time of the web server, the two in turn: what else the machine does hardly counts.
"""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from tests.bancs.bench.base import RACINE, commande, connexion, python
from tests.stages.volume import REMPLIR

TOURS = 8
REQUETES = 100
DEFINITION = b"<div><dt>"
RECHERCHE = "/stages/centres/?ou=69"


class Serveur(NamedTuple):
    """A web server: its port, and the process at its head."""

    port: int
    maitre: int

    def processeur(self) -> float:
        """Seconds of processor of its workers so far."""
        temps = [ouvrier.cpu_times() for ouvrier in psutil.Process(self.maitre).children()]
        return sum(t.user + t.system for t in temps)


class Mesuree(NamedTuple):
    """A page as one visitor asks for it on one server."""

    serveur: Serveur
    adresse: str
    cookie: str

    def demander(self) -> bytes:
        connexion = http.client.HTTPConnection("127.0.0.1", self.serveur.port, timeout=60)
        connexion.request("GET", self.adresse, headers={"Cookie": self.cookie})
        reponse = connexion.getresponse()
        corps = reponse.read()
        connexion.close()
        assert reponse.status == 200, (self.adresse, reponse.status)
        return corps

    def debit(self) -> float:
        """Answers a second of processor."""
        avant = self.serveur.processeur()
        for _ in range(REQUETES):
            self.demander()
        return REQUETES / (self.serveur.processeur() - avant)


def mesurer(environnement: dict[str, str]) -> Iterator[dict[str, Any]]:
    env = environnement | {"DJANGO_SETTINGS_MODULE": "tests.bancs.bench.settings"}
    cookies = {mouvements: ouvrir(env, mouvements) for mouvements in (4, 24, 300)}
    remplir_les_centres(env, REMPLIR)
    with gunicorn(env) as site:
        for mouvements, exige in ((4, 0.85), (24, 0.75), (300, 0.75)):
            page = Mesuree(site, "/mes-points/", cookies[mouvements])
            nom = f"page « Mes points », histoire de {mouvements} mouvements, {{}} affichés"
            yield _au_plancher(page, "dossier", nom, b"mp-ligne", exige)
        page = Mesuree(site, "/stages/", cookies[4])
        yield _au_plancher(page, "stages", "page « Stage », un conducteur, {} définitions", DEFINITION, 0.6)
        recherche = "recherche parmi 5 000 centres et 200 000 sessions, {} montrés"
        yield _au_plancher(Mesuree(site, RECHERCHE, cookies[4]), "centres", recherche, b"mp-centre", 0.75)


def ouvrir(env: Mapping[str, str], mouvements: int, arbre: Path = RACINE) -> str:
    """A driver with this history, signed in: the cookie."""
    return f"sid={commande(['preparer_mesure', str(mouvements)], env, arbre=arbre).sortie.split()[-1]}"


def remplir_les_centres(environnement: Mapping[str, str], ordres: Any) -> None:
    with connexion(environnement) as base:
        for ordre in ordres:
            base.execute(ordre, {"au": date.today()})  # noqa: DTZ011 only to have sessions to come


def _au_plancher(page: Mesuree, quoi: str, mesure: str, rang: bytes, exige: float) -> dict[str, Any]:
    """``rang``: what a row has."""
    corps = page.demander()
    taille, rangs = len(corps), corps.count(b'class="' + rang + b'"') or corps.count(rang)
    vide = len(page._replace(adresse=f"/plancher/{quoi}/{rangs}/0/").demander())
    plancher = page._replace(adresse=f"/plancher/{quoi}/{rangs}/{(taille - vide) // rangs}/")
    assert abs(len(plancher.demander()) - taille) < 0.02 * taille
    de = f"mêmes lignes lues, même habillage, {rangs} rangs, {taille} octets"
    return comparer(page, plancher, exige) | {"mesure": mesure.format(rangs), "plancher_de": de}


def comparer(page: Mesuree, plancher: Mesuree, exige: float) -> dict[str, Any]:
    """Both in turn, the order turned each time, the first turn dropped; the median of the ratios."""
    debits: dict[Mesuree, list[float]] = {page: [], plancher: []}
    for tour in range(TOURS + 1):
        for mesuree in sorted(debits, reverse=bool(tour % 2)):
            debit = mesuree.debit()
            if tour:
                debits[mesuree].append(debit)
    rapports = [a / b for a, b in zip(debits[page], debits[plancher], strict=True)]
    rapport = statistics.median(rapports)
    return {
        "valeur": statistics.median(debits[page]),
        "unite": "requêtes par seconde de processeur",
        "plancher": round(statistics.median(debits[plancher]), 1),
        "rapport": round(rapport, 3),
        "exige": f">= {exige}",
        "tenu": rapport >= exige,
    }


@contextmanager
def gunicorn(env: Mapping[str, str], processus: int = 1, arbre: Path = RACINE) -> Iterator[Serveur]:
    """Gunicorn, one worker unless told otherwise, on a free port of the loopback.

    Not production's configuration: one thread a process, so that two figures differ by the work of the page alone. What
    the site bears as it runs is `make load`.
    """
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        port = libre.getsockname()[1]
    ordre = [python(arbre), "-m", "gunicorn", "mespoints.wsgi", "--no-control-socket", "--log-level=error"]
    lance = subprocess.Popen([*ordre, "-w", str(processus), "-b", f"127.0.0.1:{port}"], cwd=arbre, env=dict(env))
    try:
        for _ in range(100):
            with socket.socket() as essai:
                if essai.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield Serveur(port, lance.pid)
    finally:
        os.kill(lance.pid, signal.SIGTERM)
        lance.wait(timeout=10)


@contextmanager
def serveur(env: Mapping[str, str], processus: int = 1) -> Iterator[int]:
    """The same, for who only asks: the port."""
    with gunicorn(env, processus) as site:
        yield site.port
