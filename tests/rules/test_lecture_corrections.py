"""Hand tables for the naive reading: groups by day, formation complémentaire, B by AAC after A, 48SI and course."""

from __future__ import annotations

from datetime import date
from typing import Any

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
from tests.rules.fabrique import suspension

# --------------------------------------------------------------------- offences of one groupe


def test_chaque_jour_d_un_groupe_est_un_groupe() -> None:
    lecture = lu(
        ANCIEN,
        infraction("a", "2024-01-10", "2024-02-10", 6, groupe="g"),
        infraction("b", "2024-01-10", "2024-02-10", 6, groupe="g"),
        infraction("c", "2024-01-11", "2024-02-11", 6, groupe="g"),
        infraction("d", "2024-01-11", "2024-02-12", 3, groupe="g"),
        au=date(2024, 3, 1),
    )
    assert suite(lecture)[1:5] == [
        ("2024-02-10", "retrait", -6, 6, 12),
        ("2024-02-10", "retrait", -2, 4, 12),
        ("2024-02-11", "retrait", -6, -2, 12),
        ("2024-02-12", "retrait", -2, -4, 12),
    ]
    assert lecture["anomalies"] == ["c", "d"]


def test_un_groupe_a_cinq_ans_d_ecart() -> None:
    lecture = lu(
        ANCIEN,
        infraction("a", "2018-05-01", "2018-06-01", 6, groupe="g"),
        infraction("b", "2023-05-01", "2023-06-01", 6, groupe="g"),
    )
    assert ("2023-06-01", "retrait", -6, 6, 12) in suite(lecture)
    assert lecture["anomalies"] == ["b"]


def test_un_jour_tardif_attend_d_etre_definitif() -> None:
    faits = [
        ANCIEN,
        infraction("a", "2024-01-10", "2024-05-01", 6, groupe="g"),
        infraction("b", "2024-01-11", "2024-02-11", 6, groupe="g"),
    ]
    assert lu(*faits, au=date(2024, 4, 30))["anomalies"] == []  # a is pending: b is the only one there is
    assert lu(*faits, au=date(2024, 5, 1))["anomalies"] == ["b"]


def test_le_plus_cher_se_cherche_sous_le_meme_permis() -> None:
    """The délit of 9 points is final under the second licence: it withdraws nothing, and caps nothing."""
    lecture = lu(
        ANCIEN,
        infraction("a", "2024-01-10", "2024-02-10", 6, groupe="g"),
        infraction("b", "2024-01-10", "2024-02-10", 6, groupe="g"),
        annulee("2024-03-01"),
        permis("2024-04-01", id="p2"),
        infraction("c", "2024-01-10", "2024-05-01", 9, 0, groupe="g"),
        au=date(2024, 6, 1),
    )
    assert [s[2] for s in suite(lecture) if s[1] == "retrait"] == [-6, -2]
    assert lecture["anomalies"] == ["c"]


# ------------------------------------------------------------------- formation complémentaire


def test_formation_de_2012() -> None:
    lecture = lu(permis("2012-01-10"), formation("2012-07-15"))
    assert suite(lecture) == [
        ("2012-01-10", "capital_initial", 6, 6, 6),
        ("2013-01-10", "majoration_probatoire", 2, 8, 8),
        ("2014-01-10", "majoration_probatoire", 2, 10, 10),
        ("2015-01-10", "fin_delai_probatoire", 2, 12, 12),
    ]
    assert lecture["anomalies"] == ["fc"]


@pytest.mark.parametrize(
    ("suivie", "fin", "anomalies"),
    [("2018-12-31", "2021-05-15", ["fc"]), ("2019-01-01", "2020-05-15", [])],
)
def test_la_formation_existe_depuis_2019(suivie: str, fin: str, anomalies: list[str]) -> None:
    lecture = lu(permis("2018-05-15"), formation(suivie), au=date(2019, 6, 1))
    assert lecture["delai_probatoire"] == {"fin": fin}
    assert lecture["anomalies"] == anomalies


@pytest.mark.parametrize(
    ("champs", "fin"),
    [
        ({}, "2025-03-15"),
        ({"motif": None}, "2025-03-15"),
        ({"motif": "infraction"}, "2025-03-15"),
        ({"motif": "medicale"}, "2024-03-15"),
        ({"motif": "medicale", "nature": "restriction"}, "2024-03-15"),
        ({"motif": "infraction", "nature": "restriction"}, "2025-03-15"),
    ],
)
def test_une_suspension_medicale_ne_perd_pas_la_formation(champs: dict[str, Any], fin: str) -> None:
    faits = [NORMAL, formation("2023-01-01"), suspension("2023-06-01", "2023-06-20", **champs)]
    lecture = lu(*faits, au=date(2023, 7, 1))
    assert lecture["delai_probatoire"] == {"fin": fin}
    assert lecture["anomalies"] == ([] if fin == "2024-03-15" else ["fc"])


# ---------------------------------------------------------------------- first A, then B by AAC

A1 = {**permis("2022-09-01"), "categorie": "A1"}


def b(obtenu: str, filiere: str = "aac", **autres: Any) -> dict[str, Any]:
    return {**permis(obtenu, filiere, id="p2"), **autres}


