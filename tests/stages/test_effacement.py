"""What L. 225-2 makes forgotten leaves no attestation behind."""

from datetime import date

import pytest
from django.db import connection

from stages.models import AnnonceStage, Attestation
from tests.base_de_donnees import se_connecter
from tests.dossier.lignes import dossier, infraction

pytestmark = pytest.mark.django_db(transaction=True)


def test_les_attestations_partent_avec_les_faits() -> None:
    stages = [
        {"id": f"s{jour[:4]}", "type": "stage", "date_fin": jour, "nature": "volontaire"}
        for jour in ("2011-05-02", "2025-05-02")
    ]
    poses = [
        dossier(infraction("i1", "2010-01-02", "2010-02-02", 3), *stages, neph=neph)
        for neph in ("990175100001", "990175100002")
    ]
    for pose in poses:
        for fait, fin in (("s2011", date(2011, 5, 2)), ("", date(2011, 3, 2)), ("s2025", date(2025, 5, 2))):
            refus = "" if fait else "Trop court."
            Attestation.objects.create(
                dossier=pose, agrement="R1", date_debut=fin, date_fin=fin, heures=14, cas="volontaire", recue_le=fin,
                decidee_le=fin, fait=fait, refus=refus,
            )  # fmt: skip
            AnnonceStage.objects.create(dossier=pose, agrement="R1", date_fin=fin, nature="volontaire")
    with se_connecter(connection.settings_dict["NAME"], migration=True) as proprietaire:
        assert proprietaire.execute("SELECT effacer_mentions(%s, %s)", [poses[0].pk, "2026-11-21"]).fetchone()[0] > 0
    for modele in (Attestation, AnnonceStage):
        assert [modele.objects.filter(dossier=pose).count() for pose in poses] == [1, 3]
    assert Attestation.objects.get(dossier=poses[0]).fait == "s2025"
