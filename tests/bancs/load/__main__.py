"""``make load``: one JSON line a figure, as ``make bench``; exit 1 when what is asked of one does not hold.

The containers of docker-compose.yml as processes (tests.bancs.production), with production's settings; the visitors
speak to the server as the proxy that ends TLS does. A few minutes, on this machine alone.
"""

import argparse
import json
import os
import re
import signal
import socket
import statistics
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import psutil

from mespoints.local import valkey
from mespoints.local.places import account_for
from tests.bancs.load import affluence
from tests.bancs.load.visites import Carnet, Habitues, affluer, se_connecter, visiteur
from tests.bancs.production.table import DEMO, Table, charger_la_demonstration, demarrer, lire_env, table

P95_MAXIMAL = 300.0  # ms
PALIER, PREMIER, PAS, DERNIER = 6.0, 4, 4, 120  # seconds; requests a second
RAPPORT = 0.6
PANNE, APRES = 6.0, 4.0  # seconds
TOURS, TOUR = 4, 2.0
LANCES = ("web-a", "worker", "worker-mail", "beat", "demo-courriels")
BOITE, SUJET = "camille.martin@exemple.fr", "Choisir un nouveau mot de passe - Mes Points Permis"


def dire(mesure: str, valeur: float, unite: str, **reste: Any) -> bool:
    ligne = {"mesure": mesure, "valeur": round(valeur, 2), "unite": unite} | reste
    sys.stdout.write(json.dumps(ligne, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return bool(reste.get("tenu", True))


def processeur(dresse: Table) -> float:
    """Seconds of processor that the web server and its children have used."""
    maitre = psutil.Process(dresse.processus["web-a#1"].pid)
    return sum(sum(un.cpu_times()[:2]) for un in [maitre, *maitre.children(recursive=True)])


def monter(dresse: Table, port: int) -> Iterator[bool]:
    """Rising rates until the pages' p95 is too long; what is said is the last rate that held."""
    tenu: tuple[float, float, Carnet] | None = None
    for debit in range(PREMIER, DERNIER + 1, PAS):
        avant, depart = processeur(dresse), time.monotonic()
        carnet = affluer(port, debit, PALIER)
        duree, consomme = time.monotonic() - depart, processeur(dresse) - avant
        pages = carnet.p95("public", "connecté", "déconnexion")
        dire(
            f"palier {debit} requêtes/s", pages, "ms, p95 des pages", servies=round(len(carnet.notes) / duree, 1),
            mot_de_passe=round(carnet.p95("mot de passe")), erreurs=dict(carnet.erreurs),
        )  # fmt: skip
        if carnet.erreurs or pages > P95_MAXIMAL:
            break
        tenu = len(carnet.notes) / duree, len(carnet.notes) / consomme, carnet
    if tenu is None:
        yield dire("débit tenu", 0, "requêtes/s", tenu=False)
        return
    servies, par_coeur, carnet = tenu
    yield dire(
        "débit tenu", servies, "requêtes/s", coeurs_de_la_machine=os.cpu_count(), reglages="ceux de la production"
    )
    yield dire("visites entières, par cœur", par_coeur, "requêtes par seconde de processeur du serveur web")
    yield dire("p95 à ce débit", carnet.p95("public", "connecté", "déconnexion"), "ms",
               exige=f"<= {P95_MAXIMAL:.0f}", tenu=True)  # fmt: skip
    yield dire("p95 du mot de passe à ce débit", carnet.p95("mot de passe"), "ms, lent par choix")
    yield dire("erreurs à ce débit", sum(carnet.erreurs.values()), "requêtes", exige="0", tenu=not carnet.erreurs)


def comparer(dresse: Table, port: int) -> Iterator[bool]:
    """« Mes points » against the floor of the bench, both servers' processes busy, in turn."""
    venu = visiteur(port)
    assert se_connecter(Carnet(), venu)
    corps = venu.ouvrir("/mes-points/").corps
    taille, rangs = len(corps), corps.count(b'class="mp-ligne"') or 1
    vide = len(venu.ouvrir(f"/plancher/dossier/{rangs}/0/").corps)
    sol = f"/plancher/dossier/{rangs}/{max(0, (taille - vide) // rangs)}/"
    debits: dict[str, list[float]] = {"/mes-points/": [], sol: []}
    servies = consomme = 0.0
    for tour in range(TOURS + 1):
        for adresse in sorted(debits, reverse=bool(tour % 2)):
            avant = processeur(dresse)
            debit = _debit(port, dict(venu.temoins), adresse)
            if tour:
                debits[adresse].append(debit)
            if adresse == "/mes-points/":
                servies, consomme = servies + debit * TOUR, consomme + processeur(dresse) - avant
    page, plancher = statistics.median(debits["/mes-points/"]), statistics.median(debits[sol])
    yield dire("« Mes points », par cœur", servies / consomme, "requêtes par seconde de processeur du serveur web")
    yield dire(
        "« Mes points » sous charge", page, "requêtes/s", plancher=round(plancher, 1),
        plancher_de=f"mêmes lignes lues, {rangs} rangs, {taille} octets", rapport=round(page / plancher, 2),
        exige=f">= {RAPPORT}", tenu=page / plancher >= RAPPORT,
    )  # fmt: skip


def _debit(port: int, temoins: dict[str, str], adresse: str) -> float:
    servies: Counter[int] = Counter()
    fin = time.monotonic() + TOUR

    def lire(rang: int) -> None:
        venu = visiteur(port)
        venu.temoins = dict(temoins)
        while time.monotonic() < fin:
            servies[rang] += venu.aller("GET", adresse).statut == 200

    fils = [threading.Thread(target=lire, args=(rang,)) for rang in range(2)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return sum(servies.values()) / TOUR


# --- What dies ------------------------------------------------------------------------------------------------------


def eprouver(
    nom: str, port: int, casser: Callable[[], object], reparer: Callable[[], object] | None = None
) -> tuple[Carnet, float]:
    """Visitors go on while something is broken, then mended; what they saw, and how long after that the last one saw a
    fault. Without ``reparer``, what broke it mended it too.
    """
    with Habitues(port) as habitues:
        time.sleep(1.5)
        casser()
        if reparer:
            time.sleep(PANNE)
            reparer()
        repare = time.monotonic()
        time.sleep(APRES)
    mauvaises = [note.a - repare for note in habitues.carnet.notes if note.issue not in {"200", "302"}]
    vues = Counter((note.genre, note.issue) for note in habitues.carnet.notes)
    dire(
        f"panne : {nom}", sum(habitues.carnet.erreurs.values()), "requêtes sans la page attendue",
        sur=len(habitues.carnet.notes), vu={f"{g} : {i}": n for (g, i), n in sorted(vues.items())},
        plus_longue_ms={g: round(max(n.secondes for n in habitues.carnet.notes if n.genre == g) * 1000)
                        for g in {n.genre for n in habitues.carnet.notes}},
    )  # fmt: skip
    return habitues.carnet, max([0.0, *mauvaises])


def sans_redis(dresse: Table, port: int) -> bool:
    lieux = dresse.lieux
    carnet, remis = eprouver(
        "Redis arrêté", port, lambda: valkey.stop(lieux), lambda: valkey.start(lieux, account_for(lieux))
    )
    return dire("sans Redis, pages non servies", sum(carnet.erreurs.values()), "requêtes", exige="0",
                remis_en_s=round(remis, 1), tenu=not carnet.erreurs)  # fmt: skip


def postgres_relance(dresse: Table, port: int) -> bool:
    carnet, remis = eprouver("PostgreSQL relancé (immediate)", port, dresse.relancer_postgres)
    pires = {note.issue for note in carnet.notes} - {"200", "302", "503"}
    return dire("après PostgreSQL, dernière page en échec", remis, "s après son retour", autres=sorted(pires),
                exige="503 seulement, puis rien après 2 s", tenu=not pires and remis <= 2)  # fmt: skip


def travailleurs_tues(dresse: Table, port: int) -> bool:
    """kill -9 of the workers, their children with them; a mail asked for meanwhile leaves once they are back."""
    boite = f"http://127.0.0.1:{dresse.ports['demo-courriels']}"
    avant, demande = _dernier_lien(boite), visiteur(port)

    def tuer() -> None:
        for nom in ("worker#1", "worker-mail#1"):
            os.killpg(dresse.processus[nom].pid, signal.SIGKILL)
            dresse.processus.pop(nom).wait()
        demande.ouvrir("/compte/password/reset/")
        assert demande.poster("/compte/password/reset/", email=BOITE).statut == 302

    def relancer() -> None:
        dresse.lancer("worker")
        dresse.lancer("worker-mail")

    carnet, _ = eprouver("travailleurs tués", port, tuer, relancer)
    depart, limite = time.monotonic() - APRES, 90.0
    while _dernier_lien(boite) <= avant and time.monotonic() - depart < limite:
        time.sleep(0.5)
    attente = time.monotonic() - depart
    dire("courriel demandé pendant la panne", attente, "s après la relance des travailleurs")
    return dire("travailleurs tués, pages non servies", sum(carnet.erreurs.values()), "requêtes", exige="0",
                tenu=not carnet.erreurs and attente < limite)  # fmt: skip


def _dernier_lien(boite: str) -> int:
    """The number of the newest mail that answers the request; the catcher keeps the last ones only, hence no count."""
    with suppress(OSError):
        page = urllib.request.urlopen(boite, timeout=5).read().decode()  # noqa: S310 - the loopback
        recus = re.findall(r'href="/(\d+)">([^<]*)</a><br>à ([^,]*),', page)
        return max((int(n) for n, sujet, a in recus if a == BOITE and sujet == SUJET), default=0)
    return 0


SCENARIOS: dict[str, Callable[[Table, int], list[bool]]] = {
    "debit": lambda dresse, port: [*comparer(dresse, port), *monter(dresse, port)],
    "connexions": lambda dresse, port: [affluence.connexions(dresse, port, dire)],
    "franceconnect": lambda dresse, port: [affluence.franceconnect_muet(dresse, port, dire)],
    "envoi": lambda dresse, port: [affluence.gros_envoi(dresse, port, dire)],
    "redis": lambda dresse, port: [sans_redis(dresse, port)],
    "travailleurs": lambda dresse, port: [travailleurs_tues(dresse, port)],
    "postgresql": lambda dresse, port: [postgres_relance(dresse, port)],
}


def main(arguments: list[str]) -> int:
    analyseur = argparse.ArgumentParser(prog="python -m tests.bancs.load", description=__doc__)
    analyseur.add_argument("--seul", choices=SCENARIOS, action="append", help="this one alone; may be said again")
    voulus = analyseur.parse_args(arguments).seul or list(SCENARIOS)
    ajouts = {"DJANGO_SETTINGS_MODULE": "tests.bancs.load.settings"}
    # Takes the call and says nothing: the token endpoint on a bad day.
    muet = socket.create_server(("127.0.0.1", 0))
    lent = {"FRANCECONNECT_TOKEN_URL": f"http://127.0.0.1:{muet.getsockname()[1]}/token"}
    with muet, table(lire_env(DEMO) | lent, ajouts) as dresse:
        charger_la_demonstration(dresse)
        demarrer(dresse, LANCES)
        port = dresse.ports["web-a"]
        affluer(port, 2 * PREMIER, 2)  # templates and caches
        return 0 if all([tenu for nom in voulus for tenu in SCENARIOS[nom](dresse, port)]) else 1  # noqa: C419


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mespoints.settings.dev")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    sys.exit(main(sys.argv[1:]))
