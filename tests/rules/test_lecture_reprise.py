"""Hand tables for the naive reading: a French licence takes a foreign capital over (L223-11)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rules.exemples import annulee, formation, infraction, lu, notifiee, permis, stage, suite
from tests.rules.fabrique import Fait, etranger, interdiction

E1 = etranger("2015-05-05")
A = infraction("a", "2016-01-01", "2016-02-01", 3)
DEBUT = [("2015-05-05", "capital_etranger", 12, 12, 12), ("2016-02-01", "retrait", -3, 9, 12)]


def repris(jour: str = "2017-06-01", **champs: str | None) -> Fait:
    return {**permis(jour), **champs}


def test_echange_d_un_permis_dont_on_ne_sait_pas_le_jour() -> None:
    """12 and no délai; delays go on: the whole is back three years after 2016-02-01."""
    lecture = lu(E1, A, repris(echange_de="e1"))
    assert suite(lecture) == [
        *DEBUT,
        ("2017-06-01", "echange_entrant", 0, 9, 12),
        ("2019-02-01", "reconstitution_totale", 3, 12, 12),
    ]
    assert lecture["mouvements"][2]["fait"] == "p1"
    assert lecture["mouvements"][2]["article"] == "L223-11"
    assert (lecture["regime"], lecture["etat"], lecture["anomalies"]) == ("francais", "valide", [])
    assert lu(E1, A, repris(echange_de="e1"), au=date(2017, 5, 31))["regime"] == "etranger"


def test_permis_passe_en_france() -> None:
    """No `echange_de`: a délai of three years from the day; the whole, due on 2019-02-01, waits for its end."""
    faits = [E1, A, repris(date_permis_etranger="2000-01-01")]  # without `echange_de` it says nothing
    assert suite(lu(*faits)) == [
        *DEBUT,
        ("2017-06-01", "echange_entrant", -3, 6, 6),
        ("2018-06-01", "majoration_probatoire", 2, 8, 8),
        ("2019-06-01", "majoration_probatoire", 2, 10, 10),
        ("2020-06-01", "fin_delai_probatoire", 2, 12, 12),
        ("2020-06-01", "reconstitution_totale", 0, 12, 12),
    ]
    for jour, fin in (("2017-05-31", None), ("2017-06-01", "2020-06-01"), ("2020-05-31", "2020-06-01")):
        lecture = lu(*faits, au=date.fromisoformat(jour))
        assert lecture["delai_probatoire"] == (None if fin is None else {"fin": fin})
    assert lu(*faits, au=date(2020, 6, 1))["delai_probatoire"] is None


def test_permis_etranger_de_moins_de_trois_ans() -> None:
    """Obtained abroad on 2016-03-01: its first anniversary has passed with no offence since: 8."""
    lecture = lu(E1, A, repris(echange_de="e1", date_permis_etranger="2016-03-01"))
    assert suite(lecture) == [
        *DEBUT,
        ("2017-06-01", "echange_entrant", -1, 8, 8),
        ("2018-03-01", "majoration_probatoire", 2, 10, 10),
        ("2019-03-01", "fin_delai_probatoire", 2, 12, 12),
        ("2019-03-01", "reconstitution_totale", 0, 12, 12),
    ]


def test_une_infraction_depuis_le_permis_etranger() -> None:
    lecture = lu(
        E1,
        infraction("a", "2016-10-01", "2016-11-01", 3, 3),
        repris(echange_de="e1", date_permis_etranger="2016-03-01"),
    )
    assert suite(lecture)[1:] == [
        ("2016-11-01", "retrait", -3, 9, 12),
        ("2017-06-01", "echange_entrant", -3, 6, 6),
        ("2019-03-01", "fin_delai_probatoire", 0, 6, 12),
        ("2019-03-01", "reconstitution_totale", 6, 12, 12),
    ]


@pytest.mark.parametrize(
    ("obtenu", "points", "plafond", "fin"),
    [
        ("2014-06-01", 0, 12, None),  # three years, to the day
        ("2014-06-02", -2, 10, "2017-06-02"),
        ("2015-06-01", -2, 10, "2018-06-01"),  # the second anniversary: the day included
        ("2015-06-02", -4, 8, "2018-06-02"),
        ("2016-06-01", -4, 8, "2019-06-01"),
        ("2016-06-02", -6, 6, "2019-06-02"),
        ("2017-06-01", -6, 6, "2020-06-01"),
        ("2003-12-31", 0, 12, None),
    ],
)
def test_le_plafond_du_jour_de_la_reprise(obtenu: str, points: int, plafond: int, fin: str | None) -> None:
    lecture = lu(E1, repris(echange_de="e1", date_permis_etranger=obtenu), au=date(2017, 6, 1))
    assert suite(lecture)[1] == ("2017-06-01", "echange_entrant", points, 12 + points, plafond)
    assert lecture["delai_probatoire"] == (None if fin is None else {"fin": fin})
    assert suite(lecture)[-1] == (
        (fin, "fin_delai_probatoire", 2, 12, 12) if fin else ("2017-06-01", "echange_entrant", 0, 12, 12)
    )


@pytest.mark.parametrize(
    ("obtenu", "jour", "plafond"),
    [("2004-02-28", "2006-06-01", 12), ("2004-03-01", "2006-06-01", 10), (None, "2004-02-29", 12)],
)
def test_avant_le_1er_mars_2004(obtenu: str | None, jour: str, plafond: int) -> None:
    entrant = repris(jour, **({"echange_de": "e1", "date_permis_etranger": obtenu} if obtenu else {}))
    lecture = lu(etranger("2001-01-01"), entrant, au=date.fromisoformat(jour))
    assert lecture["plafond"] == plafond


def test_les_retraits_et_le_solde_negatif_se_reprennent() -> None:
    faits = [
        E1,
        infraction("a", "2017-01-01", "2017-02-01", 9, 0),
        infraction("b", "2017-01-02", "2017-03-01", 6, 0),
        infraction("c", "2017-05-01", "2017-07-01", 1),  # committed before the takeover, final after
        repris(),
    ]
    lecture = lu(*faits, au=date(2017, 7, 1))
    assert suite(lecture)[2:5] == [
        ("2017-03-01", "retrait", -6, -3, 12),
        ("2017-06-01", "echange_entrant", 0, -3, 6),
        ("2017-07-01", "retrait", -1, -4, 6),
    ]
    assert (lecture["etat"], lecture["regime"], lecture["anomalies"]) == ("solde_nul", "francais", [])
    fini = lu(*faits, notifiee("2017-08-01"), au=date(2017, 8, 1))
    assert (suite(fini)[-1], fini["etat"]) == (("2017-08-01", "invalidation", 4, 0, 0), "invalide")


def test_une_reconstitution_d_avant_la_reprise() -> None:
    lecture = lu(E1, infraction("a", "2015-06-01", "2015-07-01", 3, 3), repris("2017-07-02"))
    assert suite(lecture)[2:4] == [
        ("2017-07-01", "reconstitution_totale", 3, 12, 12),
        ("2017-07-02", "echange_entrant", -6, 6, 6),
    ]
    le_jour_meme = lu(E1, infraction("a", "2015-06-01", "2015-07-01", 3, 3), repris("2017-07-01"))
    assert suite(le_jour_meme)[2] == ("2017-07-01", "echange_entrant", -3, 6, 6)
    assert suite(le_jour_meme)[-1] == ("2020-07-01", "reconstitution_totale", 0, 12, 12)


def test_ni_aac_ni_formation_ni_b_accompagne() -> None:
    lecture = lu(
        etranger("2020-01-01"),
        {**permis("2021-01-01", "aac")},
        formation("2021-09-01"),
        permis("2022-06-01", "aac", "p2"),
    )
    assert suite(lecture)[1:] == [
        ("2021-01-01", "echange_entrant", -6, 6, 6),
        ("2022-01-01", "majoration_probatoire", 2, 8, 8),
        ("2023-01-01", "majoration_probatoire", 2, 10, 10),
        ("2024-01-01", "fin_delai_probatoire", 2, 12, 12),
    ]
    assert lecture["anomalies"] == ["fc", "p2"]


@pytest.mark.parametrize("fin", [{"date_fin": "2017-06-01"}, {}], ids=["date_fin", "interdiction"])
def test_obtenu_le_jour_ou_le_capital_finirait(fin: Fait) -> None:
    interdit = [] if fin else [interdiction("2017-06-01")]
    lecture = lu({**E1, **fin}, A, *interdit, repris(echange_de="e1"), au=date(2017, 7, 1))
    assert suite(lecture)[2] == ("2017-06-01", "echange_entrant", 0, 9, 12)
    assert (lecture["regime"], lecture["anomalies"]) == ("francais", ["ic"] if interdit else [])


def test_obtenu_le_lendemain() -> None:
    lecture = lu(etranger("2015-05-05", "2017-05-31"), A, repris(echange_de="e1"))
    assert suite(lecture)[2:4] == [
        ("2017-05-31", "fin_permis_etranger", -9, 0, 0),
        ("2017-06-01", "capital_initial", 6, 6, 6),
    ]


def test_apres_la_reprise_le_permis_finit_comme_un_autre() -> None:
    """The foreign licence is no longer looked at: neither its end nor another one opens anything."""
    faits = [etranger("2015-05-05", "2018-01-01"), repris(echange_de="e1"), stage("s", "2017-12-01", "2017-12-02")]
    lecture = lu(*faits, etranger("2018-02-01", id="e2"), au=date(2018, 3, 1))
    assert [s[1] for s in suite(lecture)] == ["capital_etranger", "echange_entrant", "recuperation_stage"]
    assert lecture["anomalies"] == ["e2"]
    suivant = lu(*faits, annulee("2018-05-01"), permis("2019-06-01", "aac", "p2"))
    assert suite(suivant)[3:] == [
        ("2018-05-01", "annulation", -12, 0, 0),
        ("2019-06-01", "capital_initial", 6, 6, 6),
        ("2020-06-01", "majoration_probatoire", 2, 8, 8),
        ("2021-06-01", "majoration_probatoire", 2, 10, 10),
        ("2022-06-01", "fin_delai_probatoire", 2, 12, 12),
    ]
