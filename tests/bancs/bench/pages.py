"""« Mes points » and the pages of the courses, each against a bare signed-in view that renders a template of the same
size: same server, same workers.
"""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from tests.bancs.bench.base import RACINE, commande, connexion
from tests.stages.volume import REMPLIR

TOURS = 6
REQUETES = 150
EXIGE = 0.6
DEFINITION = b"<div><dt>"


def mesurer(environnement: dict[str, str]) -> Iterator[dict[str, Any]]:
    env = environnement | {"DJANGO_SETTINGS_MODULE": "tests.bancs.bench.settings"}
    for mouvements in (4, 300):
        lignes = commande(["preparer_mesure", str(mouvements)], env).sortie.split()
        cookie = f"sid={lignes[-1]}"
        with serveur(env) as port:
            yield _comparer(port, cookie, "/mes-points/", "page « Mes points », {} mouvements affichés", b"mp-ligne")
            if mouvements == 4:
                remplir_les_centres(env)
                yield _comparer(port, cookie, "/stages/", "page « Stage », un conducteur, {} définitions", DEFINITION)
                recherche = "recherche parmi 5 000 centres et 200 000 sessions, {} montrés"
                yield _comparer(port, cookie, "/stages/centres/?ou=69", recherche, b"mp-centre")


def remplir_les_centres(environnement: dict[str, str]) -> None:
    with connexion(environnement) as base:
        for ordre in REMPLIR:
            base.execute(ordre, {"au": date.today()})  # noqa: DTZ011 only to have sessions to come


def _comparer(port: int, cookie: str, adresse: str, mesure: str, rang: bytes) -> dict[str, Any]:
    """Interleaved rounds, the order turned each time, the first one dropped; medians. ``rang``: what a row has."""
    corps = _demander(port, adresse, cookie)
    taille, rangs = len(corps), corps.count(b'class="' + rang + b'"') or corps.count(rang)
    vide = len(_demander(port, f"/vue-nue/{rangs}/0/", cookie))
    nue = f"/vue-nue/{rangs}/{(taille - vide) // rangs}/"
    assert abs(len(_demander(port, nue, cookie)) - taille) < 0.02 * taille
    debits: dict[str, list[float]] = {adresse: [], nue: []}
    for tour in range(TOURS + 1):
        for chemin in sorted(debits, reverse=bool(tour % 2)):
            debit = _debit(port, chemin, cookie)
            if tour:
                debits[chemin].append(debit)
    page, plancher = statistics.median(debits[adresse]), statistics.median(debits[nue])
    return {
        "mesure": mesure.format(rangs),
        "valeur": page,
        "unite": "requêtes/s",
        "plancher": round(plancher, 1),
        "plancher_de": f"vue nue, connectée, même habillage, {rangs} lignes, {taille} octets",
        "rapport": round(page / plancher, 2),
        "exige": f">= {EXIGE}",
        "tenu": page / plancher >= EXIGE,
    }


def _demander(port: int, adresse: str, cookie: str) -> bytes:
    connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connexion.request("GET", adresse, headers={"Cookie": cookie})
    reponse = connexion.getresponse()
    corps = reponse.read()
    connexion.close()
    assert reponse.status == 200, (adresse, reponse.status)
    return corps


def _debit(port: int, adresse: str, cookie: str) -> float:
    depart = time.perf_counter()
    for _ in range(REQUETES):
        _demander(port, adresse, cookie)
    return REQUETES / (time.perf_counter() - depart)


@contextmanager
def serveur(env: dict[str, str], processus: int = 1) -> Iterator[int]:
    """Gunicorn, one worker unless told otherwise, on a free port of the loopback.

    Not production's configuration: one thread a process, so that two figures differ by the work of the page alone. What
    the site bears as it runs is `make load`.
    """
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        port = libre.getsockname()[1]
    gunicorn = [sys.executable, "-m", "gunicorn", "mespoints.wsgi", "--no-control-socket", "--log-level=error"]
    lance = subprocess.Popen([*gunicorn, "-w", str(processus), "-b", f"127.0.0.1:{port}"], cwd=RACINE, env=env)
    try:
        for _ in range(100):
            with socket.socket() as essai:
                if essai.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        os.kill(lance.pid, signal.SIGTERM)
        lance.wait(timeout=10)
