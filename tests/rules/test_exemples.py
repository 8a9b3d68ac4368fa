"""The worked examples of the law (E01 to E27), through the production engine.

The histories and what each day must show are those of the naive reading's own tests: one table, two readers.
"""

from datetime import date, timedelta

import pytest

from dossier.rules.invalidation import dernier_jour_de_remise
from dossier.rules.stage import limite_stage_obligatoire, premier_jour_apres
from tests.rules.exemples import ANCIEN, EXEMPLES, TARD, infraction, ligne, solde_du
from tests.rules.rejeu import rejouer_ligne


@pytest.mark.parametrize("numero", EXEMPLES)
def test_exemples_de_la_loi(numero: str) -> None:
    faits, attendus = EXEMPLES[numero]
    lecture = rejouer_ligne(ligne(*faits), TARD)
    assert {jour: solde_du(lecture, jour) for jour in attendus} == attendus


@pytest.mark.parametrize(
    ("recue", "remise"),
    [
        pytest.param("2025-03-03", "2025-03-14", id="E27 lundi : J + 11"),
        pytest.param("2026-03-26", "2026-04-07", id="E27 lundi de Pâques : reporté au mardi"),
        pytest.param("2026-03-25", "2026-04-07", id="E27 dimanche de Pâques, puis lundi férié"),
        pytest.param("2026-10-31", "2026-11-12", id="11 novembre : reporté au lendemain"),
        pytest.param("2026-12-14", "2026-12-28", id="Noël un vendredi : reporté au lundi"),
        pytest.param("2027-12-21", "2028-01-03", id="1er janvier un samedi : reporté au lundi"),
    ],
)
def test_r223_3_iii_dix_jours_francs(recue: str, remise: str) -> None:
    assert dernier_jour_de_remise(date.fromisoformat(recue)) == date.fromisoformat(remise)


@pytest.mark.parametrize(
    ("notifiee", "limite"),
    [("2025-06-20", "2025-10-20"), ("2025-10-31", "2026-02-28"), ("2027-10-31", "2028-02-29")],
)
def test_r223_4_quatre_mois(notifiee: str, limite: str) -> None:
    assert limite_stage_obligatoire(date.fromisoformat(notifiee)) == date.fromisoformat(limite)


def test_l223_6_al4_un_an_et_un_jour() -> None:
    """E26: a course on 9 and 10 December 2016; the next from 11 December 2017."""
    assert premier_jour_apres(date(2016, 12, 10)) == date(2017, 12, 11)


def test_l_explication_est_celle_qu_un_conducteur_comprend() -> None:
    """The sentence that the project promises, to the letter."""
    faits = [ANCIEN, infraction("a", "2021-06-30", "2021-07-21", 1, 3)]
    rendu = rejouer_ligne(ligne(*faits), date(2022, 2, 1))["mouvements"][-1]
    assert rendu["explication"] == (
        "Votre infraction du 30/06/2021 est devenue définitive le 21/07/2021. Sans nouvelle infraction pendant six "
        "mois, le point revient le 21/01/2022."
    )


def test_au_jour_pres() -> None:
    """Points come back on the anniversary day itself: not the day before."""
    faits, _ = EXEMPLES["E01"]
    veille = rejouer_ligne(ligne(*faits), date(2025, 1, 20) - timedelta(days=1))
    assert (veille["points"], veille["prevision"][0]["date"]) == (5, "2025-01-20")
    assert rejouer_ligne(ligne(*faits), date(2025, 1, 20))["points"] == 12
