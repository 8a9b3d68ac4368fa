"""Who may open which dossier: the three ways of asking agree, whoever asks and whatever the dossier."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.bureau import echange, propositions
from accounts.models import PropositionLien
from documents.bureau.envoi import delivrer
from documents.models import DocumentEmis
from dossier.bureau import decisions
from dossier.bureau.ouvrables import (
    DossierFerme,
    exiger_ouvrable,
    ouvrable,
    ouvrable_sql,
    ouvrables,
    raison_du_refus,
)
from dossier.journal import Pourquoi
from dossier.models import Decision, Dossier, Journal
from mespoints.lib.visiteur import POUVOIRS, Agent
from tests.accounts.signaler import signalement
from tests.dossier.bureau import RHONE, agent
from tests.dossier.lignes import AU, dossier
from tests.tirages import tirages

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
    Decision.objects.bulk_create(map(_decision, lus))
    return lus


def _decision(pose: Dossier) -> Decision:
    return Decision(dossier=pose, departement="75", acte="infraction", faits=[], effet={}, piece="x", auteur=1)


def _par_le_fragment(qui: Agent) -> Iterator[int]:
    condition, valeurs = ouvrable_sql(qui, "d.departement", "f.dossier_id")
    with connection.cursor() as curseur:
        decisions = "dossier_decision f JOIN dossier_dossier d ON d.id = f.dossier_id"
        requete = f"SELECT f.dossier_id FROM {decisions} WHERE {condition} AND f.piece = %(piece)s"  # noqa: S608 ours
        curseur.execute(requete, valeurs | {"piece": "x"})
        yield from (cle for (cle,) in curseur.fetchall())


def _par_les_refus(qui: Agent, poses: list[Dossier]) -> Iterator[int]:
    for pose in poses:
        with suppress(DossierFerme):
            exiger_ouvrable(qui, pose.pk, Pourquoi("guichet"))
            yield pose.pk


@pytest.mark.parametrize("quoi", ["proposer", "valider", "écarter", "délivrer", "prendre", "lier"])
def test_ce_qui_ecrit_refuse_de_soi_meme(quoi: str) -> None:
    """Whatever a page has asked before: a dossier may have moved since."""
    pose, ailleurs = dossier(adresse=RHONE), Agent("validation", "33", agent("validation", "33").pk)
    decision = _decision(pose)
    decision.save()
    lien = propositions.Choix("rattacher", "", "rattacher", None, pose.pk)
    faire: dict[str, Callable[[], Any]] = {
        "proposer": lambda: decisions.proposer(
            ailleurs, dossier_id=pose.pk, acte="infraction", faits=[], piece="x", cle=uuid4(), vu="", au=AU
        ),
        "valider": lambda: decisions.valider(ailleurs, decision.pk, vu="", change_accepte=True, au=AU),
        "écarter": lambda: decisions.ecarter(ailleurs, decision.pk, refus="non"),
        "délivrer": lambda: delivrer(ailleurs, pose.pk, Pourquoi("courrier", "x")),
        "prendre": lambda: echange.prendre(ailleurs, signalement(motif="stage", dossier=pose), tenu_par=""),
        "lier": lambda: propositions.proposer(ailleurs, signalement(), lien, raisons="les mêmes"),
    }
    with pytest.raises(PermissionDenied):
        faire[quoi]()
    assert (Journal.objects.count(), DocumentEmis.objects.count(), PropositionLien.objects.count()) == (0, 0, 0)
    assert Decision.objects.get().statut == "attente"


@given(
    role=st.sampled_from(sorted(POUVOIRS)),
    departement=st.sampled_from([None, "69", "2A", "2B", "971", "97", "75", "6"]),
    sien=st.none() | st.integers(0, len(CODES) - 1),
)
@settings(max_examples=tirages(250), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_qui_ouvre_quoi_se_dit_partout_pareil(
    poses: list[Dossier], role: str, departement: str | None, sien: int | None
) -> None:
    """Against the sentence itself: one's département or nobody's, and never one's own."""
    qui = Agent(role, departement, 7, None if sien is None else poses[sien].pk)
    attendus = {
        pose.pk
        for rang, (pose, ou) in enumerate(zip(poses, CODES.values(), strict=True))
        if rang != sien and (ou is None or ou == departement)
    }
    assert set(ouvrables(qui).values_list("pk", flat=True)) == attendus
    decisions = Decision.objects.filter(ouvrable(qui, "dossier__departement", "dossier"))
    assert {decision.dossier_id for decision in decisions} == attendus
    assert set(_par_le_fragment(qui)) == attendus
    assert {pose.pk for pose in poses if not raison_du_refus(qui, pose.pk, pose.departement)} == attendus
    assert set(_par_les_refus(qui, poses)) == attendus
