"""Issued documents: one row each, the same bytes the same day, ten an hour, one at a time, and nothing to retouch."""

import html
import json
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from documents import selectors, services
from documents.code.code_court import en_groupes
from documents.contenus import CachetIndisponible, RenduImpossible, SansPermis, TropDeDocuments
from documents.models import DocumentEmis
from documents.rules.statut import Statut
from documents.services import ADCS, RII, RIR
from dossier.models import Mouvement
from dossier.services import record_faits
from mespoints.lib.visiteur import NIVEAU_FC
from tests.base_de_donnees import attendre_des_verrous
from tests.documents.dossiers import PERTE, client_of, issue, make_dossier, suspension
from tests.documents.pdf import text_of

pytestmark = pytest.mark.django_db

MATIN = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture
def sans_rendu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing and sealing take no time, where neither is what is tested."""
    monkeypatch.setattr(
        services, "produire", lambda modele, contenu, verifiable=None: f"%PDF {contenu.numero}".encode()
    )


# --- One row ----------------------------------------------------------------------------------------------------------


def test_a_row_holds_what_was_handed_over() -> None:
    dossier_id = make_dossier(PERTE)
    response = client_of(dossier_id).post("/mes-documents/adcs/")
    emis = DocumentEmis.objects.get(dossier_id=dossier_id)
    assert bytes(emis.octets) == response.content
    assert (emis.genre, emis.modele, emis.par, emis.niveau) == ("adcs", "adcs/2026-11-21", "titulaire", "password")
    assert emis.rang == Mouvement.objects.filter(dossier_id=dossier_id).latest("pk").pk
    assert emis.jour == timezone.localdate()
    assert emis.contenu["numero"] == emis.numero
    assert emis.contenu["categories"][0]["code"] == "B"
    assert (emis.statut, len(bytes(emis.cti or b"")), emis.index_statut is not None) == (Statut.BON, 16, True)
    texte = text_of(response.content)
    assert emis.numero in texte
    assert en_groupes(emis.code_court or "") in texte
    assert "point" not in json.dumps(emis.contenu)


def test_the_other_kinds_have_no_token() -> None:
    dossier_id = make_dossier()
    for modele in (RIR, RII):
        emis = issue(modele, dossier_id)
        assert (emis.cti, emis.index_statut, emis.code_court, emis.expire_le) == (None, None, None, None)
        assert emis.numero.startswith(modele.genre.upper())


def test_the_level_of_the_session_is_kept() -> None:
    dossier_id = make_dossier()
    client = client_of(dossier_id)
    session = client.session
    session["niveau"] = NIVEAU_FC
    session.save()
    client.post("/mes-documents/rii/")
    assert DocumentEmis.objects.get(dossier_id=dossier_id).niveau == NIVEAU_FC


# --- The same day -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sans_rendu")
@pytest.mark.parametrize("modele", [ADCS, RIR, RII], ids=lambda modele: modele.genre)
def test_the_same_day_the_same_bytes_and_the_next_day_others(modele: services.Modele) -> None:
    dossier_id = make_dossier(PERTE)
    premier = issue(modele, dossier_id, MATIN)
    assert issue(modele, dossier_id, MATIN + timedelta(hours=14, minutes=59)).pk == premier.pk
    assert issue(modele, dossier_id, MATIN + timedelta(hours=15)).pk != premier.pk  # midnight in Paris


@pytest.mark.usefixtures("sans_rendu")
@pytest.mark.parametrize("statut", [Statut.DROITS_CHANGES, Statut.RETIREE])
def test_a_document_withdrawn_is_not_given_again(statut: int) -> None:
    dossier_id = make_dossier()
    premier = issue(ADCS, dossier_id, MATIN)
    DocumentEmis.objects.filter(pk=premier.pk).update(statut=statut)
    assert issue(ADCS, dossier_id, MATIN).pk != premier.pk


@pytest.mark.usefixtures("sans_rendu")
def test_what_changed_meanwhile_makes_another_document() -> None:
    dossier_id = make_dossier()
    premier = issue(ADCS, dossier_id, MATIN)
    record_faits(dossier_id=dossier_id, faits=[suspension("2026-11-21")], au=MATIN.date())
    second = issue(ADCS, dossier_id, MATIN)
    assert (premier.contenu["etat"], second.contenu["etat"]) == ("valide", "suspendu")


def test_a_suspension_recorded_while_the_file_is_drawn_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier_id, dessines = make_dossier(), []

    def produire(modele: str, contenu: Any, verifiable: Any = None) -> bytes:
        if not dessines:
            record_faits(dossier_id=dossier_id, faits=[suspension("2026-11-21")], au=MATIN.date())
        dessines.append(contenu.etat)
        return b"%PDF"

    monkeypatch.setattr(services, "produire", produire)
    assert issue(ADCS, dossier_id, MATIN).contenu["etat"] == "suspendu"
    assert dessines == ["valide", "suspendu"]
    assert DocumentEmis.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_get_one_document(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """While one is drawn, the others wait at its lock. The failing twin: without it, each click draws its own."""
    settings.WEB_THREADS = 8  # four of which may issue at once
    dossier_id, autre = make_dossier(), make_dossier()
    lire, lus, ensemble = selectors.get_attestation, [], Barrier(4, timeout=60)

    def clic(cle: int) -> None:
        try:
            lus.append(issue(ADCS._replace(lire=lire), cle, MATIN).pk)
        finally:
            connection.close()

    gardes = (
        (dossier_id, services._un_a_la_fois, lambda: attendre_des_verrous(3)),
        (autre, lambda _: None, ensemble.wait),
    )
    for cle, verrou, attendre in gardes:
        monkeypatch.setattr(services, "_un_a_la_fois", verrou)
        monkeypatch.setattr(services, "produire", lambda *_, attendre=attendre: (attendre(), b"%PDF")[1])
        fils = [Thread(target=clic, args=[cle]) for _ in range(4)]
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join()
    assert DocumentEmis.objects.filter(dossier_id=dossier_id).count() == 1
    assert DocumentEmis.objects.filter(dossier_id=autre).count() > 1
    assert len(lus) == 8


# --- Refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sans_rendu")
def test_ten_an_hour_then_a_page_that_says_when() -> None:
    dossier_id, client = make_dossier(), None
    depart = timezone.now() - timedelta(minutes=40)
    for n in range(services.PAR_HEURE):
        emis = issue(ADCS, dossier_id, depart + timedelta(minutes=n))
        DocumentEmis.objects.filter(pk=emis.pk).update(statut=Statut.RETIREE)
    with pytest.raises(TropDeDocuments) as refus:
        issue(ADCS, dossier_id, depart + timedelta(minutes=40))
    assert refus.value.attente == 20 * 60
    client = client_of(dossier_id)
    response = client.post("/mes-documents/adcs/")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 20 * 60
    assert "dans 20 minutes" in html.unescape(response.content.decode())
    assert issue(ADCS, dossier_id, depart + timedelta(minutes=61)).pk
    assert issue(ADCS, make_dossier(), depart + timedelta(minutes=40)).pk  # each driver has ten


def test_without_a_key_nothing_is_issued_and_a_page_says_so(settings: Settings, caplog: Any) -> None:
    settings.CACHET_CLE = ""
    dossier_id = make_dossier()
    client = client_of(dossier_id)
    for page in ("adcs", "rir"):
        caplog.clear()
        response = client.post(f"/mes-documents/{page}/")
        assert response.status_code == 503
        dites = [ligne for ligne in caplog.records if ligne.name.startswith("documents")]
        assert [(d.levelname, d.getMessage(), d.reason) for d in dites] == [
            ("WARNING", "document_not_issued", "no key of the seal is set")
        ]
        assert "Demandez-le de nouveau" in response.content.decode()
        assert "documents/sans_cachet.html" in [t.name for t in response.templates]
        assert client.get(f"/mes-documents/{page}/").status_code == 200  # what it would say can still be read
    with pytest.raises(CachetIndisponible):
        issue(RII, dossier_id)
    assert not DocumentEmis.objects.exists()


def test_nothing_is_kept_of_a_document_that_could_not_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def echouer(*_: Any) -> bytes:
        raise RenduImpossible

    monkeypatch.setattr(services, "produire", echouer)
    with pytest.raises(RenduImpossible):
        issue(ADCS, make_dossier())
    with pytest.raises(SansPermis):
        issue(RIR, make_dossier(permis=False, categories=[]))
    assert not DocumentEmis.objects.exists()


# --- Nothing to retouch -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sans_rendu")
@pytest.mark.parametrize(
    "requete",
    [
        "UPDATE documents_documentemis SET octets = 'x'",
        "UPDATE documents_documentemis SET contenu = '{}'",
        "UPDATE documents_documentemis SET emis_at = now(), statut = 3",
        "DELETE FROM documents_documentemis",
        "TRUNCATE documents_documentemis CASCADE",
        "ALTER TABLE documents_documentemis DISABLE TRIGGER USER",
    ],
)
def test_the_application_may_not_retouch_a_document(requete: str) -> None:
    issue(ADCS, make_dossier())
    with pytest.raises(DatabaseError, match="permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(requete)


@pytest.mark.usefixtures("sans_rendu")
@pytest.mark.django_db(transaction=True)
def test_nor_may_the_owner_of_the_tables_by_a_slip() -> None:
    from tests.base_de_donnees import se_connecter

    emis = issue(ADCS, make_dossier())
    with se_connecter(connection.settings_dict["NAME"], migration=True) as proprietaire:
        for requete in (
            "UPDATE documents_documentemis SET numero = 'ADCS-00000-00000'",
            "DELETE FROM documents_documentemis",
            "TRUNCATE documents_documentemis CASCADE",
        ):
            with pytest.raises(Exception, match="refusé sur documents_documentemis"):
                proprietaire.execute(requete)
        proprietaire.execute("UPDATE documents_documentemis SET statut = 1")
    emis.refresh_from_db()
    assert emis.statut == Statut.DROITS_CHANGES


@pytest.mark.usefixtures("sans_rendu")
def test_bytes_that_are_not_those_of_the_digest_are_refused() -> None:
    emis = issue(ADCS, make_dossier())
    emis.pk, emis.numero, emis.octets = None, "ADCS-AUTRE-AUTRE", b"autre"
    emis.cti, emis.index_statut, emis.code_court = b"x" * 16, 10**9, "autre"
    with pytest.raises(DatabaseError, match="document_empreinte"), transaction.atomic():
        emis.save(force_insert=True)
