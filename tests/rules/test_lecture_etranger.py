"""Hand tables for the naive reading: a foreign licence's capital, its interdiction, its end, and its takeover."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rules.exemples import ANCIEN, annulee, formation, infraction, lu, notifiee, permis, stage, suite
from tests.rules.fabrique import Fait, echange, etranger, interdiction

E1 = etranger("2015-05-05")
OUVERT = ("2015-05-05", "capital_etranger", 12, 12, 12)


def test_un_capital_s_ouvre() -> None:
    avant = lu(E1, au=date(2015, 5, 4))
    assert (avant["etat"], avant["regime"], avant["solde"]) == ("sans_permis", None, None)
    lecture = lu(E1, au=date(2015, 5, 5))
    assert (suite(lecture), lecture["mouvements"][0]["fait"]) == ([OUVERT], "e1")
    assert (lecture["etat"], lecture["regime"], lecture["delai_probatoire"]) == ("valide", "etranger", None)
    assert lecture["anomalies"] == []


def test_les_regles_d_un_permis() -> None:
    """One point, ten years, reconstitution totale and courses are as for a licence."""
    lecture = lu(
        E1,
        infraction("a", "2015-06-01", "2015-07-01", 1, 3),
        infraction("b", "2016-02-01", "2016-03-01", 6),
        stage("s", "2016-04-01", "2016-04-02", "obligatoire"),
    )
    assert suite(lecture) == [
        OUVERT,
        ("2015-07-01", "retrait", -1, 11, 12),
        ("2016-01-01", "reattribution_un_point", 1, 12, 12),
        ("2016-03-01", "retrait", -6, 6, 12),
        ("2016-04-03", "recuperation_stage", 4, 10, 12),
        ("2019-03-01", "reconstitution_totale", 2, 12, 12),
    ]
    en_cours = lu(E1, infraction("b", "2016-02-01", "2016-03-01", 6), au=date(2016, 3, 5))
    assert en_cours["stage"] == {"eligible": True, "premier_jour": "2016-03-06"}


@pytest.mark.parametrize(
    ("commise", "definitive", "compte"),
    [
        ("2015-05-05", "2015-05-05", False),  # final on the very day of the opening, which comes last
        ("2015-05-05", "2015-05-06", True),
        ("2015-05-04", "2015-05-06", False),
    ],
)
def test_le_jour_de_l_ouverture(commise: str, definitive: str, compte: bool) -> None:
    lecture = lu(E1, infraction("a", commise, definitive, 3), au=date(2015, 6, 1))
    assert (lecture["solde"], lecture["anomalies"]) == ((9, []) if compte else (12, ["a"]))


def test_il_ne_s_ouvre_pas_sous_un_permis_francais() -> None:
    assert lu(ANCIEN, E1)["anomalies"] == ["e1"]
    meme_jour = lu(permis("2015-05-05"), E1, au=date(2015, 6, 1))
    assert (suite(meme_jour)[0][1], meme_jour["regime"], meme_jour["anomalies"]) == (
        "capital_initial",
        "francais",
        ["e1"],
    )
    # Nor when the French licence ends later: it is on `date_debut` only.
    assert lu(ANCIEN, E1, annulee("2016-01-01"))["anomalies"] == ["e1"]


@pytest.mark.parametrize("fin", [annulee("2015-05-05"), echange("2015-05-05")])
def test_il_s_ouvre_le_jour_ou_le_permis_francais_finit(fin: Fait) -> None:
    lecture = lu(ANCIEN, E1, fin)
    assert suite(lecture)[1:] == [("2015-05-05", fin["type"], -12, 0, 0), OUVERT]
    assert (lecture["etat"], lecture["regime"], lecture["anomalies"]) == ("valide", "etranger", [])


def test_deux_permis_etrangers() -> None:
    assert lu(E1, etranger("2016-01-01", id="e2"))["anomalies"] == ["e2"]
    assert lu(etranger("2015-05-05", id="e0"), E1)["anomalies"] == ["e1"]
    suivi = lu(etranger("2015-05-05", "2016-01-01"), etranger("2016-01-01", id="e2"))
    assert suite(suivi) == [
        OUVERT,
        ("2016-01-01", "fin_permis_etranger", -12, 0, 0),
        ("2016-01-01", "capital_etranger", 12, 12, 12),
    ]
    assert suivi["anomalies"] == []


@pytest.mark.parametrize("fin", ["2015-05-05", "2015-05-04"])
def test_une_fin_avant_le_debut_n_ouvre_rien(fin: str) -> None:
    lecture = lu(etranger("2015-05-05", fin))
    assert (lecture["mouvements"], lecture["etat"], lecture["anomalies"]) == ([], "sans_permis", ["e1"])


def test_la_fin_du_permis_etranger() -> None:
    fini = [etranger("2015-05-05", "2016-01-01"), infraction("a", "2015-06-01", "2015-07-01", 3)]
    avant = lu(*fini, au=date(2015, 12, 31))
    assert avant["prevision"][0]["nature"] == "reconstitution_totale"  # the end is never foreseen
    lecture = lu(*fini, au=date(2016, 1, 1))
    assert suite(lecture)[-1] == ("2016-01-01", "fin_permis_etranger", -9, 0, 0)
    assert (lecture["etat"], lecture["regime"], lecture["points"]) == ("sans_permis", None, 0)


@pytest.mark.parametrize("fin", [notifiee("2016-01-01", "m"), annulee("2016-01-01", "m"), echange("2016-01-01", "m")])
def test_rien_de_francais_n_y_met_fin(fin: Fait) -> None:
    lecture = lu(E1, fin)
    assert (suite(lecture), lecture["etat"], lecture["anomalies"]) == ([OUVERT], "valide", ["m"])


# -------------------------------------------------------------------------------- interdiction

NUL = [
    E1,
    infraction("a", "2017-01-01", "2017-02-01", 9, 0),
    infraction("b", "2017-01-02", "2017-03-01", 6, 0),
]
INTERDIT = [*NUL, interdiction("2017-03-10")]


def test_interdiction_d_un_an() -> None:
    assert lu(*INTERDIT, au=date(2017, 3, 9))["etat"] == "solde_nul"
    for jour in (date(2017, 3, 10), date(2018, 3, 9)):
        lecture = lu(*INTERDIT, au=jour)
        assert suite(lecture)[3:] == [
            ("2017-03-10", "interdiction", 3, 0, 0),
            ("2018-03-10", "capital_etranger", 12, 12, 12),
        ]
        assert len(lecture["prevision"]) == 1
        assert (lecture["etat"], lecture["regime"], lecture["points"]) == ("interdit", None, 0)
    lecture = lu(*INTERDIT, au=date(2018, 3, 10))
    assert (lecture["etat"], lecture["regime"], lecture["solde"], lecture["anomalies"]) == (
        "valide",
        "etranger",
        12,
        [],
    )


@pytest.mark.parametrize(
    ("fin", "suivants"),
    [
        ("2017-08-01", []),
        ("2018-03-10", []),
        (
            "2018-03-11",
            [("2018-03-10", "capital_etranger", 12, 12, 12), ("2018-03-11", "fin_permis_etranger", -12, 0, 0)],
        ),
    ],
)
def test_le_permis_etranger_finit_pendant_l_interdiction(
    fin: str, suivants: list[tuple[str, str, int, int, int]]
) -> None:
    faits = [etranger("2015-05-05", fin), *INTERDIT[1:]]
    assert suite(lu(*faits))[4:] == suivants
    assert lu(*faits)["etat"] == "sans_permis"
    assert lu(*faits, au=date(2018, 3, 9))["etat"] == "interdit"
    assert lu(*faits, au=date(2018, 3, 10))["etat"] == ("valide" if suivants else "sans_permis")


def test_interdiction_et_fin_le_meme_jour() -> None:
    lecture = lu(etranger("2015-05-05", "2017-03-10"), *INTERDIT[1:])
    assert suite(lecture)[-1] == ("2017-03-10", "interdiction", 3, 0, 0)
    assert (lecture["etat"], lecture["anomalies"]) == ("sans_permis", [])


def test_un_autre_permis_etranger_pendant_l_interdiction() -> None:
    for jour in ("2017-03-10", "2018-03-09", "2018-03-10"):  # on the last day, the first opens again
        assert lu(*INTERDIT, etranger(jour, id="e2"))["anomalies"] == ["e2"]
    fini = [etranger("2015-05-05", "2017-08-01"), *INTERDIT[1:]]
    assert lu(*fini, etranger("2018-03-09", id="e2"))["anomalies"] == ["e2"]
    lecture = lu(*fini, etranger("2018-03-10", id="e2"))
    assert (lecture["mouvements"][-1]["fait"], lecture["anomalies"]) == ("e2", [])


def test_une_interdiction_de_rien() -> None:
    assert lu(interdiction("2017-03-10"))["anomalies"] == ["ic"]
    assert lu(ANCIEN, interdiction("2017-03-10"))["anomalies"] == ["ic"]
    assert lu(*INTERDIT, interdiction("2017-06-01", "id"))["anomalies"] == ["id"]
    le_jour_meme = lu(E1, interdiction("2015-05-05"))  # the opening comes after
    assert (suite(le_jour_meme), le_jour_meme["anomalies"]) == ([OUVERT], ["ic"])


def test_une_interdiction_apres_l_autre() -> None:
    lecture = lu(*INTERDIT, interdiction("2018-06-01", "id"), au=date(2018, 7, 1))
    assert suite(lecture)[4:] == [
        ("2018-03-10", "capital_etranger", 12, 12, 12),
        ("2018-06-01", "interdiction", -12, 0, 0),
        ("2019-06-01", "capital_etranger", 12, 12, 12),
    ]


def test_un_permis_francais_pendant_l_interdiction() -> None:
    """It starts afresh, as a first licence, and nothing foreign opens again."""
    lecture = lu(*INTERDIT, permis("2017-06-01", "aac"))
    assert suite(lecture)[4:] == [
        ("2017-06-01", "capital_initial", 6, 6, 6),
        ("2018-06-01", "majoration_probatoire", 3, 9, 9),
        ("2019-06-01", "fin_delai_probatoire", 3, 12, 12),
    ]
    assert lu(*INTERDIT, permis("2017-06-01"), au=date(2017, 7, 1))["etat"] == "valide"
    perdu = lu(*INTERDIT, permis("2017-06-01"), annulee("2017-09-01"), au=date(2019, 1, 1))
    assert (suite(perdu)[-1][1], perdu["etat"], perdu["anomalies"]) == ("annulation", "annule", [])


def test_un_permis_francais_le_jour_ou_le_capital_se_rouvrirait() -> None:
    lecture = lu(*INTERDIT, permis("2018-03-10"), au=date(2018, 4, 1))
    assert (suite(lecture)[4], lecture["regime"]) == (("2018-03-10", "capital_initial", 6, 6, 6), "francais")


# ------------------------------------------------------------------------- courses, and regimes


def test_la_regle_d_un_an_est_de_la_personne() -> None:
    base = [
        ANCIEN,
        stage("s", "2016-12-09", "2016-12-10"),
        annulee("2017-01-10"),
        etranger("2017-02-01"),
        infraction("a", "2017-03-01", "2017-04-01", 6),
    ]
    assert lu(*base, stage("t", "2017-12-08", "2017-12-09"))["anomalies"] == ["t"]
    admis = lu(*base, stage("t", "2017-12-09", "2017-12-10"))
    assert (suite(admis)[-2], admis["anomalies"]) == (("2017-12-11", "recuperation_stage", 4, 10, 12), [])
    en_cours = lu(*base, au=date(2017, 5, 1))
    assert en_cours["stage"] == {"eligible": True, "premier_jour": "2017-12-11"}


def test_une_infraction_sans_aucun_permis() -> None:
    assert lu(infraction("a", "2017-03-01", "2017-04-01", 6))["anomalies"] == ["a"]


def test_formation_sous_un_capital_etranger() -> None:
    assert lu(etranger("2020-01-01"), formation("2020-08-01"))["anomalies"] == ["fc"]
