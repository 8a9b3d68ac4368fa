"""The properties of the law over as many random histories as it takes: the tests of ``make test``, drawn far longer.

By rounds, each a program of its own with a seed of its own: Hypothesis remembers all that it drew, and slows down.
"""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from mespoints.local.places import CHECKOUT

#: Each with the histories asked of it, as a part of what is asked on the whole.
PREUVES = {
    "tests/rules/test_proprietes.py::test_ce_qu_aucune_histoire_ne_donne": 1.0,
    "tests/rules/test_deux_lectures.py::test_les_deux_lectures_disent_la_meme_chose": 0.2,
}
TOUR = 2_500
A_LA_FOIS = os.cpu_count() or 1


def eprouver(graine: int, histoires: int) -> bool:
    """Draw ``histoires`` for the properties, their part for the second reading; print each round that falls."""
    hasard = random.Random(graine)
    tours = list(_tours(hasard, histoires))
    with ThreadPoolExecutor(A_LA_FOIS) as fils:
        tenus = list(fils.map(_jouer, tours))
    for preuve in PREUVES:
        tires = sum(
            combien for (sienne, combien, _), tenu in zip(tours, tenus, strict=True) if tenu and sienne == preuve
        )
        print(f"{preuve.rpartition('::')[2]} : {tires} histoires sans faute", flush=True)
    return all(tenus)


def _tours(hasard: random.Random, histoires: int) -> Iterator[tuple[str, int, int]]:
    for preuve, part in PREUVES.items():
        reste = round(histoires * part)
        while reste > 0:
            yield preuve, min(reste, TOUR), hasard.getrandbits(32)
            reste -= TOUR


def _jouer(tour: tuple[str, int, int]) -> bool:
    preuve, combien, graine = tour
    tenu = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-q", "--sans-base", "-p", "no:cacheprovider", preuve],
        cwd=CHECKOUT,
        env={**os.environ, "MESPOINTS_TIRAGES": str(combien), "MESPOINTS_SEED": str(graine)},
        capture_output=True,
        text=True,
        check=False,
    )
    if tenu.returncode:
        print(f"graine {graine} :\n{tenu.stdout[-6000:]}", flush=True)
    return not tenu.returncode
