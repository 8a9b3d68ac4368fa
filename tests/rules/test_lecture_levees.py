"""Hand tables for the naive reading: what was decided is undone, whatever it was."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.rules.exemples import ANCIEN, annulee, infraction, lu, notifiee, stage, suite
from tests.rules.fabrique import (
    Fait,
    deces,
    echange,
    etranger,
    interdiction,
    levee,
    retablie,
    suspension,
)

# 12, then 3, then −3 on 2020-03-01; whole again on 2023-03-01 if the licence goes on.
NUL = [
    ANCIEN,
    infraction("a", "2020-01-01", "2020-02-01", 9, 0),
    infraction("b", "2020-01-02", "2020-03-01", 6, 0),
]
RETRAITS = [
    ("1999-01-15", "capital_initial", 12, 12, 12),
    ("2020-02-01", "retrait", -9, 3, 12),
    ("2020-03-01", "retrait", -6, -3, 12),
]
LA_FIN = ("2020-04-01", "invalidation", 3, 0, 0)
ENTIER = ("2023-03-01", "reconstitution_totale", 15, 12, 12)
INVALIDE = [*NUL, notifiee("2020-04-01")]


def dit(lecture: dict[str, Any]) -> tuple[str, bool, list[str]]:
    return lecture["etat"], lecture["provisoire"], lecture["anomalies"]


def test_levee_retroactive() -> None:
    faits = [*INVALIDE, levee("si", "2021-06-01")]
    avant = lu(*faits, au=date(2021, 5, 31))
    assert (suite(avant), dit(avant), avant["regime"]) == ([*RETRAITS, LA_FIN], ("invalide", False, []), None)
    apres = lu(*faits, au=date(2021, 6, 1))
    assert (suite(apres), dit(apres)) == ([*RETRAITS, ENTIER], ("solde_nul", False, []))
    assert (apres["solde"], apres["points"], apres["regime"]) == (-3, 0, "francais")


def test_levee_connue_plus_tard() -> None:
    faits = [*INVALIDE, levee("si", "2021-06-01", enregistre_le="2021-07-10")]
    assert dit(lu(*faits, au=date(2021, 7, 9)))[0] == "invalide"
    assert dit(lu(*faits, au=date(2021, 6, 1), connu_le=date(2021, 7, 10)))[0] == "solde_nul"


def test_refere_puis_retablissement() -> None:
    faits = [*INVALIDE, levee("si", "2021-06-01", "provisoire"), retablie("lv", "2022-01-10")]
    assert dit(lu(*faits, au=date(2021, 5, 31))) == ("invalide", False, [])
    for jour in (date(2021, 6, 1), date(2022, 1, 9)):
        lecture = lu(*faits, au=jour)
        assert (suite(lecture), dit(lecture)) == ([*RETRAITS, ENTIER], ("solde_nul", True, []))
    lecture = lu(*faits, au=date(2022, 1, 10))  # back on its own day
    assert (suite(lecture), dit(lecture)) == ([*RETRAITS, LA_FIN], ("invalide", False, []))


def test_plusieurs_levees_d_une_mesure() -> None:
    refere, fond = levee("si", "2021-06-01", "provisoire"), levee("si", "2022-06-01", id="lw")
    faits = [*INVALIDE, refere, fond]
    assert dit(lu(*faits, au=date(2022, 5, 31))) == ("solde_nul", True, [])
    assert dit(lu(*faits, au=date(2022, 6, 1))) == ("solde_nul", False, [])
    # The rétablissement of the référé does not touch the judgment.
    assert dit(lu(*faits, retablie("lv", "2022-01-10"), au=date(2022, 6, 1))) == ("solde_nul", False, [])
    # One référé set aside, another in force.
    second = levee("si", "2022-06-01", "provisoire", "lw")
    assert dit(lu(*INVALIDE, refere, second, retablie("lv", "2022-01-10"), au=date(2022, 5, 31)))[0] == "invalide"
    lecture = lu(*INVALIDE, refere, second, retablie("lv", "2022-01-10"), au=date(2022, 6, 1))
    assert dit(lecture) == ("solde_nul", True, [])


def test_annulation_et_echange_defaits() -> None:
    for fin in (annulee("2020-04-01", id="m"), echange("2020-04-01", id="m")):
        lecture = lu(*NUL, fin, levee("m", "2021-06-01", "retroactive"), au=date(2021, 6, 1))
        assert (suite(lecture), dit(lecture)) == ([*RETRAITS, ENTIER], ("solde_nul", False, []))
    lecture = lu(*NUL, annulee("2020-04-01", id="m"), levee("m", "2021-06-01", "provisoire"), au=date(2021, 6, 1))
    assert dit(lecture) == ("solde_nul", True, [])


def test_la_seconde_fin_reprend_si_la_premiere_est_defaite() -> None:
    """The 48SI ended the licence, the annulment changed nothing: without the 48SI the annulment ends it."""
    faits = [*INVALIDE, annulee("2020-05-01")]
    assert dit(lu(*faits, au=date(2021, 1, 1))) == ("invalide", False, ["an"])
    lecture = lu(*faits, levee("si", "2021-06-01"), au=date(2021, 6, 1))
    assert suite(lecture)[3:] == [("2020-05-01", "annulation", 3, 0, 0)]
    assert dit(lecture) == ("annule", False, [])


def test_stages_et_infractions_apres_la_48si_defaite() -> None:
    """A course followed after the 48SI gave nothing; the 48SI annulled, it counts."""
    faits = [*INVALIDE, stage("s", "2020-06-01", "2020-06-02"), infraction("c", "2020-07-01", "2020-08-01", 1)]
    assert dit(lu(*faits, au=date(2021, 1, 1)))[2] == ["c", "s"]
    lecture = lu(*faits, levee("si", "2021-06-01"), au=date(2021, 6, 1))
    assert suite(lecture)[3:6] == [
        ("2020-06-03", "recuperation_stage", 4, 1, 12),
        ("2020-08-01", "retrait", -1, 0, 12),
        ("2021-02-01", "reattribution_un_point", 1, 1, 12),
    ]
    assert dit(lecture) == ("valide", False, [])


@pytest.mark.parametrize(
    ("cible", "portee"),
    [
        (suspension("2020-04-01", "2020-04-20", "m"), "provisoire"),
        (notifiee("2020-04-01", "m"), "a_compter"),
        (annulee("2020-04-01", "m"), "a_compter"),
        (echange("2020-04-01", "m"), "provisoire"),
        (echange("2020-04-01", "m"), "a_compter"),
        (deces("2020-04-01", "m"), "provisoire"),
        (deces("2020-04-01", "m"), "a_compter"),
        (infraction("m", "2020-04-01", "2020-04-20", 1), "retroactive"),
        (stage("m", "2020-04-01", "2020-04-02"), "retroactive"),
    ],
)
def test_une_portee_ou_une_cible_qui_ne_va_pas(cible: Fait, portee: str) -> None:
    faits = [ANCIEN, cible]
    au = date(2020, 4, 20)
    lecture = lu(*faits, levee("m", "2020-04-10", portee), au=au)
    assert lecture == {**lu(*faits, au=au), "anomalies": ["lv"] if cible["type"] != "invalidation" else ["lv", "m"]}


@pytest.mark.parametrize("cible", ["lv", "lw", "rt", "inconnu", "p1"])
def test_levee_de_rien_d_elle_meme_ou_d_une_levee(cible: str) -> None:
    autres = [*INVALIDE, levee("si", "2021-06-01", "provisoire", "lw"), retablie("lw", "2021-08-01")]
    lecture = lu(*autres, levee(cible, "2021-07-01"), au=date(2022, 1, 1))
    assert lecture == {**lu(*autres, au=date(2022, 1, 1)), "anomalies": ["lv"]}


def test_levee_d_un_fait_pas_encore_connu() -> None:
    faits = [*NUL, notifiee("2020-04-01") | {"enregistre_le": "2021-07-01"}, levee("si", "2021-06-01")]
    assert dit(lu(*faits, au=date(2021, 6, 30))) == ("solde_nul", False, ["lv"])
    assert dit(lu(*faits, au=date(2021, 7, 1))) == ("solde_nul", False, [])


@pytest.mark.parametrize("cible", ["lw", "inconnu", "si", "rt"])
def test_retablissement_de_ce_qui_n_est_pas_provisoire(cible: str) -> None:
    faits = [*INVALIDE, levee("si", "2021-06-01", id="lw")]
    lecture = lu(*faits, retablie(cible, "2021-07-01"), au=date(2022, 1, 1))
    assert lecture == {**lu(*faits, au=date(2022, 1, 1)), "anomalies": ["rt"]}


def test_interdiction_defaite() -> None:
    faits = [etranger("2015-05-05"), interdiction("2017-03-10")]
    lecture = lu(*faits, levee("ic", "2017-06-01"), au=date(2017, 6, 1))
    assert suite(lecture) == [("2015-05-05", "capital_etranger", 12, 12, 12)]
    assert (dit(lecture), lecture["regime"]) == (("valide", False, []), "etranger")
    refere = [*faits, levee("ic", "2017-06-01", "provisoire"), retablie("lv", "2017-09-01")]
    assert dit(lu(*refere, au=date(2017, 8, 31))) == ("valide", True, [])
    assert dit(lu(*refere, au=date(2017, 9, 1))) == ("interdit", False, [])


def test_48si_qui_perd_sa_base() -> None:
    """An annulled offence never undoes the 48SI by itself: −3 + 6 = 3 on the day it was notified."""
    annulation = {"id": "ia", "type": "infraction_annulee", "infraction": "b", "date_decision": "2021-01-10"}
    lecture = lu(*INVALIDE, annulation, au=date(2021, 1, 10))
    assert suite(lecture)[-1] == ("2020-04-01", "invalidation", -3, 0, 0)
    assert dit(lecture) == ("invalide", False, ["si"])
    assert dit(lu(*INVALIDE, annulation, au=date(2021, 1, 9))) == ("invalide", False, [])
    rendu = lu(*INVALIDE, annulation, levee("si", "2021-06-01"), au=date(2021, 6, 1))
    assert (rendu["solde"], dit(rendu)) == (3, ("valide", False, []))
