"""The floor of the measures is the same for ever: who changes it must say so here, and measures everything anew."""

from hashlib import sha256

from tests.architecture.arbre import RACINE

BANC = RACINE / "tests" / "bancs" / "bench"
GELES = {
    "plancher.py": "98feedad18ee624d65cc0cd04c7fd2c01576084f458211337e982406aa365e43",
    "templates/plancher.html": "e49521e2774dd2be1e10afd8998ad10ddadb8b789a37d784e6161b3ca7c54964",
}


def test_le_plancher_des_pages_ne_change_pas() -> None:
    assert {nom: sha256((BANC / nom).read_bytes()).hexdigest() for nom in GELES} == GELES
