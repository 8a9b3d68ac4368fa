"""A 48SI presented or returned, and nothing decided: said once by the law, the état unchanged."""

from datetime import date
from typing import Any

import pytest

from dossier.fabrique import parcours_de
from dossier.rules.rejeu import Replay
from dossier.rules.solde import rejouer
from dossier.rules.vocabulaire import Etat
from tests.dossier.lignes import PERMIS, infraction
from tests.rules.fabrique import deces, echange, etranger, interdiction, lettre_48si, levee

AU = date(2026, 11, 30)
NUL = [infraction("i1", "2026-01-01", "2026-03-01", 6), infraction("i2", "2026-02-01", "2026-05-01", 6)]
INVALIDATION = {"id": "x", "type": "invalidation", "date_notification": "2026-11-05"}
ENVOYEE = lettre_48si("2026-11-02")
PRESENTEE = ENVOYEE | {"date_presentation": "2026-11-05"}
Fait = dict[str, Any]


def rejoue(*faits: Fait, au: date = AU, permis: Fait = PERMIS) -> Replay:
    tenus = [{champ: v for champ, v in fait.items() if v is not None} for fait in [permis, *NUL, *faits]]
    return rejouer(parcours_de(tenus), au)


@pytest.mark.parametrize(
    ("champs", "depuis"),
    [
        pytest.param({"date_presentation": "2026-11-05"}, date(2026, 11, 5), id="présentée"),
        pytest.param({"date_avis": "2026-11-06"}, date(2026, 11, 6), id="avisée"),
        pytest.param(
            {"date_presentation": "2026-11-05", "date_notification": "2026-11-12"}, date(2026, 11, 12), id="retirée"
        ),
        pytest.param({"issue": "avisee_non_reclamee"}, None, id="non réclamée, sans jour"),
        pytest.param({"issue": "refusee"}, None, id="refusée"),
        pytest.param({"issue": "npai"}, None, id="revenue"),
        pytest.param({"issue": "remise"}, None, id="remise"),
    ],
)
def test_une_48si_arrivee_que_rien_ne_suit(champs: Fait, depuis: date | None) -> None:
    replay = rejoue(ENVOYEE | champs)
    assert replay.lettre_48si is not None
    assert replay.lettre_48si.depuis == depuis
    assert replay.etat == Etat.SOLDE_NUL  # the file decides


@pytest.mark.parametrize(
    "faits",
    [
        pytest.param([], id="aucune lettre"),
        pytest.param([ENVOYEE], id="envoyée"),
        pytest.param([ENVOYEE | {"issue": "perdue"}], id="perdue"),
        pytest.param([PRESENTEE | {"reference": "48N"}], id="une autre lettre"),
        pytest.param([PRESENTEE, INVALIDATION], id="le fichier a décidé"),
        pytest.param([PRESENTEE | {"fait": "x"}, INVALIDATION | {"date_notification": "2026-11-01"}], id="la sienne"),
        pytest.param([PRESENTEE, INVALIDATION, levee("x", "2026-11-20")], id="décidé, puis retiré"),
        pytest.param([PRESENTEE, INVALIDATION, levee("x", "2026-11-20", "provisoire")], id="décidé, puis suspendu"),
        pytest.param([PRESENTEE, echange("2026-11-10")], id="plus de permis"),
        pytest.param([PRESENTEE, deces("2026-11-10")], id="décédé"),
        pytest.param([lettre_48si("1998-03-02", date_presentation="1998-03-05")], id="d'un permis d'avant"),
    ],
)
def test_rien_n_attend(faits: list[Fait]) -> None:
    assert rejoue(*faits).lettre_48si is None


def test_rien_n_attend_avant_le_jour_ni_d_un_permis_etranger() -> None:
    assert rejoue(PRESENTEE, au=date(2026, 11, 4)).lettre_48si is None
    assert rejoue(PRESENTEE, permis=etranger("2025-01-01")).lettre_48si is None
    assert rejoue(PRESENTEE, interdiction("2026-11-20"), permis=etranger("2025-01-01")).lettre_48si is None


def test_les_pas_d_une_lettre_sont_une_lettre_et_la_premiere_est_dite() -> None:
    pas = lettre_48si("2026-11-02", "poste-1+date_envoi", fait="i2"), {
        "id": "poste-1+issue", "type": "lettre", "reference": "48SI", "fait": "i2", "issue": "npai",
        "date_presentation": "2026-11-05",
    }  # fmt: skip
    apres = lettre_48si("2026-11-20", "l2", date_presentation="2026-11-24")
    lettre = rejoue(*pas, apres).lettre_48si
    assert lettre is not None
    assert (lettre.depuis, lettre.issue) == (date(2026, 11, 5), "npai")


def test_une_invalidation_d_avant_ne_decide_rien_d_une_lettre_d_apres() -> None:
    """A licence of 2024, after an invalidation of 2022: its own 48SI waits."""
    avant = INVALIDATION | {"date_notification": "2022-06-01"}
    nouveau = PERMIS | {"id": "p2", "date_obtention": "2024-02-01"}
    lettre = rejoue(avant, nouveau, PRESENTEE).lettre_48si
    assert lettre is not None
    assert rejoue(avant, nouveau, lettre_48si("2022-05-20", date_presentation="2022-05-25")).lettre_48si is None


def test_un_solde_revenu_n_efface_pas_la_lettre() -> None:
    assert rejoue(PRESENTEE | {"date_presentation": "2026-04-01", "date_envoi": "2026-03-28"}).lettre_48si is not None
