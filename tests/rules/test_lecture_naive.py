"""Tests of the oracle itself: the worked examples of the law, the example line of the
feed, a few sentences of `regles-points.md`. Its other tables are in ``test_lecture_*.py``."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tests.rules.exemples import (
    ANCIEN,
    EXEMPLES,
    NORMAL,
    TARD,
    annulee,
    formation,
    infraction,
    ligne,
    lu,
    notifiee,
    permis,
    solde_du,
    stage,
    suite,
)
from tests.rules.lecture_naive import lire
from tests.rules.lecture_naive_faits import plus_mois


@pytest.mark.parametrize("numero", EXEMPLES)
@pytest.mark.parametrize("tous_les_jours", [True, False])
def test_exemples_de_la_loi(numero: str, tous_les_jours: bool) -> None:
    faits, attendu = EXEMPLES[numero]
    lecture = lire(ligne(*faits), TARD, tous_les_jours=tous_les_jours)
    assert {jour: solde_du(lecture, jour) for jour in attendu} == attendu
    assert lecture["prevision"] == []
    assert lecture["anomalies"] == []


def test_e03_reconstitution_a_douze_sur_douze() -> None:
    assert suite(lu(ANCIEN, infraction("a", "2021-06-30", "2021-07-21", 1, 3))) == [
        ("1999-01-15", "capital_initial", 12, 12, 12),
        ("2021-07-21", "retrait", -1, 11, 12),
        ("2022-01-21", "reattribution_un_point", 1, 12, 12),
        ("2023-07-21", "reconstitution_totale", 0, 12, 12),
    ]


def test_e08_vu_avant_que_la_seconde_infraction_soit_definitive() -> None:
    faits = EXEMPLES["E08 (legal)"][0]
    lecture = lu(*faits, au=date(2024, 6, 1))
    assert lecture["solde"] == 12
    assert lecture["mouvements"][-1]["nature"] == "reconstitution_totale"


def test_e11_suite_entiere() -> None:
    assert suite(lu(*EXEMPLES["E11"][0])) == [
        ("2022-03-15", "capital_initial", 6, 6, 6),
        ("2023-03-15", "majoration_probatoire", 2, 8, 8),
        ("2023-06-20", "retrait", -3, 5, 8),
        ("2023-08-27", "recuperation_stage", 3, 8, 8),
        ("2025-03-15", "fin_delai_probatoire", 0, 8, 12),
        ("2026-06-20", "reconstitution_totale", 4, 12, 12),
    ]


def test_e16_fin_du_delai_puis_reconstitution_le_meme_jour() -> None:
    assert suite(lu(*EXEMPLES["E16"][0]))[-2:] == [
        ("2025-02-01", "fin_delai_probatoire", 0, 3, 12),
        ("2025-02-01", "reconstitution_totale", 9, 12, 12),
    ]


def test_e22_la_reconstitution_suit_le_stage() -> None:
    assert suite(lu(*EXEMPLES["E22"][0]))[-1] == (
        "2028-01-20",
        "reconstitution_totale",
        0,
        12,
        12,
    )


def test_e26_premier_jour_du_stage_suivant() -> None:
    lecture = lu(
        ANCIEN,
        infraction("a", "2016-10-01", "2016-11-01", 6),
        stage("s", "2016-12-09", "2016-12-10"),
        au=date(2017, 1, 1),
    )
    assert lecture["solde"] == 10
    assert lecture["stage"] == {"eligible": True, "premier_jour": "2017-12-11"}


EXEMPLE = r"""
{"format": "mespoints-dossier/1", "neph": "990175100001", "etat_civil": {"nom_naissance": "MARTIN", "nom_usage": null, "prenoms": ["Camille"], "sexe": "F", "date_naissance": "1979-12-31", "lieu_naissance": "75056", "pays_naissance": "99100", "adresse": {"lignes": ["2 avenue des Érables"], "code_postal": "75012", "commune": "Paris"}}, "titres": [{"format": "carte", "numero": "13AA00001", "date_delivrance": "2015-08-20", "date_expiration": "2030-08-20", "departement": "75", "etat": "actif"}], "categories": [{"code": "B", "date_obtention": "1999-01-15", "date_fin": null, "restrictions": []}], "faits": [{"id": "p1", "type": "permis_obtenu", "date_obtention": "1999-01-15", "filiere": "classique"}, {"id": "i1", "type": "infraction", "date_commission": "2021-06-30", "date_definitive": "2021-07-21", "points": 1, "nature": "contravention", "classe": 3, "groupe": null, "lieu": "Autoroute A6, Évry", "libelle": "Excès de vitesse inférieur à 20 km/h (limitation supérieure à 50 km/h)", "natinf": "25387", "etablie_par": "paiement"}]}
"""  # noqa: E501


def test_exemple_du_flux() -> None:
    capital = {
        "date": "1999-01-15",
        "nature": "capital_initial",
        "points": 12,
        "solde": 12,
        "plafond": 12,
        "fait": "p1",
        "article": "R223-1 I",
    }
    retrait = {
        "date": "2021-07-21",
        "nature": "retrait",
        "points": -1,
        "solde": 11,
        "plafond": 12,
        "fait": "i1",
        "article": "L223-1 al. 4",
    }
    un_point = {
        "date": "2022-01-21",
        "nature": "reattribution_un_point",
        "points": 1,
        "solde": 12,
        "plafond": 12,
        "fait": "i1",
        "article": "L223-6 al. 3",
    }
    totale = {
        "date": "2023-07-21",
        "nature": "reconstitution_totale",
        "points": 0,
        "solde": 12,
        "plafond": 12,
        "fait": None,
        "article": "L223-6 al. 1",
    }
    donnee = json.loads(EXEMPLE)
    assert lire(donnee, date(2026, 11, 20)) == {
        "neph": "990175100001",
        "au": "2026-11-20",
        "points": 12,
        "solde": 12,
        "plafond": 12,
        "etat": "valide",
        "regime": "francais",
        "provisoire": False,
        "suspension": None,
        "delai_probatoire": None,
        "mouvements": [capital, retrait, un_point, totale],
        "prevision": [],
        "stage": {"eligible": False, "premier_jour": None},
        "anomalies": [],
    }
    assert lire(donnee, date(2021, 7, 21)) == {
        "neph": "990175100001",
        "au": "2021-07-21",
        "points": 11,
        "solde": 11,
        "plafond": 12,
        "etat": "valide",
        "regime": "francais",
        "provisoire": False,
        "suspension": None,
        "delai_probatoire": None,
        "mouvements": [capital, retrait],
        "prevision": [un_point, totale],
        "stage": {"eligible": True, "premier_jour": "2021-07-22"},
        "anomalies": [],
    }


# ---------------------------------------------------------------- sentences of regles-points.md


def test_dates_de_quantieme_a_quantieme() -> None:
    assert plus_mois(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert plus_mois(date(2024, 2, 29), 24) == date(2026, 2, 28)
    assert plus_mois(date(2023, 8, 29), 6) == date(2024, 2, 29)


def test_avant_tout_permis() -> None:
    lecture = lu(NORMAL, au=date(2022, 3, 14))
    assert lecture["etat"] == "sans_permis"
    assert (lecture["points"], lecture["solde"], lecture["plafond"]) == (None, None, None)
    assert lecture["mouvements"] == lecture["prevision"] == []


def test_permis_de_2004_a_2007_sans_majoration() -> None:
    assert suite(lu(permis("2007-12-30"))) == [
        ("2007-12-30", "capital_initial", 6, 6, 6),
        ("2010-12-30", "fin_delai_probatoire", 6, 12, 12),
    ]
    assert len(suite(lu(permis("2007-12-31")))) == 4


def test_conduite_accompagnee_et_supervisee() -> None:
    assert [s[:2] + s[3:] for s in suite(lu(permis("2022-03-15", "aac")))] == [
        ("2022-03-15", "capital_initial", 6, 6),
        ("2023-03-15", "majoration_probatoire", 9, 9),
        ("2024-03-15", "fin_delai_probatoire", 12, 12),
    ]
    assert suite(lu(permis("2022-03-15", "supervisee"))) == suite(lu(NORMAL))


def test_formation_perdue_pour_une_suspension() -> None:
    perdue = {
        "id": "x",
        "type": "suspension",
        "date_debut": "2024-06-01",
        "date_fin": None,
        "nature": "restriction",
        "date_infraction": "2024-03-14",
    }
    lecture = lu(NORMAL, formation("2023-01-01"), perdue, au=date(2024, 6, 1))
    assert lecture["delai_probatoire"] == {"fin": "2025-03-15"}
    assert lecture["anomalies"] == ["fc"]
    assert lecture["etat"] == "valide"
    gardee = lu(NORMAL, formation("2023-01-01"), {**perdue, "date_infraction": "2024-03-15"})
    assert ("2024-03-15", "fin_delai_probatoire", 4, 12, 12) in suite(gardee)
    assert gardee["anomalies"] == []


def test_dix_ans_malgre_tout_sauf_solde_nul() -> None:
    # One infraction every year and a half: no reconstitution ever comes before the ten years.
    relances = [infraction(f"r{n}", f"{2003 + n}-01-10", f"{2003 + n}-02-10", 1) for n in range(9)]
    faits = [ANCIEN, infraction("a", "2001-12-01", "2002-01-10", 2), *relances]
    assert ("2012-01-10", "reattribution_dix_ans", 2) in [s[:3] for s in suite(lu(*faits))]
    nul = infraction("z", "2005-03-01", "2005-04-01", 6)
    leve = [nul, {**nul, "id": "zz"}, stage("s", "2005-03-30", "2005-03-31")]
    assert "2012-01-10" not in [s[0] for s in suite(lu(*faits, *leve))]


def test_un_an_entre_deux_credits() -> None:
    base = [
        ANCIEN,
        infraction("a", "2016-10-01", "2016-11-01", 6),
        infraction("b", "2016-10-02", "2016-11-02", 3),
        stage("s1", "2016-12-09", "2016-12-10"),
    ]
    assert lu(*base, stage("s2", "2017-12-08", "2017-12-09"))["anomalies"] == ["s2"]
    admis = lu(*base, stage("s2", "2017-12-09", "2017-12-10"))
    assert admis["anomalies"] == []
    assert ("2017-12-11", "recuperation_stage", 4, 11, 12) in suite(admis)


def test_stage_qui_finit_le_jour_meme() -> None:
    faits = [ANCIEN, infraction("a", "2016-10-01", "2016-11-01", 6)]
    lecture = lu(*faits, stage("s", "2016-12-09", "2016-12-10"), au=date(2016, 12, 10))
    assert lecture["solde"] == 6
    assert lecture["prevision"][0]["nature"] == "recuperation_stage"
    assert lecture["stage"] == {"eligible": True, "premier_jour": "2017-12-11"}


def test_fin_du_permis_et_nouveau_permis() -> None:
    faits = [
        ANCIEN,
        infraction("a", "2016-10-01", "2016-11-01", 9, 0),
        infraction("b", "2016-10-02", "2016-11-02", 6, 0),
        notifiee("2016-12-01"),
        annulee("2016-12-01"),
        infraction("c", "2016-12-05", "2018-01-01", 3),
        permis("2017-08-31", "aac", id="p2"),
    ]
    assert suite(lu(*faits)) == [
        ("1999-01-15", "capital_initial", 12, 12, 12),
        ("2016-11-01", "retrait", -9, 3, 12),
        ("2016-11-02", "retrait", -6, -3, 12),
        ("2016-12-01", "invalidation", 3, 0, 0),
        ("2017-08-31", "capital_initial", 6, 6, 6),
        ("2018-08-31", "majoration_probatoire", 2, 8, 8),
        ("2019-08-31", "majoration_probatoire", 2, 10, 10),
        ("2020-08-31", "fin_delai_probatoire", 2, 12, 12),
    ]
    lecture = lu(*faits, au=date(2017, 1, 1))
    assert (lecture["etat"], lecture["points"], lecture["plafond"]) == ("invalide", 0, 0)
    assert lecture["anomalies"] == ["an"]
    assert lu(*faits, au=date(2018, 1, 1))["anomalies"] == ["an", "c"]
    assert lu(*faits, au=date(2016, 11, 2))["etat"] == "solde_nul"


def test_invalidation_sur_solde_positif() -> None:
    lecture = lu(ANCIEN, notifiee("2016-12-01"))
    assert suite(lecture)[-1] == ("2016-12-01", "invalidation", -12, 0, 0)
    assert lecture["anomalies"] == ["si"]


def test_groupe_le_plus_cher_connu_du_groupe() -> None:
    faits = [
        ANCIEN,
        infraction("a", "2024-01-10", "2024-02-10", 5, groupe="g"),
        infraction("b", "2024-01-10", "2024-02-10", 4, groupe="g"),
        infraction("c", "2024-01-10", "2024-03-10", 9, 0, groupe="g"),
    ]
    avant = [s for s in suite(lu(*faits, au=date(2024, 2, 10))) if s[1] == "retrait"]
    assert [s[2] for s in avant] == [-5, -3]
    apres = [s for s in suite(lu(*faits)) if s[1] == "retrait"]
    assert [s[2] for s in apres] == [-5, -4, 0]
    # wholly absorbed: no délit, no class 4 in the window but those that withdrew, and no anomaly
    assert lu(*faits)["anomalies"] == []
    assert suite(lu(*faits))[-1][:2] == ("2027-02-10", "reconstitution_totale")


def test_fait_tardif_et_infraction_annulee() -> None:
    tardive = infraction("a", "2021-06-30", "2021-07-21", 3, enregistre_le="2022-02-01")
    faits = [
        ANCIEN,
        tardive,
        {
            "id": "ia",
            "type": "infraction_annulee",
            "infraction": "a",
            "date_decision": "2023-01-10",
            "motif": None,
        },
    ]
    assert lu(*faits, au=date(2022, 1, 31))["solde"] == 12
    assert lu(*faits, au=date(2022, 1, 31), connu_le=date(2022, 2, 1))["solde"] == 9
    assert lu(*faits, au=date(2023, 1, 9))["solde"] == 9
    assert suite(lu(*faits, au=date(2023, 1, 10))) == [("1999-01-15", "capital_initial", 12, 12, 12)]
    assert lu(*faits, au=date(2023, 1, 10))["anomalies"] == []
    inconnue = {**faits[-1], "infraction": "p1"}
    assert lu(ANCIEN, inconnue)["anomalies"] == ["ia"]
