"""The statut of an ADCS follows the rights, at once, and never the points."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents.code import listes, porte_cles
from documents.code.jeton import lire_adresse, verifier
from documents.models import DocumentEmis
from documents.rules.statut import Statut
from documents.tasks import revoir_les_statuts
from documents.verification import statuts
from dossier.models import Dossier
from dossier.services import record_faits, settle
from dossier.signals import dossiers_settled
from tests.documents.attestations import emettre
from tests.documents.dossiers import CAMILLE, CATEGORIES, PERTE, make_dossier, suspension
from tests.dossier.lignes import PERMIS, importer, ligne

pytestmark = pytest.mark.django_db


def jour(decalage: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=decalage)).isoformat()


def enregistrer(dossier_id: int, *faits: dict[str, Any]) -> None:
    record_faits(dossier_id=dossier_id, faits=list(faits), au=timezone.localdate())


def statut(document: DocumentEmis) -> int:
    return DocumentEmis.objects.values_list("statut", flat=True).get(pk=document.pk)


PERTE_TOTALE = [PERTE, PERTE | {"id": "i2", "date_commission": "2026-03-10", "date_definitive": "2026-04-20"}]


@pytest.mark.parametrize(
    ("cas", "faits"),
    [
        ("suspension", lambda: [suspension(jour())]),
        ("suspension commencée hier", lambda: [suspension(jour(-1), jour(30))]),
        ("éthylotest seulement", lambda: [suspension(jour(), jour(90), nature="restriction")]),
        ("annulation", lambda: [{"id": "a1", "type": "annulation", "date_effet": jour(), "interdiction_mois": 6}]),
        ("invalidation", lambda: [{"id": "v1", "type": "invalidation", "date_notification": jour()}]),
    ],
    ids=lambda valeur: valeur if isinstance(valeur, str) else "",
)
def test_a_measure_makes_the_adcs_out_of_date_in_the_same_transaction(
    cas: str, faits: Callable[[], list[dict[str, Any]]]
) -> None:
    dossier_id = make_dossier()
    document, _ = emettre(dossier_id)
    enregistrer(dossier_id, *faits())
    assert statut(document) == Statut.DROITS_CHANGES


def test_the_import_of_the_feed_does_the_same() -> None:
    dossier_id = make_dossier()
    document, _ = emettre(dossier_id)
    autre, _ = emettre(make_dossier())
    neph = Dossier.objects.get(pk=dossier_id).neph
    resultats = importer(ligne(PERMIS, suspension(jour()), neph=neph, **CAMILLE) | {"categories": CATEGORIES})
    assert resultats[0].etat == "accepte"
    assert statut(document) == Statut.DROITS_CHANGES
    assert statut(autre) == Statut.BON


@pytest.mark.parametrize(
    "categories",
    [
        CATEGORIES[:1],
        [CATEGORIES[0] | {"restrictions": []}, CATEGORIES[1]],
        [CATEGORIES[0] | {"date_fin": "2027-01-01"}, CATEGORIES[1]],
    ],
    ids=["une catégorie de moins", "une restriction de moins", "une fin plus tôt"],
)
def test_categories_that_change_make_it_out_of_date(categories: list[dict[str, Any]]) -> None:
    dossier_id = make_dossier()
    document, _ = emettre(dossier_id)
    neph = Dossier.objects.get(pk=dossier_id).neph
    importer(ligne(PERMIS, neph=neph, **CAMILLE) | {"categories": categories})
    assert statut(document) == Statut.DROITS_CHANGES


def test_points_never_change_it_not_even_the_last_one() -> None:
    """A statut that followed the points would tell them to whoever holds the document."""
    dossier_id = make_dossier()
    document, _ = emettre(dossier_id)
    enregistrer(dossier_id, PERTE)
    assert statut(document) == Statut.BON
    enregistrer(dossier_id, PERTE_TOTALE[1])
    dossier = Dossier.objects.get(pk=dossier_id)
    assert (dossier.etat, dossier.points) == ("solde_nul", 0)
    assert statut(document) == Statut.BON
    enregistrer(dossier_id, {"id": "v1", "type": "invalidation", "date_notification": jour()})
    assert statut(document) == Statut.DROITS_CHANGES


def test_who_the_driver_is_called_or_lives_changes_nothing() -> None:
    dossier_id = make_dossier()
    document, _ = emettre(dossier_id)
    neph = Dossier.objects.get(pk=dossier_id).neph
    adresse = {"lignes": ["9 rue Neuve"], "code_postal": "69001", "commune": "Lyon"}
    importer(ligne(PERMIS, neph=neph, **CAMILLE | {"adresse": adresse}) | {"categories": CATEGORIES})
    assert Dossier.objects.get(pk=dossier_id).adresse == adresse
    assert statut(document) == Statut.BON


def test_an_adcs_that_says_suspended_stops_being_true_when_the_suspension_ends() -> None:
    dossier_id = make_dossier(suspension(jour(-10), jour(-1)))
    document, _ = emettre(dossier_id, timezone.now() - timedelta(days=5))
    assert document.contenu["etat"] == "suspendu"
    assert statut(document) == Statut.BON
    revoir_les_statuts()
    assert statut(document) == Statut.DROITS_CHANGES


def test_a_suspension_told_beforehand_counts_on_its_first_day() -> None:
    dossier_id = make_dossier(suspension(jour(), jour(30)))
    document, _ = emettre(dossier_id, timezone.now() - timedelta(days=2))
    autre, _ = emettre(make_dossier(suspension(jour(2), jour(30))))
    assert document.contenu["etat"] == "valide"
    revoir_les_statuts()
    assert statut(document) == Statut.DROITS_CHANGES
    assert statut(autre) == Statut.BON


def test_what_was_withdrawn_stays_withdrawn() -> None:
    dossier_id = make_dossier()
    document, _ = emettre(dossier_id)
    assert statuts.retirer(dossier_id=dossier_id, numero=document.numero)
    enregistrer(dossier_id, suspension(jour()))
    assert statut(document) == Statut.RETIREE
    assert not statuts.retirer(dossier_id=dossier_id, numero=document.numero)


def test_only_its_holder_withdraws_an_adcs() -> None:
    document, _ = emettre(make_dossier())
    assert not statuts.retirer(dossier_id=make_dossier(), numero=document.numero)
    assert statut(document) == Statut.BON


@pytest.mark.parametrize("nombre", [1, 20])
def test_a_batch_without_any_live_adcs_costs_two_queries(nombre: int) -> None:
    """Which ADCS live, and which letters have nothing to be sent for any more: whatever the size of the batch."""
    dossier_ids = [make_dossier() for _ in range(nombre)]
    emettre(dossier_ids[0], timezone.now() - timedelta(days=200))  # expired
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        dossiers_settled.send(sender=None, dossier_ids=dossier_ids, au=timezone.localdate())
    assert len([r for r in requetes if "documents_documentemis" in r["sql"]]) == 2


def test_settling_again_changes_nothing() -> None:
    dossier_id = make_dossier()
    document, _ = emettre(dossier_id)
    settle(dossier_ids=[dossier_id], au=timezone.localdate())
    assert statut(document) == Statut.BON


def test_the_adcs_of_a_stolen_key_are_withdrawn_by_their_moment() -> None:
    now = timezone.now()
    avant, pendant, apres = (emettre(make_dossier(), now - timedelta(hours=h))[0] for h in (5, 3, 1))
    bornes = ["--du", (now - timedelta(hours=4)).isoformat(), "--au", (now - timedelta(hours=2)).isoformat()]
    sortie = StringIO()
    call_command("withdraw_adcs", *bornes, stdout=sortie)
    assert "1 ADCS à retirer" in sortie.getvalue()
    assert statut(pendant) == Statut.BON
    call_command("withdraw_adcs", *bornes, "--oui", stdout=sortie)
    assert [statut(d) for d in (avant, pendant, apres)] == [Statut.BON, Statut.ANNULEE, Statut.BON]
    with pytest.raises(CommandError, match="une date et une heure"):
        call_command("withdraw_adcs", "--du", "hier", "--au", "demain")


# --- The lists --------------------------------------------------------------------------------------------------------


def test_the_list_says_what_became_of_each_document(client, settings) -> None:
    documents = [emettre(make_dossier()) for _ in range(6)]
    DocumentEmis.objects.filter(pk=documents[1][0].pk).update(statut=1)
    DocumentEmis.objects.filter(pk=documents[2][0].pk).update(statut=2)
    DocumentEmis.objects.filter(pk=documents[5][0].pk).update(statut=3)
    now = timezone.now()
    octets = statuts.liste_signee(now=now)
    liste = listes.lire_statuts(octets, cles=porte_cles.trousseau(), maintenant=now)
    lus = []
    for _, jeton in documents:
        verdict = verifier(lire_adresse(jeton.adresse), cles=porte_cles.trousseau(), maintenant=now, statuts=liste)
        lus.append(verdict.conclusion.value)
    assert lus == ["a_jour", "plus_a_jour", "retiree", "a_jour", "a_jour", "annulee"]


def test_the_lists_are_public_signed_and_may_be_cached(client) -> None:
    emettre(make_dossier())
    for chemin in ("/verification/statuts", "/verification/cles"):
        reponse = client.get(chemin)
        assert reponse.status_code == 200
        assert reponse["Cache-Control"] == "public, max-age=60"
        assert reponse["Content-Type"] == "application/cwt"
        assert "Set-Cookie" not in reponse.headers
    cles = listes.lire_cles(reponse.content, cles=porte_cles.trousseau(), maintenant=timezone.now())
    assert [cle.kid for cle in cles] == [cle.kid for cle in porte_cles.trousseau()]


def test_without_a_key_there_is_no_list(client, settings) -> None:
    settings.ADCS_CLE = ""
    assert client.get("/verification/statuts").status_code == 404
