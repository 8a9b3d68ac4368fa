"""A 48SI presented, and nothing decided: « Mes points » says it first, and advises nothing as if there were none."""

from datetime import date
from typing import Any

import pytest

from dossier import presenters
from dossier.presenters.reserve import RESERVE
from dossier.selectors import Situation
from tests.dossier.lignes import PERMIS, infraction
from tests.dossier.test_suites import situation

AU = date(2026, 11, 30)
NUL = [infraction("i1", "2026-01-01", "2026-03-01", 6), infraction("i2", "2026-02-01", "2026-05-01", 6)]
LETTRE: dict[str, Any] = {"id": "l", "type": "lettre", "reference": "48SI", "date_envoi": "2026-11-02"}
PRESENTEE = LETTRE | {"date_presentation": "2026-11-05"}


def en_suspens(*faits: dict[str, Any]) -> Situation:
    return situation(PERMIS, *NUL, *faits, au=AU)


def texte(une: Situation) -> str:
    """All that « Mes points » and its forecast say above the history, and the lines to come."""
    page = presenters.page_previsionnel(une)
    dit = [str(page[champ]) for champ in ("solde", "alertes", "etapes", "lignes", "reserve")]
    return " ".join(dit).replace("\\xa0", " ")


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({"date_presentation": "2026-11-05"}, "a été présentée à votre adresse le 5 novembre 2026. Même non retirée"),
        ({"date_presentation": "2026-11-05", "issue": "npai"}, "présentée le 5 novembre 2026, est revenue"),
        ({"issue": "npai"}, "faute de points, est revenue : la poste ne vous a pas trouvé"),
        ({"date_avis": "2026-11-05", "issue": "refusee"}, "présentée le 5 novembre 2026. Refusée, elle compte"),
        ({"date_notification": "2026-11-06"}, "vous a été notifiée le 6 novembre 2026"),
    ],
)
def test_la_page_dit_d_abord_ce_qui_est_arrive(champs: dict[str, str], attendu: str) -> None:
    alerte = presenters.alertes(en_suspens(LETTRE | champs))[0]
    assert alerte.titre.startswith("Votre permis n'est peut-être plus valable")
    assert attendu in alerte.phrases[0].replace("\u00a0", " ")
    assert "bonne adresse" in alerte.phrases[1]
    assert "n° 327027" in alerte.phrases[1]
    assert "Ne conduisez pas avant de savoir" in alerte.phrases[2]


@pytest.mark.parametrize(
    ("au", "remise"),
    [
        (date(2026, 11, 10), "remettez votre permis à votre préfecture au plus tard le 16 novembre 2026"),
        (AU, "le délai pour remettre votre permis à votre préfecture a pris fin le 16 novembre 2026"),
    ],
)
def test_les_delais_courent_si_elle_compte(au: date, remise: str) -> None:
    (alerte,) = presenters.alertes(situation(PERMIS, *NUL, PRESENTEE, au=au))
    assert remise in alerte.phrases[3].replace("\u00a0", " ")


@pytest.mark.parametrize(
    "autres",
    [
        [],
        [{"id": "n", "type": "lettre", "reference": "48N", "date_notification": "2026-10-02", "fait": "i2"}],
        [
            {
                "id": "s",
                "type": "suspension",
                "date_debut": "2026-11-01",
                "date_fin": "2027-02-01",
                "nature": "judiciaire",
            }
        ],
    ],
    ids=["seule", "avec une 48N", "suspendu"],
)
def test_rien_ne_conseille_comme_s_il_n_y_avait_pas_de_lettre(autres: list[dict[str, Any]]) -> None:
    une = en_suspens(PRESENTEE, *autres)
    dit = texte(une)
    for interdit in ("ÉLIGIBLE", "Il peut commencer", "Un stage de deux jours", "PERMIS VALIDE"):
        assert interdit not in dit
    for interdit in ("Suivez le stage", "Vous devez suivre", "Un stage ajoute", "mais votre permis est encore valable"):
        assert interdit not in dit
    assert not presenters.solde(une).stage_eligible
    assert presenters.alertes(une)[0] == presenters.alerte_48si(une)[0]
    assert [etape.quand for etape in presenters.etapes(une)][0] == "Sans attendre"
    assert RESERVE[:30] in dit
    assert "si votre permis est encore valable" in presenters.solde(une).echeance


def test_une_48n_est_dite_avec_la_48si_et_jamais_comme_un_conseil() -> None:
    ordre = {"id": "n", "type": "lettre", "reference": "48N", "date_notification": "2026-10-02", "fait": "i2"}
    (alerte,) = presenters.alertes(en_suspens(PRESENTEE, ordre))
    assert "2 février 2027" in alerte.phrases[-1].replace("\u00a0", " ")
    assert "si vous devez encore le suivre" in alerte.phrases[-1]


def test_les_autres_conducteurs_ne_lisent_rien_de_plus() -> None:
    for une in (en_suspens(), en_suspens(LETTRE), en_suspens(PRESENTEE, {
        "id": "x", "type": "invalidation", "date_notification": "2026-11-05"
    })):  # fmt: skip
        assert presenters.alerte_48si(une) == []
        assert "à vérifier" not in texte(une).lower()
        assert presenters.page_previsionnel(une)["reserve"] == ""


def test_un_permis_suspendu_reste_dit_suspendu() -> None:
    suspension = {"id": "s", "type": "suspension", "date_debut": "2026-11-01", "nature": "administrative"}
    etat = presenters.etat(en_suspens(PRESENTEE, suspension))
    assert (etat.badge, etat.classe) == ("PERMIS SUSPENDU", "fr-badge--error")
    assert "48SI" in etat.phrase
