"""Hand tables for the naive reading: the ends that name a licence, the exchange abroad, the death."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rules.exemples import (
    ANCIEN,
    NORMAL,
    annulee,
    formation,
    infraction,
    lu,
    notifiee,
    permis,
    stage,
    suite,
)
from tests.rules.fabrique import (
    Fait,
    deces,
    echange,
    etranger,
    interdiction,
    levee,
    retablie,
    suspension,
    visite,
)

A = infraction("a", "2020-01-01", "2020-02-01", 3)

# ------------------------------------------------------------------------------ `permis` on ends


@pytest.mark.parametrize("fin", [notifiee("2020-05-05", "m"), annulee("2020-05-05", "m"), echange("2020-05-05", "m")])
@pytest.mark.parametrize(("nomme", "finit"), [(None, True), ("p1", True), ("p2", False), ("px", False), ("a", False)])
def test_une_fin_nomme_le_permis_qu_elle_finit(fin: Fait, nomme: str | None, finit: bool) -> None:
    """p2 is a further category."""
    lecture = lu(ANCIEN, permis("2010-01-01", id="p2"), A, {**fin, "permis": nomme}, au=date(2020, 6, 1))
    nature = fin["type"]
    attendu = {"invalidation": "invalide", "annulation": "annule"}.get(nature, "echange")
    assert lecture["etat"] == (attendu if finit else "valide")
    assert (("2020-05-05", nature, -9, 0, 0) in suite(lecture)) is finit
    sans_base = ["m"] if nature == "invalidation" or not finit else []  # 9 points on the day of the 48SI
    assert lecture["anomalies"] == sorted([*sans_base, "p2"])


# ------------------------------------------------------------------------------------- echange


def test_echange() -> None:
    lecture = lu(ANCIEN, A, echange("2020-05-05"))
    assert suite(lecture) == [
        ("1999-01-15", "capital_initial", 12, 12, 12),
        ("2020-02-01", "retrait", -3, 9, 12),
        ("2020-05-05", "echange", -9, 0, 0),
    ]
    assert (lecture["etat"], lecture["regime"], lecture["points"], lecture["plafond"]) == ("echange", None, 0, 0)
    assert lecture["mouvements"][-1]["article"] == "R225-1 3°"
    assert (lecture["stage"], lecture["anomalies"]) == ({"eligible": False, "premier_jour": None}, [])


def test_l_ordre_des_fins_d_un_jour() -> None:
    jour = "2020-05-05"
    trois = lu(ANCIEN, echange(jour, "a"), annulee(jour, "b"), notifiee(jour, "c"))
    assert (suite(trois)[-1][1], trois["anomalies"]) == ("invalidation", ["a", "b", "c"])  # c: 12 points
    deux = lu(ANCIEN, echange(jour, "a"), annulee(jour, "b"))
    assert (suite(deux)[-1][1], deux["anomalies"]) == ("annulation", ["a"])
    memes = lu(ANCIEN, echange(jour, "b"), echange(jour, "a"))
    assert (memes["mouvements"][-1]["fait"], memes["anomalies"]) == ("a", ["b"])
    nommee = lu(ANCIEN, echange(jour, "a"), {**notifiee(jour, "c"), "permis": "px"})
    assert (suite(nommee)[-1][1], nommee["anomalies"]) == ("echange", ["c"])


def test_un_permis_apres_un_echange() -> None:
    """It starts afresh; it is no first licence."""
    lecture = lu(ANCIEN, echange("2020-05-05"), permis("2021-06-01", "aac", "p2"), formation("2022-01-01"))
    assert suite(lecture)[2:] == [
        ("2021-06-01", "capital_initial", 6, 6, 6),
        ("2022-06-01", "majoration_probatoire", 2, 8, 8),
        ("2023-06-01", "majoration_probatoire", 2, 10, 10),
        ("2024-06-01", "fin_delai_probatoire", 2, 12, 12),
    ]
    assert lecture["anomalies"] == ["fc"]


# --------------------------------------------------------------------------------------- deces


def test_deces() -> None:
    faits = [ANCIEN, A, infraction("b", "2021-01-01", "2021-05-05", 2), deces("2021-05-05")]
    assert lu(*faits, au=date(2021, 5, 4))["etat"] == "valide"
    for jour in (date(2021, 5, 5), date(2040, 1, 1)):
        lecture = lu(*faits, au=jour)
        assert suite(lecture) == [
            ("1999-01-15", "capital_initial", 12, 12, 12),
            ("2020-02-01", "retrait", -3, 9, 12),
            ("2021-05-05", "retrait", -2, 7, 12),
        ]
        assert (lecture["etat"], lecture["regime"], lecture["delai_probatoire"]) == ("decede", None, None)
        assert (lecture["points"], lecture["solde"], lecture["plafond"]) == (7, 7, 12)
        assert lecture["stage"] == {"eligible": False, "premier_jour": None}
        assert lecture["anomalies"] == []


APRES = [
    infraction("f", "2021-05-01", "2021-05-06", 3),
    infraction("f", "2021-05-01", "2021-05-06", 0),
    {"id": "f", "type": "infraction_annulee", "infraction": "a", "date_decision": "2021-05-06"},
    stage("f", "2021-05-05", "2021-05-06"),
    stage("f", "2021-05-05", "2021-05-06", "judiciaire"),
    notifiee("2021-05-06", "f"),
    annulee("2021-05-06", "f"),
    echange("2021-05-06", "f"),
    permis("2021-05-06", id="f"),
    formation("2021-05-06", "f"),
    suspension("2021-05-06", None, "f"),
    visite("2021-05-06", id="f"),
    visite("2021-05-01", id="f", date_decision="2021-05-06"),
    visite("2021-05-06", "inapte", id="f"),
    etranger("2021-05-06", id="f"),
    interdiction("2021-05-06", "f"),
    deces("2021-05-06", "f"),
    levee("si", "2021-05-06", id="f"),
    retablie("lw", "2021-05-06", "f"),
]


@pytest.mark.parametrize("fait", APRES, ids=lambda f: f["type"])
def test_apres_le_deces_plus_rien_ne_compte(fait: Fait) -> None:
    faits = [ANCIEN, A, notifiee("2020-03-01"), levee("si", "2020-09-01", "provisoire", "lw"), deces("2021-05-05")]
    au = date(2022, 1, 1)
    assert lu(*faits, fait, au=au) == {**lu(*faits, au=au), "anomalies": ["f"]}


def test_une_visite_d_avant_le_deces_decidee_apres() -> None:
    inapte = visite("2021-05-01", "inapte", date_decision="2021-05-06")  # it counts from the visit
    assert lu(ANCIEN, inapte, deces("2021-05-05"))["anomalies"] == []


def test_un_stage_fini_le_jour_du_deces() -> None:
    lecture = lu(ANCIEN, A, stage("s", "2021-05-04", "2021-05-05"), deces("2021-05-05"))
    assert (lecture["solde"], lecture["anomalies"]) == (9, ["s"])


@pytest.mark.parametrize(
    ("debut", "fin", "dite"),
    [
        ("2026-03-01", "2026-05-31", {"depuis": "2026-03-01", "fin": "2026-05-31", "maintenue": False}),
        ("2026-03-01", "2026-04-10", {"depuis": "2026-03-01", "fin": "2026-04-10", "maintenue": True}),
        ("2026-03-01", "2026-03-20", None),
        ("2026-05-06", None, None),
    ],
)
def test_la_suspension_du_jour_du_deces(debut: str, fin: str | None, dite: Fait | None) -> None:
    lecture = lu(ANCIEN, suspension(debut, fin), deces("2026-05-05"), au=date(2030, 1, 1))
    assert (lecture["etat"], lecture["suspension"]) == ("decede", dite)


def test_deces_dit_par_erreur() -> None:
    faits = [NORMAL, infraction("b", "2022-04-01", "2022-06-01", 1, 3), deces("2022-05-05"), levee("dc", "2022-09-01")]
    mort = lu(*faits, au=date(2022, 8, 31))
    assert (suite(mort), mort["anomalies"]) == ([("2022-03-15", "capital_initial", 6, 6, 6)], ["b"])
    vif = lu(*faits, au=date(2022, 9, 1))
    assert suite(vif)[:3] == [
        ("2022-03-15", "capital_initial", 6, 6, 6),
        ("2022-06-01", "retrait", -1, 5, 6),
        ("2022-12-01", "reattribution_un_point", 1, 6, 6),
    ]
    assert (vif["etat"], vif["regime"], vif["anomalies"]) == ("valide", "francais", [])
    assert vif["delai_probatoire"] == {"fin": "2025-03-15"}


def test_deux_deces() -> None:
    deux = [ANCIEN, deces("2021-05-05", "d1"), deces("2022-05-05", "d2"), A]
    assert lu(*deux)["anomalies"] == ["d2"]
    b = infraction("b", "2022-01-01", "2022-02-01", 2)
    second = lu(*deux, b, levee("d1", "2023-01-01"))  # the second then stands, and b was before it
    assert (second["etat"], second["solde"], second["anomalies"]) == ("decede", 7, [])
    assert lu(ANCIEN, deces("2021-05-05", "d1"), deces("2021-05-05", "d2"))["anomalies"] == ["d2"]
