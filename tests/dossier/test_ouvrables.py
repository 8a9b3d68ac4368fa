"""Who may open which dossier: the three ways of asking agree, whoever asks and whatever the dossier."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossier.bureau.ouvrables import (
    DossierFerme,
    exiger_ouvrable,
    ouvrable,
    ouvrable_sql,
    ouvrables,
    raison_du_refus,
)
from dossier.models import Decision, Dossier
from mespoints.lib.visiteur import POUVOIRS, Agent
from tests.dossier.bureau import RHONE
from tests.dossier.lignes import dossier

pytestmark = pytest.mark.django_db

#: By postcode: two of Lyon, one of Corsica, one overseas, two that no département claims.
CODES = {"69002": "69", "69100": "69", "20000": "2A", "97110": "971", "99999": None, "00000": None}


@pytest.fixture
def poses() -> list[Dossier]:
    """One of each, with a decision that waits on it."""
    lus = [
        dossier(neph=f"99017510{rang:04d}", adresse=RHONE | {"code_postal": code}) for rang, code in enumerate(CODES)
    ]
    assert [pose.departement for pose in lus] == list(CODES.values())
    Decision.objects.bulk_create(
        Decision(dossier=pose, departement="75", acte="infraction", faits=[], effet={}, piece="x", auteur=1)
        for pose in lus
    )
    return lus


def _par_le_fragment(agent: Agent) -> Iterator[int]:
    condition, valeurs = ouvrable_sql(agent, "d.departement", "f.dossier_id")
    with connection.cursor() as curseur:
        decisions = "dossier_decision f JOIN dossier_dossier d ON d.id = f.dossier_id"
        requete = f"SELECT f.dossier_id FROM {decisions} WHERE {condition} AND f.piece = %(piece)s"  # noqa: S608 ours
        curseur.execute(requete, valeurs | {"piece": "x"})
        yield from (cle for (cle,) in curseur.fetchall())


def _par_les_refus(agent: Agent, poses: list[Dossier]) -> Iterator[int]:
    for pose in poses:
        with suppress(DossierFerme):
            exiger_ouvrable(agent, pose.pk)
            yield pose.pk


@given(
    role=st.sampled_from(sorted(POUVOIRS)),
    departement=st.sampled_from([None, "69", "2A", "2B", "971", "97", "75", "6"]),
    sien=st.none() | st.integers(0, len(CODES) - 1),
)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_qui_ouvre_quoi_se_dit_partout_pareil(
    poses: list[Dossier], role: str, departement: str | None, sien: int | None
) -> None:
    """Against the sentence itself: one's département or nobody's, and never one's own."""
    agent = Agent(role, departement, 7, None if sien is None else poses[sien].pk)
    attendus = {
        pose.pk
        for rang, (pose, ou) in enumerate(zip(poses, CODES.values(), strict=True))
        if rang != sien and (ou is None or ou == departement)
    }
    assert set(ouvrables(agent).values_list("pk", flat=True)) == attendus
    decisions = Decision.objects.filter(ouvrable(agent, "dossier__departement", "dossier"))
    assert {decision.dossier_id for decision in decisions} == attendus
    assert set(_par_le_fragment(agent)) == attendus
    assert {pose.pk for pose in poses if not raison_du_refus(agent, pose.pk, pose.departement)} == attendus
    assert set(_par_les_refus(agent, poses)) == attendus
