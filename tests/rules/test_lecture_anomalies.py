"""Hand tables for the naive reading: what cannot be, what was told twice, and a 48SI sent to a wrong address."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.rules.exemples import ANCIEN, NORMAL, infraction, ligne, lu, notifiee, permis, stage, suite
from tests.rules.fabrique import Fait, lettre_48si, levee, suspension
from tests.rules.lecture_naive import lire
from tests.rules.rejeu import nu, rejouer_ligne

# ------------------------------------------------------------------------- what cannot be


@pytest.mark.parametrize(
    ("debut", "fin", "nature", "credite", "anomalie"),
    [
        ("2024-03-01", "2024-03-02", "volontaire", True, False),
        ("2024-03-02", "2024-03-02", "volontaire", False, True),
        ("2024-02-29", "2024-03-02", "volontaire", False, True),
        ("2024-03-03", "2024-03-02", "obligatoire", False, True),
        ("2024-03-02", "2024-03-02", "judiciaire", False, True),
        ("2024-03-01", "2024-03-02", "judiciaire", False, False),
        (None, "2024-03-02", "volontaire", True, False),
    ],
)
def test_un_stage_dure_deux_jours(debut: Any, fin: str, nature: str, credite: bool, anomalie: bool) -> None:
    lecture = lu(ANCIEN, infraction("a", "2024-01-01", "2024-02-01", 6), stage("s", debut, fin, nature))
    assert (("2024-03-03", "recuperation_stage", 4, 10, 12) in suite(lecture)) is credite
    assert lecture["anomalies"] == (["s"] if anomalie else [])


def test_un_stage_impossible_n_ouvre_pas_l_annee() -> None:
    lecture = lu(
        ANCIEN,
        infraction("a", "2024-01-01", "2024-02-01", 6),
        stage("s", "2024-03-02", "2024-03-02"),
        stage("t", "2024-04-01", "2024-04-02"),
    )
    assert ("2024-04-03", "recuperation_stage", 4, 10, 12) in suite(lecture)
    assert lecture["anomalies"] == ["s"]


@pytest.mark.parametrize(
    ("ne", "obtenu", "categorie", "anomalie"),
    [
        ("2007-06-15", "2025-06-14", None, False),
        ("2007-06-15", "2024-06-15", None, False),
        ("2007-06-15", "2024-06-14", "B", True),
        ("2005-12-31", "2023-12-30", None, True),  # 17 is enough since 2024 only
        ("2005-12-31", "2023-12-31", None, False),
        ("2006-12-31", "2024-01-01", None, False),
        ("2007-06-15", "2023-06-15", "A1", False),
        ("2007-06-15", "2023-06-14", "A1", True),
        ("2007-06-15", "2021-06-15", "AM", False),
        ("2007-06-15", "2021-06-14", "AM", True),
        ("2007-06-15", "2006-01-01", "AM", True),  # before birth
        ("2007-00-00", "2024-01-01", "B", False),
        ("2007-06-00", "2024-05-31", "B", True),
    ],
)
def test_l_age_d_un_permis(ne: str, obtenu: str, categorie: str | None, anomalie: bool) -> None:
    fait = {**permis(obtenu), **({"categorie": categorie} if categorie else {})}
    donnee = ligne(fait)
    donnee["etat_civil"] = {**donnee["etat_civil"], "date_naissance": ne}
    lecture = lire(donnee, date(2030, 1, 1), tous_les_jours=False)
    assert lecture["anomalies"] == (["p1"] if anomalie else [])
    assert suite(lecture)[0][:2] == (obtenu, "capital_initial")  # the feed takes it


def test_une_suspension_finie_avant_de_commencer() -> None:
    assert lu(ANCIEN, suspension("2024-05-10", "2024-05-09"))["anomalies"] == ["su"]
    assert lu(ANCIEN, suspension("2024-05-10", "2024-05-10"))["anomalies"] == []
    # A mainlevée before its first day is not such an error.
    levees = [suspension("2024-05-10", "2024-06-10"), levee("su", "2024-05-01", "a_compter")]
    assert lu(ANCIEN, *levees)["anomalies"] == []


# ------------------------------------------------------------------- the same offence, twice

DITE: Fait = {"natinf": "25387", "libelle": "Excès de vitesse", "lieu": "Évry"}


@pytest.mark.parametrize(
    ("seconde", "anomalie"),
    [
        (DITE, True),
        ({**DITE, "libelle": "autre"}, True),  # the natinf decides
        ({**DITE, "natinf": "13116"}, False),
        ({**DITE, "natinf": None}, True),  # without it, the libellé
        ({"libelle": "autre", "lieu": "Évry"}, False),
        ({**DITE, "lieu": "Melun"}, False),
        ({**DITE, "lieu": None}, False),
        ({}, False),
    ],
)
def test_la_meme_infraction_dite_deux_fois(seconde: Fait, anomalie: bool) -> None:
    lecture = lu(
        ANCIEN,
        infraction("b", "2024-01-01", "2024-02-01", 2, **DITE),
        infraction("a", "2024-01-01", "2024-02-10", 2, **seconde),
        au=date(2024, 3, 1),
    )
    assert lecture["solde"] == 8  # both count, as the file says
    assert lecture["anomalies"] == (["b"] if anomalie else [])  # the second by id


def test_le_meme_jour_et_le_meme_groupe() -> None:
    def lue(premier: str | None, second: str | None, jour: str = "2024-01-01") -> list[str]:
        une = {**infraction("a", "2024-01-01", "2024-02-01", 2, **DITE), "groupe": premier}
        autre = {**infraction("b", jour, "2024-02-01", 2, **DITE), "groupe": second}
        anomalies: list[str] = lu(ANCIEN, une, autre, au=date(2024, 3, 1))["anomalies"]
        return anomalies

    assert lue("g", "g") == []
    assert lue("g", "h") == ["b"]
    assert lue("g", None) == ["b"]
    assert lue(None, None, "2024-01-02") == []


def test_la_meme_infraction_mais_l_une_n_existe_pas() -> None:
    une = infraction("a", "2024-01-01", "2024-02-01", 2, **DITE)
    autre = infraction("b", "2024-01-01", "2024-06-01", 2, **DITE)
    annulee = {"id": "ia", "type": "infraction_annulee", "infraction": "a", "date_decision": "2024-07-01"}
    assert lu(ANCIEN, une, autre, au=date(2024, 5, 31))["anomalies"] == []  # pending
    assert lu(ANCIEN, une, autre, au=date(2024, 6, 1))["anomalies"] == ["b"]
    assert lu(ANCIEN, une, autre, annulee, au=date(2024, 7, 1))["anomalies"] == []


# ------------------------------------------------------------------------- « adresse »

PARIS = {"lignes": ["2 avenue des Érables"], "code_postal": "75012", "commune": "Paris"}
LYON = {"lignes": ["3 rue Neuve"], "code_postal": "69001", "commune": "Lyon"}
NUL = [
    ANCIEN,
    infraction("a", "2020-01-01", "2020-02-01", 9, 0),
    infraction("b", "2020-01-02", "2020-03-01", 6, 0),
    notifiee("2020-04-01"),
]
AVANT = lettre_48si("2020-03-20", date_presentation="2020-03-25")


def douteuse(*lettres: Fait, adresse: Any = PARIS) -> bool:
    donnee = ligne(*NUL, *lettres)
    donnee["etat_civil"] = {**donnee["etat_civil"], "adresse": adresse}
    lecture = lire(donnee, date(2021, 1, 1), tous_les_jours=False)
    assert lecture["etat"] == "invalide"  # only the fact decides
    assert lecture["anomalies"] in ([], ["si"])
    assert nu(rejouer_ligne(donnee, date(2021, 1, 1), date(2021, 1, 1))) == lecture
    return bool(lecture["anomalies"])


@pytest.mark.parametrize(
    ("champs", "anomalie"),
    [
        ({}, False),
        ({"issue": "npai"}, True),
        ({"issue": "avisee_non_reclamee"}, False),
        ({"adresse": PARIS}, False),
        ({"adresse": LYON}, True),
        ({"adresse": LYON, "date_presentation": None}, False),
        ({"issue": "npai", "reference": "48N"}, False),
        ({"issue": "npai", "date_envoi": "2020-04-01"}, True),
        ({"issue": "npai", "date_envoi": "2020-04-02"}, False),  # after it
        ({"issue": "npai", "date_envoi": "2020-04-02", "fait": "si"}, True),
        ({"issue": "npai", "fait": "autre"}, True),
    ],
)
def test_la_lettre_de_la_48si(champs: Fait, anomalie: bool) -> None:
    assert douteuse({**AVANT, **champs}) is anomalie


def test_la_derniere_lettre_ou_celle_qui_en_parle() -> None:
    npai, remise = {**AVANT, "issue": "npai"}, lettre_48si("2020-03-28", "l2", issue="remise")
    assert douteuse(npai, remise) is False
    assert douteuse({**npai, "fait": "si"}, remise) is True
    assert douteuse({**npai, "fait": "si"}, {**remise, "fait": "si"}) is False  # sent again, and handed over
    assert douteuse({**AVANT, "adresse": LYON}, adresse=None) is False


def test_une_48si_defaite_n_a_plus_d_adresse() -> None:
    lecture = lu(*NUL, {**AVANT, "issue": "npai"}, levee("si", "2020-09-01"), au=date(2021, 1, 1))
    assert lecture["anomalies"] == []


def test_une_lettre_ne_finit_jamais_un_permis() -> None:
    lettre = lettre_48si("2023-03-01", date_presentation="2023-03-05", issue="avisee_non_reclamee")
    lecture = lu(NORMAL, lettre, au=date(2023, 4, 1))
    assert (lecture["etat"], lecture["anomalies"]) == ("valide", [])
