"""Hand tables for the naive reading: nobody holds two licences (CE 22 July 2016)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.rules.exemples import annulee, formation, infraction, lu, notifiee, permis, stage, suite
from tests.rules.fabrique import Fait, echange, etranger, levee, retablie, suspension
from tests.rules.test_lecture_levees import ENTIER, INVALIDE, LA_FIN, NUL, RETRAITS

P2 = permis("2020-10-15", id="p2")
LEVEE = levee("si", "2021-06-01")
C = infraction("c", "2020-12-01", "2021-01-15", 3)
SECOND = ("2020-10-15", "capital_initial", 6, 6, 6)


def lus(*faits: Fait, au: date = date(2021, 6, 1)) -> dict[str, Any]:
    return lu(*INVALIDE, P2, *faits, au=au)


def test_le_second_permis_tombe() -> None:
    assert suite(lus(C, LEVEE, au=date(2021, 5, 31)))[3:6] == [
        LA_FIN,
        SECOND,
        ("2021-01-15", "retrait", -3, 3, 6),
    ]
    lecture = lus(C, stage("s", "2021-02-01", "2021-02-02"), LEVEE)
    assert suite(lecture) == [*RETRAITS, ENTIER]
    assert (lecture["etat"], lecture["anomalies"]) == ("solde_nul", ["c", "p2", "s"])
    assert lecture["delai_probatoire"] is None


@pytest.mark.parametrize(
    ("commise", "reste"),
    [("2020-10-14", False), ("2020-10-15", True), ("2021-05-31", True), ("2021-06-01", False)],
)
def test_ce_qui_reste_avec_le_permis_tombe(commise: str, reste: bool) -> None:
    """What was committed in [obtained, levée) stays, even if it is final later."""
    lecture = lus(infraction("c", commise, "2021-07-01", 3), LEVEE, au=date(2021, 8, 1))
    assert lecture["solde"] == (-3 if reste else -6)
    assert lecture["anomalies"] == (["c", "p2"] if reste else ["p2"])


@pytest.mark.parametrize(
    ("fin", "anomalies"), [("2020-10-14", []), ("2020-10-15", ["s"]), ("2021-05-31", ["s"]), ("2021-06-01", [])]
)
def test_les_stages_et_la_regle_d_un_an(fin: str, anomalies: list[str]) -> None:
    """A course that stays with the fallen licence does not start the year: the next one, less than a
    year after, is credited; one that counts for the first licence starts it."""
    debut = date.fromisoformat(fin).replace(day=int(fin[-2:]) - 1) if fin[-2:] != "01" else date(2021, 5, 31)
    lecture = lus(
        stage("s", debut.isoformat(), fin), stage("t", "2021-08-02", "2021-08-03"), LEVEE, au=date(2021, 9, 1)
    )
    assert lecture["anomalies"] == sorted(["p2", *(anomalies or ["t"])])
    assert [m["fait"] for m in lecture["mouvements"] if m["nature"] == "recuperation_stage"] == (
        ["t"] if anomalies else ["s"]
    )


@pytest.mark.parametrize(
    ("nomme", "finit"), [(None, False), ("p2", False), ("p1", True), ("px", False)], ids=["rien", "p2", "p1", "px"]
)
def test_une_fin_decidee_entre_temps(nomme: str | None, finit: bool) -> None:
    """One that names none or the fallen licence stays with it; one that names the first ends it."""
    lecture = lus({**annulee("2021-03-01"), "permis": nomme}, LEVEE)
    fin = [("2021-03-01", "annulation", 3, 0, 0)] if finit else [ENTIER]
    assert suite(lecture) == [*RETRAITS, *fin]
    assert lecture["anomalies"] == (["p2"] if finit else ["an", "p2"])


def test_la_levee_d_une_fin_restee_avec_le_permis_tombe() -> None:
    lecture = lus(annulee("2021-03-01"), LEVEE, levee("an", "2021-05-01", id="lw"))
    assert suite(lecture) == [*RETRAITS, ENTIER]
    assert lecture["anomalies"] == ["an", "lw", "p2"]
    refere = lus(annulee("2021-03-01"), LEVEE, levee("an", "2021-05-01", "provisoire", id="lw"))
    assert (refere["provisoire"], refere["anomalies"]) == (False, ["an", "lw", "p2"])


def test_une_fin_restee_n_a_pas_d_intervalle() -> None:
    """p3 was obtained between that end and its levée, but after the first licence came back: it is a
    further category, and what is committed meanwhile is the first licence's."""
    fin = [annulee("2021-03-01"), levee("an", "2021-09-01", id="lw")]
    suite_ = [permis("2021-07-01", id="p3"), infraction("d", "2021-07-10", "2021-08-01", 2)]
    lecture = lus(*fin, LEVEE, *suite_, au=date(2021, 9, 1))
    assert (lecture["solde"], lecture["anomalies"]) == (-5, ["an", "lw", "p2", "p3"])
    # Nor can the driver choose a licence through it.
    choisi = [annulee("2021-03-01"), levee("an", "2021-09-01", id="lw", permis_conserve="p3")]
    lecture = lus(*choisi, permis("2021-04-01", id="p3"), LEVEE, au=date(2021, 9, 1))
    assert suite(lecture) == [*RETRAITS, ENTIER]
    assert lecture["anomalies"] == ["an", "lw", "p2", "p3"]


def test_le_conducteur_garde_le_second() -> None:
    lecture = lus(C, {**LEVEE, "permis_conserve": "p2"})
    assert suite(lecture)[3:6] == [LA_FIN, SECOND, ("2021-01-15", "retrait", -3, 3, 6)]
    assert (lecture["etat"], lecture["anomalies"]) == ("valide", [])
    assert lecture["delai_probatoire"] == {"fin": "2023-10-15"}
    # None of the levées of that measure changes anything.
    deux = lus(C, {**LEVEE, "permis_conserve": "p2"}, levee("si", "2021-05-15", "provisoire", "lw"))
    assert suite(deux) == suite(lecture)
    assert (deux["provisoire"], deux["anomalies"]) == (False, [])


