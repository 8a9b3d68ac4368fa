"""Courses by article: L. 223-6 al. 4, R. 213-2, R. 223-4, R. 223-5 and R. 223-8."""

from datetime import date
from typing import Any

import pytest

from dossier.fabrique import parcours_de
from dossier.rules.faits import Stage
from dossier.rules.prevision import essai_de_stage
from dossier.rules.solde import rejouer
from dossier.rules.stage import (
    OrdreDeStage,
    Periode,
    defaut_d_agrement,
    defaut_de_duree,
    gain_du_stage,
    jour_du_credit,
    limite_d_enregistrement,
    limite_d_envoi,
    limite_stage_obligatoire,
    pourquoi_sans_points,
    premier_jour_apres,
    stage_obligatoire_attendu,
    stage_obligatoire_du,
    suites_des_ordres,
)
from tests.dossier.lignes import PERMIS, infraction

AU = date(2026, 11, 21)
PROBATOIRE = PERMIS | {"date_obtention": "2025-07-18"}
Fait = dict[str, Any]


def stage(fin: str, nature: str = "volontaire", id: str = "s") -> Fait:
    return {"id": id, "type": "stage", "date_fin": fin, "nature": nature}


def jour(texte: str) -> date:
    return date.fromisoformat(texte)


# --- R. 223-8 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("solde", "plafond", "gain"),
    [
        pytest.param(8, 12, 4, id="quatre points"),
        pytest.param(9, 12, 3, id="trois, plafond de 12"),
        pytest.param(12, 12, 0, id="rien, au plafond"),
        pytest.param(3, 6, 3, id="première année probatoire, plafond de 6"),
        pytest.param(1, 6, 4, id="première année probatoire, quatre points"),
        pytest.param(5, 8, 3, id="deuxième année probatoire, plafond de 8"),
        pytest.param(7, 10, 3, id="troisième année probatoire, plafond de 10"),
        pytest.param(6, 9, 3, id="conduite accompagnée, plafond de 9"),
        pytest.param(-2, 6, 4, id="solde négatif, tous les points"),
        pytest.param(7, 6, 0, id="au-dessus du plafond, rien n'est repris"),
    ],
)
def test_r223_8_ii_quatre_points_dans_la_limite_du_plafond(solde: int, plafond: int, gain: int) -> None:
    assert gain_du_stage(solde, plafond, date(2026, 1, 1)) == gain


@pytest.mark.parametrize(
    ("obtention", "filiere", "infractions", "plafond", "gain"),
    [
        ("2026-03-01", "classique", [("2026-06-01", "2026-07-01", 3)], 6, 3),
        ("2025-03-01", "classique", [("2026-06-01", "2026-07-01", 3)], 8, 3),
        ("2024-03-01", "classique", [("2026-06-01", "2026-07-01", 2)], 10, 2),
        ("2025-03-01", "aac", [("2026-06-01", "2026-07-01", 3)], 9, 3),
        ("2026-03-01", "classique", [("2026-06-01", "2026-07-01", 5)], 6, 4),
    ],
    ids=["6", "8", "10", "AAC 9", "6, quatre points"],
)
def test_r223_8_ii_le_plafond_est_celui_du_jour(
    obtention: str, filiere: str, infractions: list[tuple[str, str, int]], plafond: int, gain: int
) -> None:
    permis = PERMIS | {"date_obtention": obtention, "filiere": filiere}
    faits = [infraction(f"i{n}", *i) for n, i in enumerate(infractions)]
    credit = essai_de_stage(parcours_de([permis, *faits]), AU, jour("2026-11-22"))
    assert credit is not None
    assert (credit.date, credit.points, credit.plafond) == (jour("2026-11-24"), gain, plafond)


def test_r223_8_iii_le_lendemain_du_dernier_jour() -> None:
    assert jour_du_credit(Stage("s", jour("2026-02-28"), "volontaire")) == jour("2026-03-01")


def test_r223_8_quinze_jours_puis_un_mois() -> None:
    assert limite_d_envoi(jour("2026-11-21")) == jour("2026-12-06")
    assert limite_d_enregistrement(jour("2026-01-31")) == jour("2026-02-28")


def test_l_essai_compte_ce_qui_revient_avant_lui() -> None:
    """A point that comes back by itself before the first useful day leaves the course nothing to give."""
    parcours = parcours_de(
        [PERMIS, infraction("a", "2025-01-01", "2025-02-01", 4), stage("2026-03-02"),
         infraction("b", "2026-03-10", "2026-06-01", 1, classe=3)]
    )  # fmt: skip
    replay = rejouer(parcours, AU)
    assert replay.points == 11
    credit = essai_de_stage(parcours, AU, jour("2027-03-03"))
    assert credit is not None
    assert (credit.points, credit.solde) == (0, 12)


