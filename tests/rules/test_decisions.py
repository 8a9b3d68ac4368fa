"""Real decisions, told as lines of the feed: what was judged, or answered, must come out of the replay.

Persons are invented, and the figures that a decision does not give are chosen to fit its outcome. The second reading is
asked the same.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.rules.lecture_naive import lire
from tests.rules.rejeu import nu, rejouer_ligne

DECISIONS = [json.loads(ligne) for ligne in Path(__file__).with_name("decisions.ndjson").read_text().splitlines()]
CAS = [
    pytest.param(decision["ligne"], attendu, id=f"{decision['decision']} [{attendu['au']}]")
    for decision in DECISIONS
    for attendu in decision["attendu"]
]
COMPARE = {
    "solde": lambda dit, voulu: dit == voulu,
    "solde_lt": lambda dit, voulu: dit < voulu,
    "solde_gt": lambda dit, voulu: dit > voulu,
    "solde_ge": lambda dit, voulu: dit >= voulu,
    "solde_ne": lambda dit, voulu: dit != voulu,
}


@pytest.mark.parametrize(("ligne", "attendu"), CAS)
def test_ce_qui_a_ete_juge_sort_du_rejeu(ligne: dict[str, Any], attendu: dict[str, Any]) -> None:
    au = date.fromisoformat(attendu["au"])
    lu = nu(rejouer_ligne(ligne, au))
    for cle, voulu in attendu.items():
        if cle in COMPARE:
            assert COMPARE[cle](lu["solde"], voulu), cle
        elif cle in ("points", "plafond", "etat"):
            assert lu[cle] == voulu
        elif cle == "anomalie":
            assert voulu in lu["anomalies"]
        elif cle != "au":
            du_jour = [m for m in lu["mouvements"] if m["date"] == attendu["au"]]
            assert {"gain": sum(m["points"] for m in du_jour), "mouvement": voulu}[cle] == voulu
            assert cle != "mouvement" or voulu in [m["nature"] for m in du_jour]
    assert lu == lire(ligne, au)


def test_chaque_decision_attend_quelque_chose() -> None:
    assert len(DECISIONS) == 37
    assert all(decision["attendu"] for decision in DECISIONS)
