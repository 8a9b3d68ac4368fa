"""What L. 225-2 makes forgotten leaves no document behind that tells it."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from psycopg import sql

from documents import services
from documents.models import AEnvoyer, DocumentEmis, Envoi, LettreDEnvoi, Ouverture, Verification
from documents.services import ADCS, RII
from dossier.models import Lettre
from dossier.rules.calendrier import plus_ans
from tests.base_de_donnees import se_connecter
from tests.documents.dossiers import issue
from tests.dossier.lignes import dossier, infraction

pytestmark = pytest.mark.django_db(transaction=True)

PERDUS = infraction("i1", "2010-01-02", "2010-02-02", 3)


def courrier(pose: Any, jour: date) -> DocumentEmis:
    """A letter's row as the worker writes it, opened, in a batch; its bytes do not matter here."""
    lettre = Lettre.objects.create(dossier=pose, reference="48", date=jour, fait="i1")
    emis = DocumentEmis.objects.create(
        dossier=pose, genre="lettre", numero=f"LETTRE-{lettre.pk}", modele="lettre/2026-11-21", contenu={},
        octets=b"x", sha256=sha256(b"x").hexdigest(), emis_at=timezone.now(), jour=jour, par="tache",
        lettre=lettre,
    )  # fmt: skip
    Ouverture.objects.create(document=emis, opened_at=timezone.now(), jour=jour, niveau="password")
    LettreDEnvoi.objects.create(document=emis, envoi=Envoi.objects.create(departement="69", agent=1))
    AEnvoyer.objects.create(document=emis)
    return emis


def test_les_documents_qui_le_disent_partent_avec_lui() -> None:
    poses = [dossier(PERDUS, neph=neph) for neph in ("990175100001", "990175100002")]
    for pose in poses:
        issue(RII, pose.pk)
        issue(ADCS, pose.pk)
        courrier(pose, date(2010, 2, 2))
    with se_connecter(connection.settings_dict["NAME"], migration=True) as proprietaire:
        assert proprietaire.execute("SELECT effacer_mentions(%s, %s)", [poses[0].pk, "2026-11-21"]).fetchone()[0] > 0
    restent = [sorted(pose.documents.values_list("genre", flat=True)) for pose in poses]
    assert restent == [["adcs"], ["adcs", "lettre", "rii"]]
    assert [modele.objects.count() for modele in (Ouverture, LettreDEnvoi, AEnvoyer)] == [1, 1, 1]


def test_un_an_apres_leur_fin_les_documents_s_effacent_et_rien_d_autre(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the site's own role, which may erase nothing by itself."""
    hier = timezone.localdate() - timedelta(days=1)
    un_an = plus_ans(timezone.localdate(), -1)
    passe, limite, vif = (dossier(PERDUS, neph=f"99017510000{n}") for n in range(3))
    monkeypatch.setattr(services, "PAR_LOT", 2)
    for pose, fin in ((passe, un_an - timedelta(days=1)), (limite, un_an), (vif, hier)):
        dater(fin, issue(RII, pose.pk), issue(ADCS, pose.pk), courrier(pose, date(2010, 2, 2)))
    attestation = passe.documents.get(genre="adcs")
    Verification.objects.create(document=attestation, faite_at=timezone.now(), voie="qr", conclusion="a_jour")
    assert [services.effacer_les_perimes(), services.effacer_les_perimes()] == [2, 0]
    restent = [sorted(pose.documents.values_list("genre", flat=True)) for pose in (passe, limite, vif)]
    assert restent == [["lettre"], ["adcs", "lettre", "rii"], ["adcs", "lettre", "rii"]]
    assert not Verification.objects.exists()
    with pytest.raises(ProgrammingError), transaction.atomic():
        DocumentEmis.objects.all()._raw_delete("default")


def dater(jour: date, *emis: DocumentEmis) -> None:
    """Put documents in the past, which their wall refuses: it is down meanwhile."""
    with se_connecter(connection.settings_dict["NAME"], migration=True) as proprietaire:
        proprietaire.execute("ALTER TABLE documents_documentemis DISABLE TRIGGER document_immuable")
        for document in emis:
            proprietaire.execute(
                "UPDATE documents_documentemis SET jour = %s, expire_le = CASE WHEN genre = 'adcs' THEN %s::date END"
                " WHERE id = %s",
                [jour, jour, document.pk],
            )
        proprietaire.execute("ALTER TABLE documents_documentemis ENABLE ALWAYS TRIGGER document_immuable")


@pytest.mark.parametrize("table", ["documents_documentemis", "documents_ouverture", "documents_lettredenvoi"])
def test_hors_de_l_effacement_les_murs_tiennent(table: str) -> None:
    """As the owner too, and with the flag of another dossier up."""
    pose = dossier(PERDUS)
    courrier(pose, date(2010, 2, 2))
    with se_connecter(connection.settings_dict["NAME"], migration=True) as proprietaire:
        for drapeau in ("", str(pose.pk + 1)):
            proprietaire.execute("SELECT set_config('mespoints.effacement', %s, false)", [drapeau])
            with pytest.raises(psycopg.errors.RestrictViolation):
                proprietaire.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