# --- L. 223-6 al. 4 ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dernier", "suivant"),
    [("2016-12-10", "2017-12-11"), ("2024-02-29", "2025-03-01"), ("2023-02-28", "2024-02-29")],
)
def test_l223_6_un_an_et_un_jour(dernier: str, suivant: str) -> None:
    assert premier_jour_apres(jour(dernier)) == jour(suivant)


RETRAIT = infraction("i", "2025-01-10", "2025-02-01", 6)


@pytest.mark.parametrize(
    ("faits", "raison"),
    [
        pytest.param([RETRAIT, stage("2026-05-02")], None, id="il rend des points"),
        pytest.param([RETRAIT, stage("2026-05-02", "judiciaire")], "décidé par la justice", id="judiciaire"),
        pytest.param(
            [RETRAIT, stage("2025-05-03", id="r"), stage("2026-05-02")],
            "un autre stage en a rendu le 04/05/2025, moins d'un an avant",
            id="un jour trop tôt",
        ),
        pytest.param([RETRAIT, stage("2025-05-02", id="r"), stage("2026-05-02")], None, id="un an, date à date"),
        pytest.param(
            [RETRAIT, stage("2025-05-03", "judiciaire", id="r"), stage("2026-05-02")], None, id="après un judiciaire"
        ),
        pytest.param([stage("2026-05-02")], "Aucun retrait de points n'était encore effectif", id="aucun retrait"),
        pytest.param(
            [infraction("i", "2026-04-20", "2026-05-04", 6), stage("2026-05-02")],
            "Aucun retrait de points n'était encore effectif le 03/05/2026",
            id="le retrait vient le lendemain",
        ),
        pytest.param(
            [infraction("i", "2020-01-10", "2020-02-01", 6), stage("2026-05-02")],
            "déjà au plafond de 12 points",
            id="au plafond, points revenus",
        ),
        pytest.param(
            [RETRAIT, {"id": "f", "type": "invalidation", "date_notification": "2026-05-02"}, stage("2026-05-02")],
            "notifiée le 02/05/2026, dernier jour du stage : il ne rend aucun point. Cela se discute",
            id="48SI le dernier jour",
        ),
        pytest.param(
            [RETRAIT, {"id": "f", "type": "invalidation", "date_notification": "2026-05-03"}, stage("2026-05-02")],
            None,
            id="48SI le jour du crédit : les points d'abord",
        ),
        pytest.param(
            [RETRAIT, {"id": "f", "type": "annulation", "date_effet": "2026-04-02"}, stage("2026-05-02")],
            "annulé par un juge, avec effet le 02/04/2026",
            id="annulé",
        ),
        pytest.param([stage("1998-05-02")], "aucun permis n'était détenu", id="avant le permis"),
    ],
)
def test_l223_6_pourquoi_un_stage_ne_rend_rien(faits: list[Fait], raison: str | None) -> None:
    parcours = parcours_de([PERMIS, *faits])
    (essai,) = (s for s in parcours.stages if s.id == "s")
    dit = pourquoi_sans_points(essai, rejouer(parcours, max(AU, jour_du_credit(essai))))
    if raison is None:
        assert dit is None
    else:
        assert dit is not None
        assert raison in dit


# --- R. 223-5, R. 213-2 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("debut", "fin", "heures", "dit"),
    [
        pytest.param("2026-05-01", "2026-05-02", 14, None, id="deux jours, quatorze heures"),
        pytest.param("2026-05-02", "2026-05-02", 14, "plus court que la règle : il s'étend sur un seul jour", id="un"),
        pytest.param("2026-05-01", "2026-05-03", 21, "plus long que la règle : il s'étend sur 3 jours", id="trois"),
        pytest.param("2026-05-01", "2026-05-02", 13, "plus court que la règle : 13 heures", id="treize heures"),
        pytest.param("2026-05-01", "2026-05-02", 15, "plus long que la règle : 15 heures", id="quinze heures"),
    ],
)
def test_r223_5_deux_jours_consecutifs(debut: str, fin: str, heures: int, dit: str | None) -> None:
    defaut = defaut_de_duree(jour(debut), jour(fin), heures)
    assert defaut is None if dit is None else defaut is not None and dit in defaut


