"""The long storm: one after the other until enough has been killed, cut and emptied, each checked; then the naive twin.

And the properties of the law over 100,000 histories, before (``--seul lois|tempete`` for one of the two).

``MESPOINTS_SEED`` plays the same dossiers and the same faults again; what each process was doing then is not replayed.
"""

import argparse
import os
import random
import secrets
import signal
import sys
import time
from collections import Counter

from tests.bancs.chaos import controles, lois
from tests.bancs.chaos.banc import modele
from tests.bancs.chaos.tempete import PREUVES, Bilan, Programme, dechainer, dechainer_sur_le_naif

DOSSIERS = 5_000
HISTOIRES = 100_000
MORTS, COUPURES, VIDAGES = 100, 5, 3
TEMPETE = Programme(enfants=12, ouvriers=6, lots=12, postgres=2, redis=1, messages=3)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bancs.chaos")
    parser.add_argument("--dossiers", type=int, default=DOSSIERS)
    parser.add_argument("--morts", type=int, default=MORTS, help="kill -9 at least")
    parser.add_argument("--minutes", type=float, default=60, help="no storm begins later than that")
    parser.add_argument("--histoires", type=int, default=HISTOIRES, help="drawn for the properties of the law")
    parser.add_argument("--seul", choices=("lois", "tempete"), help="one of the two")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # nothing is left running or written
    graine = int(os.environ.setdefault("MESPOINTS_SEED", str(secrets.randbelow(2**32))))
    dire(f"graine : {graine} (rejouer : MESPOINTS_SEED={graine})")
    tenu = options.seul == "tempete" or lois.eprouver(graine, options.histoires)
    if options.seul != "lois":
        tenu = affronter(graine, options.dossiers, options.morts, options.minutes) and tenu
    return 0 if tenu else 1


def affronter(graine: int, dossiers: int, morts: int, minutes: float) -> bool:
    """Storm after storm over copies of one database; tell whether all held and enough fell."""
    hasard, total, fautes = random.Random(graine), Bilan(), Counter[str]()
    depart, tempetes = time.monotonic(), 0
    with modele(dossiers, graine) as pret:
        temoin = controles.observer(pret)
        dire(f"{dossiers} dossiers, {len(temoin.dus)} échus, {temoin.lignes.total()} lignes attendues")
        while not assez(total, morts) and time.monotonic() < depart + 60 * minutes:
            debut, tempetes = time.monotonic(), tempetes + 1
            bilan, constat = dechainer(pret, temoin, hasard.getrandbits(32), TEMPETE)
            total += bilan
            fautes.update(constat.fautes())
            duree = time.monotonic() - debut
            dire(f"tempête {tempetes} ({duree:.0f} s) : {raconter(bilan)} ; fautes : {constat.fautes() or 'aucune'}")
            dire(f"    {constat.dus} échus, {constat.traites} traités, {constat.changes} changés")
        naif = dechainer_sur_le_naif(pret, temoin, graine)
    dire(f"jumeau naïf : {naif}")
    dire(f"en tout ({time.monotonic() - depart:.0f} s) : {raconter(total)}")
    manquants = fautes["manquants"] + fautes["restes"]
    dire(f"doublons {fautes['doublons']}, manquants {manquants}, soldes faux {fautes['soldes_faux']}")
    indemne = not fautes and not total.etats_rompus
    return indemne and assez(total, morts) and naif.keys() >= PREUVES


def assez(bilan: Bilan, morts: int) -> bool:
    return bilan.morts >= morts and bilan.faits["postgres"] >= COUPURES and bilan.faits["redis"] >= VIDAGES


def raconter(bilan: Bilan) -> str:
    faits = bilan.faits
    return (
        f"{bilan.morts} kill -9 dont {bilan.en_transaction} en pleine transaction (enfants {faits['enfants']}, "
        f"travailleurs {faits['ouvriers']}, lots {faits['lots']}), {faits['postgres']} coupures de PostgreSQL, "
        f"{faits['redis']} vidages de Redis, {faits['messages']} rafales de messages, "
        f"{bilan.etats_rompus} état rompu sur {bilan.regards} regards"
    )


def dire(texte: str) -> None:
    print(texte, flush=True)


if __name__ == "__main__":
    sys.exit(main())
