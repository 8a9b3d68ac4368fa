"""« Mes points » against a bare signed-in view that renders a template of the same size: same server, same workers."""

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
from typing import Any

from tests.bench.base import RACINE, commande

TOURS = 6
REQUETES = 150
EXIGE = 0.6


def mesurer(environnement: dict[str, str]) -> Iterator[dict[str, Any]]:
    env = environnement | {"DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
    for mouvements in (4, 300):
        lignes = commande(["preparer_mesure", str(mouvements)], env).sortie.split()
        cookie = f"sid={lignes[-1]}"
        with serveur(env) as port:
            yield _comparer(port, cookie, mouvements)


def _comparer(port: int, cookie: str, mouvements: int) -> dict[str, Any]:
    """Interleaved rounds, the order turned each time, the first one dropped; medians."""
    corps = _demander(port, "/mes-points/", cookie)
    taille, rangs = len(corps), corps.count(b'class="mp-ligne"')
    vide = len(_demander(port, f"/vue-nue/{rangs}/0/", cookie))
    nue = f"/vue-nue/{rangs}/{(taille - vide) // rangs}/"
    assert abs(len(_demander(port, nue, cookie)) - taille) < 0.02 * taille
    debits: dict[str, list[float]] = {"/mes-points/": [], nue: []}
    for tour in range(TOURS + 1):
        for adresse in sorted(debits, reverse=bool(tour % 2)):
            debit = _debit(port, adresse, cookie)
            if tour:
                debits[adresse].append(debit)
    page, plancher = statistics.median(debits["/mes-points/"]), statistics.median(debits[nue])
    return {
        "mesure": f"page « Mes points », {rangs} mouvements affichés",
        "valeur": page,
        "unite": "requêtes/s",
        "plancher": round(plancher, 1),
        "plancher_de": f"vue nue, connectée, même habillage, {rangs} lignes, {taille} octets",
        "rapport": round(page / plancher, 2),
        "exige": f">= {EXIGE}",
        "tenu": page / plancher >= EXIGE,
    }


def _demander(port: int, adresse: str, cookie: str) -> bytes:
    connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
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
    """Gunicorn, one worker unless told otherwise, on a free port of the loopback."""
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
