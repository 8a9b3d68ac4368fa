"""Facts that come one by one (the desk, the attestations): the same doors as the feed, and who listens is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.dispatch import Signal

from dossier.feed import LigneRefusee
from dossier.models import Fait, Mouvement
from dossier.services import record_faits, settle
from dossier.signals import dossiers_settled, faits_recorded
from tests.dossier.lignes import AU, PERMIS, dossier, importer, infraction, ligne

pytestmark = pytest.mark.django_db

RETRAIT = infraction("i1", "2026-01-10", "2026-03-01", 6)
STAGE = {
    "id": "s1",
    "type": "stage",
    "date_debut": "2026-11-18",
    "date_fin": "2026-11-19",
    "nature": "volontaire",
}
VISITE = {"id": "v1", "type": "visite_medicale", "date_visite": "2026-11-02", "avis": "apte"}


@contextmanager
def entendu(signal: Signal) -> Iterator[list[dict[str, Any]]]:
    recu: list[dict[str, Any]] = []

    def noter(**dit: Any) -> None:
        recu.append({"dossier_ids": list(dit["dossier_ids"]), "au": dit["au"]})

    signal.connect(noter, weak=False)
    try:
        yield recu
    finally:
        signal.disconnect(noter)


def test_un_stage_est_regle_et_dit() -> None:
    pose = dossier(RETRAIT)
    with entendu(dossiers_settled) as regles, entendu(faits_recorded) as ajouts:
        assert record_faits(dossier_id=pose.pk, faits=[STAGE], au=AU)
    pose.refresh_from_db()
    assert pose.points == 10
    assert regles == ajouts == [{"dossier_ids": [pose.pk], "au": AU}]


def test_deux_fois_le_meme_fait_n_ajoute_rien() -> None:
    pose = dossier(RETRAIT)
    record_faits(dossier_id=pose.pk, faits=[STAGE], au=AU)
    avant = Fait.objects.count(), Mouvement.objects.count()
    with entendu(dossiers_settled) as regles, entendu(faits_recorded) as ajouts:
        assert not record_faits(dossier_id=pose.pk, faits=[STAGE], au=AU)
    assert (Fait.objects.count(), Mouvement.objects.count()) == avant
    assert regles == ajouts == []


def test_un_fait_sans_points_est_dit_sans_settle() -> None:
    pose = dossier(RETRAIT)
    with entendu(dossiers_settled) as regles, entendu(faits_recorded) as ajouts:
        assert record_faits(dossier_id=pose.pk, faits=[VISITE], au=AU)
    assert regles == []
    assert ajouts == [{"dossier_ids": [pose.pk], "au": AU}]


A_L_ENVERS = {
    "id": "x", "type": "suspension", "date_debut": "2026-11-20", "date_fin": "2026-11-19", "nature": "administrative",
}  # fmt: skip


@pytest.mark.parametrize(
    ("fait", "raison"),
    [
        (STAGE | {"nature": "judiciaire"}, "déjà enregistré avec un autre contenu"),
        (A_L_ENVERS, "finirait avant de commencer"),
        (STAGE | {"id": "s2", "prix": 200}, "champ inconnu"),
        ({"id": "x", "type": "invalidation", "date_notification": "2020-05-05"}, "le jour même où un autre prend fin"),
    ],
    ids=["contredit", "à l'envers", "inconnu", "le jour du permis"],
)
def test_ce_qui_est_refuse_ne_laisse_rien(fait: dict[str, Any], raison: str) -> None:
    pose = dossier(RETRAIT, STAGE)
    avant = Fait.objects.count(), Mouvement.objects.count()
    # The licence of the day on which another ends needs a second licence to be a contradiction.
    faits = [fait] if fait["type"] != "invalidation" else [PERMIS | {"id": "p2", "date_obtention": "2020-05-05"}, fait]
    with pytest.raises(LigneRefusee) as refus:
        record_faits(dossier_id=pose.pk, faits=faits, au=AU)
    assert raison in refus.value.raison
    assert (Fait.objects.count(), Mouvement.objects.count()) == avant


def test_ce_qui_ecoute_et_tombe_defait_tout() -> None:
    """What is told inside the transaction is true with it, or not at all."""
    pose = dossier(RETRAIT)

    def tomber(**_dit: Any) -> None:
        raise RuntimeError

    dossiers_settled.connect(tomber, weak=False)
    try:
        with pytest.raises(RuntimeError):
            record_faits(dossier_id=pose.pk, faits=[STAGE], au=AU)
    finally:
        dossiers_settled.disconnect(tomber)
    assert not Fait.objects.filter(identifiant="s1").exists()


def test_l_import_et_la_nuit_le_disent_aussi() -> None:
    pose = dossier(infraction("i1", "2023-10-01", "2023-11-01", 3), au=AU.replace(month=10))
    with entendu(dossiers_settled) as regles:
        settle(dossier_ids=[pose.pk], au=AU)
    assert [dit["dossier_ids"] for dit in regles] == [[pose.pk]]
    with entendu(faits_recorded) as ajouts:
        importer(ligne(VISITE))
    assert [dit["dossier_ids"] for dit in ajouts] == [[pose.pk]]
