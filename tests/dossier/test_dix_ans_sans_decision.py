"""``effacer_mentions``, the one door of L. 225-2: ten years without a new decision, a whole dossier at once."""

from datetime import date
from typing import Any

import psycopg
import pytest
from django.core.management import call_command

from dossier.models import Dossier
from tests.dossier.lignes import AU, dossier, infraction

pytestmark = pytest.mark.django_db

VIEILLE = infraction("i1", "2010-01-01", "2010-02-01", 3)


def effacer(proprietaire: psycopg.Connection[Any], cle: int | None, au: str | None) -> int:
    return int(proprietaire.execute("SELECT effacer_mentions(%s, %s)", [cle, au]).fetchone()[0])


def faits(pose: Dossier) -> list[str]:
    return list(pose.faits.order_by("pk").values_list("identifiant", flat=True))


def natures(pose: Dossier) -> list[str]:
    return list(pose.mouvements.order_by("pk").values_list("nature", flat=True))


def test_dix_ans_sans_decision(proprietaire: psycopg.Connection[Any]) -> None:
    """The offence goes with its lines; the licence and the neighbour stay; the next night posts what is left, alone."""
    pose, voisin = dossier(VIEILLE), dossier(VIEILLE, neph="990175100002")
    assert natures(pose) == ["capital_initial", "retrait", "reconstitution_totale"]
    assert effacer(proprietaire, pose.pk, "2020-02-01") == 4
    assert (faits(pose), natures(pose)) == (["p1"], [])
    assert (faits(voisin), len(natures(voisin))) == (["p1", "i1"], 3)
    call_command("settle", "--au", AU.isoformat())
    pose.refresh_from_db()
    assert (natures(pose), pose.points, pose.etat) == (["capital_initial"], 12, "valide")
    call_command("verify_ledger")
    assert effacer(proprietaire, pose.pk, "2026-11-21") == 0


RECENTES = {
    "la veille des dix ans": ([], "2020-01-31"),
    "une autre infraction": ([infraction("i2", "2019-01-01", "2019-02-01", 1)], "2026-11-21"),
    "commise, pas encore définitive": ([infraction("i2", "2019-01-01", None, 1)], "2026-11-21"),
    "une suspension finie depuis peu": (
        [
            {
                "id": "s",
                "type": "suspension",
                "date_debut": "2012-01-01",
                "date_fin": "2017-01-01",
                "nature": "judiciaire",
            }
        ],
        "2026-11-21",
    ),
    "une suspension qui court": (
        [{"id": "s", "type": "suspension", "date_debut": "2012-01-01", "nature": "judiciaire"}],
        "2026-11-21",
    ),
    "une interdiction qui court": (
        [{"id": "a", "type": "annulation", "date_effet": "2012-01-01", "interdiction_mois": 240}],
        "2026-11-21",
    ),
    "une invalidation récente": (
        [{"id": "n", "type": "invalidation", "date_notification": "2017-01-01"}],
        "2026-11-21",
    ),
}


@pytest.mark.parametrize("cas", RECENTES)
def test_une_decision_recente_garde_les_anciennes(proprietaire: psycopg.Connection[Any], cas: str) -> None:
    autres, au = RECENTES[cas]
    pose = dossier(VIEILLE, *autres)
    avant = (faits(pose), natures(pose))
    assert effacer(proprietaire, pose.pk, au) == 0
    assert (faits(pose), natures(pose)) == avant


def test_une_infraction_annulee_ne_garde_rien(proprietaire: psycopg.Connection[Any]) -> None:
    annulee = infraction("i2", "2019-01-01", "2019-02-01", 1)
    annulation = {"id": "a", "type": "infraction_annulee", "infraction": "i2", "date_decision": "2020-02-01"}
    pose = dossier(VIEILLE, annulee, annulation)
    assert effacer(proprietaire, pose.pk, "2026-11-21") > 0
    assert faits(pose) == ["p1"]


def test_les_stages_et_les_lettres_de_trois_ans(proprietaire: psycopg.Connection[Any]) -> None:
    """The course of 2011 gave points that only the old offence explains; that of 2025 gave none."""
    stages = [
        {"id": f"s{jour[:4]}", "type": "stage", "date_fin": jour, "nature": "volontaire"}
        for jour in ("2011-05-02", "2023-11-21", "2025-05-02")
    ]
    lettre = {"id": "l1", "type": "lettre", "reference": "48", "fait": "i1", "date_envoi": "2010-02-10"}
    pose = dossier(VIEILLE, lettre, *stages)
    assert effacer(proprietaire, pose.pk, "2026-11-21") > 0
    assert faits(pose) == ["p1", "s2025"]
    call_command("settle", "--au", AU.isoformat())
    call_command("verify_ledger")
    assert natures(pose) == ["capital_initial", "recuperation_stage"]
    assert not pose.lettres.exists()


def test_un_permis_perdu_ne_revient_pas(proprietaire: psycopg.Connection[Any]) -> None:
    """The end of a licence stays while it is the last word; it goes with that licence once another has followed."""
    fin = {"id": "n", "type": "invalidation", "date_notification": "2011-01-01"}
    pose = dossier(VIEILLE, fin)
    assert effacer(proprietaire, pose.pk, "2026-11-21") > 0
    assert faits(pose) == ["p1", "n"]
    autre = {"id": "p2", "type": "permis_obtenu", "date_obtention": "2012-06-01", "filiere": "classique"}
    suivi = dossier(VIEILLE, fin, autre, neph="990175100002")
    assert effacer(proprietaire, suivi.pk, "2026-11-21") > 0
    assert faits(suivi) == ["p2"]
    call_command("settle", "--au", AU.isoformat())
    call_command("verify_ledger")
    pose.refresh_from_db()
    suivi.refresh_from_db()
    assert [(d.etat, d.points) for d in (pose, suivi)] == [("invalide", 0), ("valide", 12)]
    assert natures(suivi)[0] == "capital_initial"
    assert not suivi.lettres.exists(), "what is posted again calls for no letter"


def test_la_porte_se_referme(proprietaire: psycopg.Connection[Any]) -> None:
    """In the same transaction, right after an erasure; and it opens on one dossier, never on nothing."""
    pose = dossier(infraction("i1", "2023-10-01", "2023-11-01", 3), au=date(2026, 10, 31))
    with proprietaire.transaction():
        effacer(proprietaire, pose.pk, "2100-01-01")
        with pytest.raises(psycopg.errors.RestrictViolation), proprietaire.transaction():
            proprietaire.execute("DELETE FROM dossier_fait")
    for cle, avant in ((None, "2026-01-01"), (pose.pk, None)):
        with pytest.raises(psycopg.errors.NullValueNotAllowed):
            effacer(proprietaire, cle, avant)
