"""A foreign licence is never told of a 48SI: neither by a line of the history, nor by a letter."""

from datetime import date
from typing import Any

import pytest

from documents.courriers.contenu import Mouvement, paragraphes
from dossier.rules.vocabulaire import Reference
from tests.rules.exemples import ANCIEN, infraction, ligne
from tests.rules.fabrique import etranger, interdiction
from tests.rules.rejeu import rejouer_ligne

PERTES = [infraction("a", "2017-01-01", "2017-02-01", 9, 0), infraction("b", "2017-01-02", "2017-03-01", 6, 0)]
FRANCAIS = {"id": "p", "type": "permis_obtenu", "filiere": "classique", "date_obtention": "2017-02-15"}


def lignes(*faits: dict[str, Any], au: date = date(2018, 6, 1)) -> dict[str, str]:
    """The sentence of each movement on ``au``, by nature and day."""
    lecture = rejouer_ligne(ligne(*faits), au)
    return {f"{m['nature']} {m['date']}": m["explication"] for m in lecture["mouvements"]}


def test_a_zero_un_permis_etranger_n_attend_pas_de_48si() -> None:
    dit = lignes(etranger("2016-05-01"), *PERTES)["retrait 2017-03-01"]
    assert "48SI" not in dit
    assert "interdiction de circuler en France" in dit


@pytest.mark.parametrize("faits", [[ANCIEN], [etranger("2016-05-01"), FRANCAIS]], ids=["français", "repris"])
def test_a_zero_un_permis_francais_l_attend(faits: list[dict[str, Any]]) -> None:
    dit = lignes(*faits, *PERTES)["retrait 2017-03-01"]
    assert "tant que la lettre 48SI ne vous a pas été notifiée" in dit


def test_l_interdiction_dit_son_dernier_jour() -> None:
    dit = lignes(etranger("2016-05-01"), *PERTES, interdiction("2017-03-10"))["interdiction 2017-03-10"]
    assert "jusqu'au 09/03/2018 inclus" in dit


@pytest.mark.parametrize("reference", [Reference.L46, Reference.L47])
@pytest.mark.parametrize("est_etranger", [False, True])
def test_une_lettre_qui_rend_trop_peu_de_points_dit_la_bonne_suite(reference: str, est_etranger: bool) -> None:
    m = Mouvement(date(2026, 3, 2), 4, -1, 12, "L223-6 al. 4", "Votre stage s'est achevé.")
    dits = " ".join(paragraphes(reference, m, None, etranger=est_etranger))
    assert ("48SI" in dits, "interdiction de circuler en France" in dits) == (not est_etranger, est_etranger)


def test_un_retrait_qui_epuise_un_capital_etranger_le_dit() -> None:
    """Neither « il vous reste six points au plus » nor « un stage en rend » alone: an interdiction may come."""
    perte = {"date_commission": "2017-01-02", "libelle": "Téléphone tenu"}
    m = Mouvement(date(2017, 3, 1), -6, -3, 12, "L223-1 al. 2", "")
    dits = " ".join(paragraphes(Reference.L48M, m, perte, etranger=True))
    assert "interdiction de circuler en France" in dits
    assert "il vous reste" not in dits
