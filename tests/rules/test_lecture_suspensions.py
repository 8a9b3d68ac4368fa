"""Hand tables for the naive reading: suspensions that are kept up, lifted, and what the replay says of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.rules.exemples import ANCIEN, formation, infraction, lu, permis
from tests.rules.fabrique import Fait, levee, suspension, visite

DEUX_MOIS = suspension("2026-03-01", "2026-04-30")


def le(jour: str, *faits: Fait) -> tuple[str, dict[str, Any] | None]:
    lecture = lu(ANCIEN, *faits, au=date.fromisoformat(jour))
    return lecture["etat"], lecture["suspension"]


def dit(maintenue: bool, depuis: str = "2026-03-01", fin: str | None = "2026-04-30") -> tuple[str, dict[str, Any]]:
    return "suspendu", {"depuis": depuis, "fin": fin, "maintenue": maintenue}


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        ("2026-02-28", ("valide", None)),
        ("2026-03-01", dit(False)),
        ("2026-04-30", dit(False)),
        ("2026-05-01", dit(True)),
        ("2031-01-01", dit(True)),
    ],
)
def test_une_suspension_se_maintient(jour: str, attendu: Any) -> None:
    assert le(jour, DEUX_MOIS) == attendu


@pytest.mark.parametrize(
    ("debut", "fin", "champs", "maintenue"),
    [
        ("2026-03-01", "2026-03-31", {}, False),
        ("2026-03-01", "2026-04-01", {}, True),
        ("2026-01-31", "2026-02-28", {}, True),  # one month: the month's last day
        ("2026-01-31", "2026-02-27", {}, False),
        ("2025-10-01", "2025-12-31", {}, False),
        ("2025-10-01", "2026-01-01", {}, True),
        ("2025-10-01", "2025-12-31", {"controle_medical": "requis"}, False),
        ("2026-03-01", "2026-03-05", {"controle_medical": "requis"}, True),
        ("2026-03-01", "2026-03-05", {"controle_medical": "requis", "motif": "medicale"}, True),
        ("2026-03-01", "2026-06-30", {"controle_medical": "non_requis"}, False),
        ("2026-03-01", "2026-06-30", {"motif": "medicale"}, False),
        ("2026-03-01", "2026-06-30", {"motif": "infraction"}, True),
        ("2026-03-01", "2026-06-30", {"motif": None, "controle_medical": None}, True),
        ("2026-03-01", "2026-06-30", {"nature": "judiciaire"}, True),
        ("2026-03-01", "2026-06-30", {"nature": "restriction", "controle_medical": "requis"}, False),
    ],
)
def test_ce_qui_maintient_une_suspension(debut: str, fin: str, champs: Fait, maintenue: bool) -> None:
    etat, dite = le("2026-12-01", suspension(debut, fin, **champs))
    assert etat == ("suspendu" if maintenue else "valide")
    assert dite == ({"depuis": debut, "fin": fin, "maintenue": True} if maintenue else None)


def apte(visitee: str, decidee: str | None, id: str = "v1", **autres: Any) -> Fait:
    return visite(visitee, "apte", id, date_decision=decidee, **autres)


def inapte(visitee: str, decidee: str | None = None) -> Fait:
    return visite(visitee, "inapte", "v2", date_decision=decidee)


@pytest.mark.parametrize(
    ("visites", "jour", "suspendu"),
    [
        ([apte("2026-05-10", "2026-05-20")], "2026-05-19", True),
        ([apte("2026-05-10", "2026-05-20")], "2026-05-20", False),
        ([apte("2026-05-10", None)], "2026-05-09", True),
        ([apte("2026-05-10", None)], "2026-05-10", False),
        ([visite("2026-05-10", "apte_avec_restrictions")], "2026-05-10", False),
        ([visite("2026-05-10", "inapte")], "2026-06-10", True),
        # Seen before the suspension began: another matter.
        ([apte("2026-02-28", "2026-05-20")], "2026-06-01", True),
        ([apte("2026-03-01", "2026-05-20")], "2026-06-01", False),
        # Decided before the last day: nothing is shortened, nothing is kept up.
        ([apte("2026-04-10", "2026-04-12")], "2026-04-30", True),
        ([apte("2026-04-10", "2026-04-12")], "2026-05-01", False),
        # An inapte later than the decision keeps it up again, from the day of the visit.
        ([apte("2026-05-10", "2026-05-20"), inapte("2026-05-25", "2026-06-10")], "2026-05-24", False),
        ([apte("2026-05-10", "2026-05-20"), inapte("2026-05-25", "2026-06-10")], "2026-05-25", True),
        ([apte("2026-05-10", "2026-05-20"), inapte("2026-05-20")], "2026-06-01", False),
        ([apte("2026-05-10", "2026-05-20"), inapte("2026-05-15")], "2026-05-20", False),
        # Apte again, after the inapte.
        (
            [apte("2026-05-10", "2026-05-20"), inapte("2026-05-25"), apte("2026-06-01", "2026-06-05", "v3")],
            "2026-06-04",
            True,
        ),
        (
            [apte("2026-05-10", "2026-05-20"), inapte("2026-05-25"), apte("2026-06-01", "2026-06-05", "v3")],
            "2026-06-05",
            False,
        ),
        # Not known yet.
        ([apte("2026-05-10", "2026-05-20", enregistre_le="2026-06-02")], "2026-06-01", True),
        ([apte("2026-05-10", "2026-05-20", enregistre_le="2026-06-02")], "2026-06-02", False),
    ],
)
def test_l_avis_medical_y_met_fin(visites: list[Fait], jour: str, suspendu: bool) -> None:
    etat, dite = le(jour, DEUX_MOIS, *visites)
    assert (etat, dite is not None) == (("suspendu", True) if suspendu else ("valide", False))


def test_la_premiere_qui_court() -> None:
    ouverte = suspension("2026-04-01", None, "s1")
    assert le("2026-04-15", ouverte, DEUX_MOIS) == dit(False)  # by date_debut
    assert le("2026-06-01", ouverte, DEUX_MOIS, visite("2026-05-10")) == dit(False, "2026-04-01", None)
    assert le("2026-06-01", ouverte, DEUX_MOIS) == dit(True)
    jumelle = suspension("2026-03-01", "2026-03-20", "s0")
    assert le("2026-03-05", DEUX_MOIS, jumelle) == dit(False, fin="2026-03-20")  # then by id
    restreinte = suspension("2026-02-01", None, "s2", nature="restriction")
    assert le("2026-04-15", restreinte, DEUX_MOIS) == dit(False)


def test_sous_un_solde_nul_et_sans_permis() -> None:
    nul = [infraction("a", "2025-01-01", "2025-02-01", 6), infraction("b", "2025-01-02", "2025-02-02", 6)]
    assert le("2026-05-01", *nul, DEUX_MOIS) == ("solde_nul", dit(True)[1])
    lecture = lu(DEUX_MOIS, au=date(2026, 5, 1))
    assert (lecture["etat"], lecture["suspension"]) == ("sans_permis", dit(True)[1])


# ------------------------------------------------------------------------------------ mainlevée


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        ("2026-03-14", dit(False)),
        ("2026-03-15", ("valide", None)),
        ("2026-06-01", ("valide", None)),
    ],
)
def test_mainlevee_avant_la_fin(jour: str, attendu: Any) -> None:
    assert le(jour, DEUX_MOIS, levee("su", "2026-03-15", "a_compter")) == attendu


def test_mainlevee_d_une_suspension_ouverte_ou_maintenue() -> None:
    ouverte = suspension("2026-03-01", None)
    levees = [levee("su", "2026-08-01", "a_compter"), levee("su", "2026-09-01", "a_compter", "lw")]
    assert le("2026-07-31", ouverte, *levees) == dit(False, fin=None)
    assert le("2026-08-01", ouverte, *levees) == ("valide", None)
    assert le("2026-05-31", DEUX_MOIS, levee("su", "2026-06-01", "a_compter")) == dit(True)
    assert le("2026-06-01", DEUX_MOIS, levee("su", "2026-06-01", "a_compter")) == ("valide", None)


@pytest.mark.parametrize(
    ("portee", "effet", "fin"),
    [
        ("retroactive", "2023-07-01", "2024-03-15"),  # it never was: the formation stands
        ("a_compter", "2023-07-01", "2025-03-15"),
        ("a_compter", "2023-05-01", "2025-03-15"),  # before its first day: lost all the same
    ],
)
def test_la_formation_et_la_levee(portee: str, effet: str, fin: str) -> None:
    faits = [formation("2023-01-01"), suspension("2023-06-01", "2023-06-20"), levee("su", effet, portee)]
    lecture = lu(permis("2022-03-15"), *faits, au=date(2023, 7, 1))
    assert lecture["delai_probatoire"] == {"fin": fin}
    assert lecture["anomalies"] == ([] if fin == "2024-03-15" else ["fc"])
    assert lecture["suspension"] is None


def test_une_levee_retroactive_efface_tout() -> None:
    assert le("2026-03-20", DEUX_MOIS, levee("su", "2026-03-15")) == ("valide", None)
    deux = [levee("su", "2026-03-15"), levee("su", "2026-04-15", "a_compter", "lw")]
    assert le("2026-06-01", DEUX_MOIS, *deux) == ("valide", None)
    assert lu(ANCIEN, DEUX_MOIS, *deux)["anomalies"] == []


def test_un_refere_ne_leve_pas_une_suspension() -> None:
    refere = levee("su", "2026-03-15", "provisoire")
    assert le("2026-03-20", DEUX_MOIS, refere) == dit(False)
    lecture = lu(ANCIEN, DEUX_MOIS, refere, au=date(2026, 3, 20))
    assert (lecture["anomalies"], lecture["provisoire"]) == (["lv"], False)
