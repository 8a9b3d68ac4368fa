"""Sending letters at the desk: what waits, one batch at a time, and the day it left, told once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.timezone import localdate, now

from documents import tasks
from documents.bureau import lettres
from documents.courriers import services as courriers
from documents.models import AEnvoyer, Depart, DocumentEmis, Envoi, LettreDEnvoi
from dossier.models import Dossier, Fait, Journal
from dossier.services import record_faits
from tests.accounts.parcours import texte
from tests.accounts.signaler import lie
from tests.documents.dossiers import make_dossier
from tests.documents.pdf import open_pdf, text_of
from tests.documents.test_courriers import dossier_with, perte
from tests.dossier.bureau import RHONE, au_bureau

pytestmark = pytest.mark.django_db

PAGE = "/admin/documents/envoi/"


@pytest.fixture
def sans_rendu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courriers, "produire", lambda _, contenu: f"%PDF {contenu.numero}".encode())


def a_lyon(*points: int, **autres: Any) -> list[int]:
    """A dossier of Lyon for each of these, with a letter made and waiting."""
    poses = []
    for perdus in points:
        poses.append(make_dossier(adresse=RHONE | autres))
        record_faits(dossier_id=poses[-1], faits=[perte("i1", perdus)], au=localdate())
    tasks.editer_les_lettres()
    return poses


def preparer(client: Client) -> str:
    """The address of the batch."""
    return str(client.post(PAGE)["Location"])


def parties(client: Client, page: str, jour: Any = None) -> Any:
    return client.post(page, {"parties_le": (jour or localdate()).isoformat()}, follow=True)


def test_a_batch_is_printed_then_told_to_be_gone() -> None:
    (un, deux), ailleurs = a_lyon(3, 6), dossier_with(perte("i1", 3))
    tasks.editer_les_lettres()
    scelles = dict(DocumentEmis.objects.values_list("pk", "octets"))
    client = au_bureau("instruction")
    travail = _du_jour(client, "Lettres à envoyer")
    assert (travail.nombre, travail.adresse) == (2, PAGE)
    assert travail.detail.endswith(" · Lettres 48\u00a0: 1, 48M\u00a0: 1")
    assert "Préparer un envoi de 2 lettres" in texte(client.get(PAGE))
    page = preparer(client)
    lu = texte(client.get(page))
    assert "Pas encore parties" in lu
    assert not {"MARTIN", "DUPRÉ", Dossier.objects.get(pk=un).neph} & set(lu.split()), "no look at a dossier"
    fichier = client.post(f"{page}fichier/")
    assert fichier["Content-Type"] == "application/pdf"
    assert "no-store" in fichier["Cache-Control"]
    dits = text_of(fichier.content)
    assert dits.index("3 points") < dits.index("6 points"), "oldest first"
    with open_pdf(fichier.content) as pdf:
        assert len(pdf.pages) % 4 == 0, "two letters, each on sheets of its own"
        assert "/AcroForm" not in pdf.Root
    assert dict(DocumentEmis.objects.values_list("pk", "octets")) == scelles
    assert "Date d'envoi inscrite au dossier : 2 lettres" in texte(parties(client, page))
    for dossier_id in (un, deux):
        fait = Fait.objects.get(dossier_id=dossier_id, type="lettre").contenu
        assert (fait["date_envoi"], fait["fait"]) == (localdate().isoformat(), "i1")
    assert "Aucune lettre n'attend" in texte(client.get(PAGE))
    assert not Fait.objects.filter(dossier_id=ailleurs, type="lettre").exists()
    assert list(AEnvoyer.objects.values_list("document__dossier_id", flat=True)) == [ailleurs]


@pytest.mark.usefixtures("sans_rendu")
def test_its_holder_reads_that_a_letter_was_prepared_then_sent_and_no_point_moves() -> None:
    (dossier_id,) = a_lyon(3)
    client, avant = au_bureau("instruction"), Dossier.objects.get(pk=dossier_id)
    parties(client, preparer(client))
    assert list(Journal.objects.order_by("pk").values_list("acte", "dossier_id")) == [
        ("lettre", dossier_id),
        ("envoi", dossier_id),
    ]
    apres = Dossier.objects.get(pk=dossier_id)
    assert (apres.points, apres.etat) == (avant.points, avant.etat)
    titulaire = Client()
    titulaire.force_login(lie(apres).user)
    lu = texte(titulaire.get("/mes-points/consultations/"))
    assert "a préparé l'envoi d'une lettre qui vous est adressée" in lu
    assert "a envoyé une lettre qui vous est adressée" in lu
    assert "envoi n°" not in lu


@pytest.mark.usefixtures("sans_rendu")
def test_a_departure_is_told_once_on_a_day_that_was() -> None:
    a_lyon(3)
    client, collegue = au_bureau("instruction"), au_bureau("validation")
    page = preparer(client)
    for jour, dit in (
        (localdate() + timedelta(days=1), "à venir"),
        (localdate() - timedelta(days=1), "préparé que le"),
    ):
        reponse = parties(client, page, jour)
        assert reponse.status_code == 422
        assert dit in texte(reponse)
    assert client.post(page, {"parties_le": "hier"}).status_code == 422
    assert not Depart.objects.exists()
    parties(collegue, page)
    assert "déjà dit" in texte(parties(client, page))
    assert (Depart.objects.count(), Fait.objects.filter(type="lettre").count()) == (1, 1)
    refus = client.post(f"{page}fichier/", follow=True)
    assert "ne se télécharge plus" in texte(refus)
    assert "Parties le" in texte(refus)


def test_the_file_is_had_again_until_then_and_a_colleague_leaves_a_trace() -> None:
    a_lyon(3)
    client, collegue = au_bureau("instruction"), au_bureau("instruction")
    page = preparer(client)
    memes = [text_of(qui.post(f"{page}fichier/").content) for qui in (client, client, collegue)]
    assert len(set(memes)) == 1
    assert Journal.objects.filter(acte="lettre").count() == 2
    assert client.get(f"{page}fichier/").status_code == 405


@pytest.mark.usefixtures("sans_rendu")
def test_what_the_file_tells_to_be_sent_waits_no_longer() -> None:
    connue, dite_apres, sans_cause = a_lyon(3, 3, 3)
    envoyee = {"id": "l1", "type": "lettre", "reference": "48", "fait": "i1", "date_envoi": localdate().isoformat()}
    record_faits(dossier_id=connue, faits=[envoyee], au=localdate())
    record_faits(dossier_id=sans_cause, faits=[envoyee | {"fait": "autre"}], au=localdate())
    assert AEnvoyer.objects.count() == 2
    client = au_bureau("instruction")
    page = preparer(client)
    record_faits(dossier_id=dite_apres, faits=[envoyee], au=localdate())
    lu = texte(parties(client, page))
    assert "inscrite au dossier : 1 lettre" in lu
    assert "laissé tel quel : 1 lettre" in lu
    assert Fait.objects.filter(dossier_id=dite_apres, type="lettre").count() == 1


@pytest.mark.usefixtures("sans_rendu")
def test_a_refusal_stops_no_other_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    from dossier.feed import LigneRefusee

    ratee, bonne = a_lyon(3, 3)
    inscrire = lettres.record_acheminement

    def parfois(*, numero: str, **reste: Any) -> bool:
        if DocumentEmis.objects.get(numero=numero).dossier_id == ratee:
            raise LigneRefusee("trop de faits")
        return inscrire(numero=numero, **reste)

    monkeypatch.setattr(lettres, "record_acheminement", parfois)
    client = au_bureau("instruction")
    lu = texte(parties(client, preparer(client)))
    assert "le dossier refuse cette date (trop de faits)" in lu
    assert list(Fait.objects.filter(type="lettre").values_list("dossier_id", flat=True)) == [bonne]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("sans_rendu")
def test_a_ledger_that_does_not_add_up_stops_no_other_letter(grand_livre_ouvert: Any) -> None:
    faux, juste = a_lyon(3, 3)
    perdu = "UPDATE dossier_mouvement SET solde = 3 WHERE nature = 'retrait' AND dossier_id = %s"
    assert grand_livre_ouvert(perdu, [faux]) == 1
    Dossier.objects.filter(pk=faux).update(points=3)
    client = au_bureau("instruction")
    page = preparer(client)
    assert "le dossier refuse cette date (son grand livre est à vérifier)" in texte(parties(client, page))
    assert list(Fait.objects.filter(type="lettre").values_list("dossier_id", flat=True)) == [juste]
    assert "déjà dit" in texte(parties(client, page))


@pytest.mark.usefixtures("sans_rendu")
def test_neither_another_departement_s_nor_one_s_own_and_nobody_s_is_anybody_s() -> None:
    a_lyon(3, code_postal="33000")
    (perdue,) = a_lyon(3, code_postal="99999")
    (sienne,) = a_lyon(3)
    client = au_bureau("instruction", dossier_id=sienne)
    preparer(client)
    assert list(LettreDEnvoi.objects.values_list("document__dossier_id", flat=True)) == [perdue]
    assert au_bureau("instruction", "33").get(f"{PAGE}{Envoi.objects.get().pk}/").status_code == 403
    d_un_collegue = preparer(au_bureau("instruction"))
    assert client.get(d_un_collegue).status_code == 403
    assert client.post(f"{d_un_collegue}fichier/").status_code == 403
    assert _du_jour(client, "Envois préparés, pas encore partis").nombre == 1


@pytest.mark.usefixtures("sans_rendu")
def test_a_hundred_at_most_and_a_letter_without_address_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettres, "PAR_ENVOI", 2)
    poses = [*a_lyon(3), _sans_adresse(), *a_lyon(3)]
    client = au_bureau("instruction")
    assert "1 lettre sans adresse postale" in texte(client.get(PAGE))
    page = preparer(client)
    assert set(LettreDEnvoi.objects.values_list("document__dossier_id", flat=True)) == set(poses[:2])
    assert texte(client.get(page)).count("sans adresse") == 1
    assert _du_jour(client, "Lettres à envoyer").nombre == 1
    assert _du_jour(client, "Envois préparés, pas encore partis").nombre == 1


@pytest.mark.usefixtures("sans_rendu")
def test_a_late_letter_presses(monkeypatch: pytest.MonkeyPatch) -> None:
    a_lyon(3)
    client = au_bureau("instruction")
    assert not _du_jour(client, "Lettres à envoyer").presse
    monkeypatch.setattr("documents.admin.now", lambda: now() + timedelta(days=8))
    assert _du_jour(client, "Lettres à envoyer").presse


def _du_jour(client: Client, titre: str) -> Any:
    (travail,) = [travail for travail in client.get("/admin/").context["travaux"] if travail.titre == titre]
    return travail


def _sans_adresse() -> int:
    dossier_id = make_dossier(adresse=None)
    record_faits(dossier_id=dossier_id, faits=[perte("i1", 3)], au=localdate())
    tasks.editer_les_lettres()
    return dossier_id


@pytest.mark.usefixtures("sans_rendu")
def test_a_batch_is_never_changed() -> None:
    a_lyon(3)
    client = au_bureau("instruction")
    parties(client, preparer(client))
    for table in ("envoi", "lettredenvoi", "depart"):
        for requete in ("UPDATE documents_{} SET id = 0", "DELETE FROM documents_{}"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(requete.format(table))


# --- Two agents -------------------------------------------------------------------------------------------------------


def _ensemble(clients: list[Client]) -> list[int]:
    """Each prepares a batch at the same moment; the answers' codes."""
    depart, codes = threading.Barrier(len(clients), timeout=60), []

    def une(client: Client) -> None:
        try:
            depart.wait()
            codes.append(client.post(PAGE).status_code)
        finally:
            connection.close()

    fils = [threading.Thread(target=une, args=[client]) for client in clients]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return codes


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("sans_rendu")
def test_two_agents_at_once_take_different_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettres, "PAR_ENVOI", 2)
    poses = a_lyon(3, 3, 3, 3)
    assert _ensemble([au_bureau("instruction") for _ in range(2)]) == [302, 302]
    assert sorted(LettreDEnvoi.objects.values_list("document__dossier_id", flat=True)) == sorted(poses)
    assert [e.combien for e in lettres.list_envois_ouverts(_du_rhone())] == [2, 2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("sans_rendu")
def test_without_the_lock_both_reach_for_the_same_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: two who read without locking see the same letters, and only the database's last wall stops one."""
    rendez_vous, vues = threading.Barrier(2, timeout=60), []
    a_lyon(3)

    def sans_verrou(agent: Any) -> list[tuple[int, int]]:
        prises = lettres._lire(lettres.PRENDRE.replace("FOR UPDATE OF a SKIP LOCKED", ""), agent)
        vues.append(prises)
        if len(vues) <= 2:
            rendez_vous.wait()
        return prises

    monkeypatch.setattr(lettres, "_prendre", sans_verrou)
    _ensemble([au_bureau("instruction") for _ in range(2)])
    assert vues[0] == vues[1] != []
    assert Envoi.objects.count() == 1


def _du_rhone() -> Any:
    from mespoints.lib.visiteur import Agent

    return Agent("instruction", "69", 0)