@pytest.mark.parametrize("conserve", ["p1", "px", "si", "p3"])
def test_un_choix_qui_ne_nomme_aucun_second_permis(conserve: str) -> None:
    tardif = permis("2021-06-01", id="p3")  # on the day of the levée: after the interval
    lecture = lus(C, {**LEVEE, "permis_conserve": conserve}, tardif)
    assert suite(lecture) == [*RETRAITS, ENTIER]
    assert lecture["anomalies"] == ["c", "lv", "p2", "p3"]


def test_un_permis_obtenu_apres_la_levee_est_une_categorie() -> None:
    lecture = lu(
        *INVALIDE, permis("2021-06-01", id="p2"), infraction("c", "2021-06-10", "2021-07-01", 3), LEVEE,
        au=date(2021, 8, 1),
    )  # fmt: skip
    assert lecture["solde"] == -6
    assert lecture["anomalies"] == ["p2"]


def test_il_ne_tombe_pas_si_le_premier_avait_fini_autrement() -> None:
    lecture = lus(C, annulee("2020-05-01"), LEVEE)
    assert suite(lecture)[3:6] == [
        ("2020-05-01", "annulation", 3, 0, 0),
        SECOND,
        ("2021-01-15", "retrait", -3, 3, 6),
    ]
    assert lecture["anomalies"] == []
    # The annulment undone in its turn, the first licence was held: the second falls until then.
    autre = levee("an", "2021-09-01", id="lw")
    lecture = lus(C, infraction("d", "2021-08-01", "2021-08-20", 1), annulee("2020-05-01"), LEVEE, autre,
                  au=date(2021, 9, 1))  # fmt: skip
    assert suite(lecture) == [*RETRAITS, ENTIER]
    assert lecture["anomalies"] == ["c", "d", "p2"]


def test_refere_le_second_permis_revient() -> None:
    refere = [C, levee("si", "2021-06-01", "provisoire"), retablie("lv", "2022-01-10")]
    pendant = lus(*refere, au=date(2022, 1, 9))
    assert (suite(pendant), pendant["provisoire"]) == ([*RETRAITS, ENTIER], True)
    assert pendant["anomalies"] == ["c", "p2"]
    apres = lus(*refere, au=date(2022, 1, 10))
    assert (suite(apres)[3:5], apres["provisoire"], apres["anomalies"]) == ([LA_FIN, SECOND], False, [])


def test_l_intervalle_finit_a_la_premiere_levee_en_vigueur() -> None:
    tard = infraction("c", "2021-07-01", "2021-07-20", 3)
    deux = [tard, levee("si", "2021-06-01", "provisoire"), levee("si", "2021-09-01", id="lw")]
    assert lus(*deux, au=date(2021, 9, 1))["solde"] == -6  # after 2021-06-01: the first licence's
    # The référé set aside, the interval goes on until the judgment.
    lecture = lus(*deux, retablie("lv", "2021-08-01"), au=date(2021, 9, 1))
    assert (lecture["solde"], lecture["anomalies"]) == (-3, ["c", "p2"])


def test_plusieurs_seconds_permis() -> None:
    """p2, its end, p3: both fall, and the end of p2 stays with it."""
    lecture = lus(annulee("2020-12-01"), permis("2021-01-10", id="p3"), LEVEE)
    assert suite(lecture) == [*RETRAITS, ENTIER]
    assert lecture["anomalies"] == ["an", "p2", "p3"]


def test_echange_defait_et_permis_nouveau() -> None:
    faits = [*NUL, echange("2020-04-01"), P2, C, levee("ec", "2021-06-01")]
    lecture = lu(*faits, au=date(2021, 6, 1))
    assert suite(lecture) == [*RETRAITS, ENTIER]
    assert lecture["anomalies"] == ["c", "p2"]


def test_suspensions_et_formations_ne_sont_pas_ecartees() -> None:
    neuf = [permis("2019-06-01"), notifiee("2019-08-01"), permis("2019-10-01", id="p2")]
    lecture = lu(
        *neuf, formation("2020-01-15"), suspension("2019-12-01", None, motif="medicale"), levee("si", "2020-05-01"),
        au=date(2020, 5, 1),
    )  # fmt: skip
    assert lecture["delai_probatoire"] == {"fin": "2021-06-01"}
    assert lecture["etat"] == "suspendu"
    assert lecture["anomalies"] == ["p2"]


def test_un_capital_etranger_ouvert_entre_temps() -> None:
    """The 48SI undone, the French licence was held: the foreign capital opened nothing."""
    faits = [*INVALIDE, etranger("2020-06-01"), infraction("c", "2020-07-01", "2020-08-01", 3)]
    assert suite(lu(*faits, au=date(2021, 1, 1)))[4:6] == [
        ("2020-06-01", "capital_etranger", 12, 12, 12),
        ("2020-08-01", "retrait", -3, 9, 12),
    ]
    lecture = lu(*faits, LEVEE, au=date(2021, 6, 1))
    assert (lecture["solde"], lecture["anomalies"], lecture["regime"]) == (-6, ["e1"], "francais")


def test_la_levee_avant_l_autre_permis_ne_fait_rien_tomber() -> None:
    """The measure undone before its own day, or before the other licence: the interval is empty."""
    lecture = lu(*INVALIDE, levee("si", "2020-03-15"), P2, C, au=date(2021, 2, 1))
    assert (lecture["solde"], lecture["anomalies"]) == (-6, ["p2"])
