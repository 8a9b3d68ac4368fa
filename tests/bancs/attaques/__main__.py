"""``make attaques``: the whole site attacked as each kind of visitor; exit 1 when something gave way.

A request that ends in a 5xx, an error written in the journal, a GET that writes, the canary in the journal or in a page
of who may not see it: each kind is told once, with the request, the seed and the walk that play it again.
"""

import argparse
import multiprocessing
import os
import secrets
import sys
import time
from collections import Counter
from queue import Empty
from typing import Any

from tests.bancs.attaques.bilan import Bilan, Faute
from tests.bancs.attaques.lots import lot

REQUETES = 200_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bancs.attaques")
    parser.add_argument("--requetes", type=int, default=REQUETES)
    parser.add_argument("--processus", type=int, default=2)
    parser.add_argument("--graine", type=int, default=secrets.randbelow(2**32))
    parser.add_argument("--marche", type=int, help="this walk alone, of that seed")
    options = parser.parse_args()
    from mespoints.local import services
    from mespoints.local.addresses import private_services_wanted

    if private_services_wanted():
        services.start()
    os.environ["DJANGO_SETTINGS_MODULE"] = "mespoints.settings.test"
    print(f"graine : {options.graine} (rejouer : --graine {options.graine})", flush=True)
    return _mener(options)


def _mener(options: argparse.Namespace) -> int:
    contexte = multiprocessing.get_context("spawn")
    file_: Any = contexte.Queue()
    combien = 1 if options.marche is not None else options.processus
    enfants = [
        contexte.Process(target=lot, args=(n, combien, options.graine, options.requetes, options.marche, file_))
        for n in range(combien)
    ]
    for enfant in enfants:
        enfant.start()
    bilans = _suivre(enfants, file_, options.requetes)
    for enfant in enfants:
        enfant.join()
    return _conclure(bilans, options.graine, sum(bool(enfant.exitcode) for enfant in enfants))


def _suivre(enfants: list[Any], file_: Any, requetes: int) -> list[Bilan]:
    """Print where it stands until each process has given its own, or is no more."""
    faites: dict[int, tuple[int, int]] = {}
    bilans: list[Bilan] = []
    dit = debut = time.monotonic()
    while len(bilans) < len(enfants):
        try:
            recu = file_.get(timeout=5)
        except Empty:
            if not any(enfant.is_alive() for enfant in enfants):
                break
            continue
        if isinstance(recu, Bilan):
            bilans.append(recu)
            continue
        if isinstance(recu, Faute):
            print(f"! {recu.quoi} · {recu.route} · {recu.detail} (marche {recu.marche})", flush=True)
            continue
        faites[recu[0]] = recu[1:]
        if time.monotonic() - dit > 10:
            dit = time.monotonic()
            total, fautes = (sum(colonne) for colonne in zip(*faites.values(), strict=True))
            vitesse = total / (dit - debut)
            print(f"{total:>7} / {requetes} requêtes ({vitesse:.0f} par seconde), {fautes} fautes", flush=True)
    return bilans


def _conclure(bilans: list[Bilan], graine: int, tombes: int) -> int:
    statuts: Counter[int] = sum((bilan.statuts for bilan in bilans), Counter())
    routes: Counter[tuple[str, int]] = sum((bilan.routes for bilan in bilans), Counter())
    fautes = {cle: faute for bilan in bilans for cle, faute in bilan.fautes.items()}
    total = statuts.total()
    parts = ", ".join(f"{statut} : {n} ({100 * n / total:.1f} %)" for statut, n in statuts.most_common())
    vues = {nom for nom, dizaine in routes if dizaine in {2, 3}}
    print(f"{total} requêtes, graine {graine}, {len({nom for nom, _ in routes})} adresses dont {len(vues)} ont répondu")
    print(f"réponses : {parts}")
    for faute in fautes.values():
        print(f"\n{faute.quoi} · {faute.route} · {faute.detail}")
        print(f"  {faute.visiteur} : {faute.demande}")
        print(f"  rejouer : --graine {graine} --marche {faute.marche}")
    print(f"\n{len(fautes)} fautes, {sum(n for statut, n in statuts.items() if statut >= 500)} réponses 5xx")
    return 1 if fautes or tombes or not total else 0


if __name__ == "__main__":
    sys.exit(main())
