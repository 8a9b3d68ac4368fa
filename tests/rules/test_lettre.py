"""R223-3, R223-4, R223-8: which letter a movement calls for."""

from datetime import date
from typing import Any

import pytest

from dossier.feed import lire_ligne
from dossier.rules.lettre import lettre_due
from dossier.rules.solde import rejouer
from tests.dossier.lignes import PERMIS, infraction, ligne, octets

PROBATOIRE = PERMIS | {"date_obtention": "2024-03-15"}
JOUR = ("2025-01-10", "2025-02-10")


def lettres(*faits: dict[str, Any], au: date = date(2026, 11, 21)) -> list[str | None]:
    replay = rejouer(lire_ligne(octets(ligne(*faits))).parcours, au)
    return [lettre_due(m, replay) for m in replay.mouvements]


@pytest.mark.parametrize(
    ("faits", "attendues"),
    [
        pytest.param([PERMIS, infraction("a", *JOUR, 3)], [None, "48"], id="un retrait : 48"),
        pytest.param([PERMIS, infraction("a", *JOUR, 6)], [None, "48M"], id="six points restants : 48M"),
        pytest.param([PERMIS, infraction("a", *JOUR, 5)], [None, "48"], id="sept points restants : 48"),
        pytest.param(
            [PERMIS, infraction("a", *JOUR, 6), infraction("b", *JOUR, 6)], [None, "48M", "48SI"], id="plus rien : 48SI"
        ),
        pytest.param([PROBATOIRE, infraction("a", *JOUR, 3)], [None, "48N"], id="probatoire, trois points : 48N"),
        pytest.param([PROBATOIRE, infraction("a", *JOUR, 2)], [None, "48"], id="probatoire, deux points : 48"),
        pytest.param([PROBATOIRE, infraction("a", *JOUR, 6)], [None, "48SI"], id="probatoire, six points : 48SI"),
        pytest.param([PERMIS, infraction("a", *JOUR, 0)], [None], id="sans point : rien"),
        pytest.param(
            [PERMIS, infraction("a", *JOUR, 1, classe=3)], [None, "48", "46"], id="un point rendu à six mois : 46"
        ),
        pytest.param(
            [PERMIS, infraction("a", "2023-01-10", "2023-02-10", 1, classe=3)],
            [None, "48", "46", None],
            id="une reconstitution à 12/12 ne rend rien : pas de 46",
        ),
    ],
)
def test_lettre_due(faits: list[dict[str, Any]], attendues: list[str | None]) -> None:
    assert lettres(*faits) == attendues


def test_un_stage_une_47() -> None:
    stage = {"id": "s", "type": "stage", "date_fin": "2025-04-01", "nature": "volontaire"}
    assert lettres(PERMIS, infraction("a", *JOUR, 3), stage) == [None, "48", "47"]