@pytest.mark.parametrize(
    ("periodes", "agree"),
    [
        ([], False),
        ([("2020-01-01", "2025-12-31")], False),
        ([("2026-05-02", "2030-12-31")], False),
        ([("2020-01-01", "2026-05-01")], False),
        ([("2020-01-01", "2026-05-02")], True),
        ([("2026-05-01", "2026-12-31")], True),
        ([("2021-01-01", "2026-06-30"), ("2026-07-01", "2031-06-30")], True),
        ([("2021-01-01", "2026-05-01"), ("2026-05-02", "2031-05-01")], True),
        ([("2026-05-02", "2031-05-01"), ("2021-01-01", "2026-05-01")], True),
        ([("2021-01-01", "2026-04-30"), ("2026-05-02", "2031-05-01")], False),
        ([("2021-01-01", "2026-05-01"), ("2026-05-03", "2031-05-02")], False),
    ],
    ids=[
        *("inconnu", "fini", "commence le second jour", "finit le premier", "finit le second", "commence", "renouvelé"),
        *("renouvelé entre les deux jours", "l'ancien dit après", "un trou le premier jour", "un trou le second"),
    ],
)
def test_r213_2_le_centre_est_agree_pendant_tout_le_stage(periodes: list[tuple[str, str]], agree: bool) -> None:
    defaut = defaut_d_agrement([Periode(jour(d), jour(f)) for d, f in periodes], jour("2026-05-01"), jour("2026-05-02"))
    assert (defaut is None) is agree


# --- R. 223-4 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notifiee", "limite"), [("2026-10-21", "2027-02-21"), ("2026-10-31", "2027-02-28"), ("2023-10-31", "2024-02-29")]
)
def test_r223_4_quatre_mois(notifiee: str, limite: str) -> None:
    assert limite_stage_obligatoire(jour(notifiee)) == jour(limite)


@pytest.mark.parametrize(
    ("commise", "points", "du"),
    [("2026-01-01", 3, True), ("2026-01-01", 2, False), ("2024-12-31", 6, False), ("2028-01-01", 6, False)],
    ids=["trois points", "deux points", "avant le permis", "le jour de la fin"],
)
def test_r223_4_ce_qui_ordonne_un_stage(commise: str, points: int, du: bool) -> None:
    assert stage_obligatoire_du(jour(commise), points, jour("2025-01-01"), jour("2028-01-01")) is du


@pytest.mark.parametrize(
    ("faits", "attendu", "en_defaut"),
    [
        pytest.param([], "2026-07-21", True, id="rien"),
        pytest.param([stage("2026-11-21", "obligatoire")], None, False, id="le dernier jour"),
        pytest.param([stage("2026-11-22", "obligatoire")], None, True, id="le lendemain"),
        pytest.param([stage("2026-09-02")], "2026-07-21", True, id="un volontaire"),
        pytest.param([stage("2026-07-02", "obligatoire")], "2026-07-21", True, id="avant la lettre"),
        pytest.param(
            [{"id": "a", "type": "infraction_annulee", "infraction": "i", "date_decision": "2026-09-01"}],
            None,
            False,
            id="infraction annulée",
        ),
        pytest.param([{"id": "f", "type": "annulation", "date_effet": "2026-09-01"}], None, False, id="permis annulé"),
    ],
)
def test_r223_4_ce_que_devient_une_48n(faits: list[Fait], attendu: str | None, en_defaut: bool) -> None:
    au = jour("2026-11-23")
    parcours = parcours_de([PROBATOIRE, infraction("i", "2026-05-02", "2026-06-02", 3), *faits])
    replay, ordres = rejouer(parcours, au), [OrdreDeStage(jour("2026-07-21"), "i")]
    assert stage_obligatoire_attendu(replay, parcours, ordres) == (jour(attendu) if attendu else None)
    suites = suites_des_ordres(replay, parcours, ordres)
    assert [suite.est_en_defaut(au) for suite in suites] in ([en_defaut], [] if not en_defaut else [True])


def test_r223_4_dans_le_delai_rien_n_est_en_defaut() -> None:
    parcours = parcours_de([PROBATOIRE, infraction("i", "2026-05-02", "2026-06-02", 3)])
    (suite,) = suites_des_ordres(rejouer(parcours, AU), parcours, [OrdreDeStage(jour("2026-07-21"), "i")])
    assert not suite.est_en_defaut(jour("2026-11-21"))
    assert suite.manque