def test_b_accompagne_apres_deux_ans() -> None:
    lecture = lu(A1, b("2024-12-15"))
    assert suite(lecture) == [
        ("2022-09-01", "capital_initial", 6, 6, 6),
        ("2023-09-01", "majoration_probatoire", 2, 8, 8),
        ("2024-09-01", "majoration_probatoire", 2, 10, 10),
        ("2024-12-15", "fin_delai_probatoire", 2, 12, 12),
    ]
    assert lecture["anomalies"] == []


def test_b_accompagne_avant_deux_ans() -> None:
    faits = [A1, b("2024-03-15")]
    assert suite(lu(*faits)) == [
        ("2022-09-01", "capital_initial", 6, 6, 6),
        ("2023-09-01", "majoration_probatoire", 2, 8, 8),
        ("2024-09-01", "fin_delai_probatoire", 4, 12, 12),
    ]
    assert lu(*faits, au=date(2024, 3, 14))["delai_probatoire"] == {"fin": "2025-09-01"}
    assert lu(*faits, au=date(2024, 3, 15))["delai_probatoire"] == {"fin": "2024-09-01"}
    assert lu(*faits, au=date(2024, 9, 1))["delai_probatoire"] is None


def test_b_accompagne_apres_une_infraction() -> None:
    lecture = lu(A1, infraction("a", "2024-02-01", "2024-03-01", 3, 3), b("2024-12-15"))
    assert suite(lecture) == [
        ("2022-09-01", "capital_initial", 6, 6, 6),
        ("2023-09-01", "majoration_probatoire", 2, 8, 8),
        ("2024-03-01", "retrait", -3, 5, 8),
        ("2024-12-15", "fin_delai_probatoire", 0, 5, 12),
        ("2026-03-01", "reconstitution_totale", 7, 12, 12),
    ]


@pytest.mark.parametrize(
    "autre",
    [
        b("2024-03-15", "classique"),
        b("2024-03-15", "supervisee"),
        b("2024-03-15", categorie="A2"),
        b("2025-09-01"),  # the end of the délai: not inside it
        b("2022-09-01"),  # its first day: not strictly inside
    ],
    ids=["classique", "supervisee", "A2", "dernier jour", "premier jour"],
)
def test_une_autre_categorie_ne_change_rien(autre: dict[str, Any]) -> None:
    lecture = lu(A1, autre)
    assert suite(lecture)[-1] == ("2025-09-01", "fin_delai_probatoire", 2, 12, 12)
    assert lecture["anomalies"] == ["p2"]


def test_b_accompagne_la_veille_de_la_fin() -> None:
    lecture = lu(A1, b("2025-08-31"))
    assert suite(lecture)[-1] == ("2025-08-31", "fin_delai_probatoire", 2, 12, 12)
    assert lecture["anomalies"] == []


def test_b_accompagne_et_formation() -> None:
    """The formation ends the délai on 2024-09-01: B obtained afterwards finds none to end."""
    avant = lu(A1, formation("2023-05-01"), b("2023-10-01"))
    assert suite(avant)[-1] == ("2024-09-01", "fin_delai_probatoire", 4, 12, 12)
    assert avant["anomalies"] == []
    apres = lu(A1, formation("2023-05-01"), b("2024-12-15"))
    assert suite(apres)[-1] == ("2024-09-01", "fin_delai_probatoire", 4, 12, 12)
    assert apres["anomalies"] == ["p2"]


def test_b_accompagne_sur_un_second_permis() -> None:
    """Of the driver's first licence only; nor of a first one by AAC."""
    second = lu(permis("2010-01-10"), annulee("2022-01-10"), {**A1, "id": "p3"}, b("2024-12-15"))
    assert suite(second)[-1] == ("2025-09-01", "fin_delai_probatoire", 2, 12, 12)
    assert second["anomalies"] == ["p2"]
    accompagne = lu({**A1, "filiere": "aac"}, b("2023-12-15"))
    assert suite(accompagne)[-1] == ("2024-09-01", "fin_delai_probatoire", 3, 12, 12)
    assert accompagne["anomalies"] == ["p2"]


# ------------------------------------------------------------ 48SI and course in the same days

NUL = [
    ANCIEN,
    infraction("a", "2016-10-01", "2016-11-01", 9, 0),
    infraction("b", "2016-10-02", "2016-11-02", 6, 0),
    stage("s", "2016-12-09", "2016-12-10"),
]


@pytest.mark.parametrize("recue", ["2016-12-09", "2016-12-10"])
def test_48si_avant_la_fin_du_stage(recue: str) -> None:
    lecture = lu(*NUL, notifiee(recue))
    assert suite(lecture)[-1] == (recue, "invalidation", 3, 0, 0)
    assert lecture["anomalies"] == ["s"]


@pytest.mark.parametrize("recue", ["2016-12-11", "2016-12-12"])
def test_48si_le_jour_du_credit_ou_apres(recue: str) -> None:
    lecture = lu(*NUL, notifiee(recue))
    assert suite(lecture)[-2:] == [
        ("2016-12-11", "recuperation_stage", 4, 1, 12),
        (recue, "invalidation", -1, 0, 0),
    ]
    assert lecture["anomalies"] == ["si"]
