"""The public page: what an officer reads, by QR and by typed code, and what nobody can learn from it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from threading import Barrier
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from documents.code import code_court
from documents.code.jeton import PREFIXE
from documents.models import DocumentEmis, Verification
from documents.rules.statut import Statut
from documents.verification import services as verifications
from dossier.services import record_faits
from tests.documents.attestations import emettre
from tests.documents.dossiers import PERTE, SOLDE_NUL, client_of, make_dossier, suspension
from tests.documents.jetons import signer
from tests.documents.test_corpus_adcs import CORPUS

pytestmark = pytest.mark.django_db
ADRESSE = "/verification/"


def texte(reponse: Any) -> str:
    """What the page says, spaces made plain."""
    corps = re.search(r"<main[^>]*>(.*)</main>", reponse.content.decode(), re.DOTALL)
    assert corps
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", corps[1]))).replace(" :", " :").strip()


def verifier(code: str, client: Client | None = None) -> str:
    reponse = (client or Client()).post(ADRESSE, {"code": code})
    assert reponse.status_code == 200
    return texte(reponse)


def jour(decalage: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=decalage)).isoformat()


# --- What is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("voie", ["qr", "code"])
def test_a_good_adcs_reads_the_same_by_either_way(voie: str) -> None:
    document, jeton = emettre(make_dossier())
    code = jeton.adresse if voie == "qr" else code_court.en_groupes(document.code_court).lower()
    page = verifier(code)
    assert page.startswith("Authentique et à jour Peut conduire : B, C Les droits n'ont pas changé depuis l'émission.")
    for fait in (
        "Nom de naissance MARTIN", "Prénoms Camille, Anne", "Numéro de dossier (NEPH) " + document.contenu["neph"],
        "01.06 : port de lunettes ou de lentilles de contact", "Jusqu'au 02/03/2090", "sans limite de durée",
        "L'attestation ne porte pas de photo",
    ):  # fmt: skip
        assert fait in page, fait
    heure = timezone.localtime(document.emis_at)
    assert f"Émise le (heure de Paris) {heure:%d/%m/%Y} à {heure:%H} h {heure:%M}" in page
    assert Verification.objects.values_list("voie", "conclusion").get() == (voie, "a_jour")


def test_nothing_of_points_nor_address_is_shown() -> None:
    for faits in ([PERTE], SOLDE_NUL):
        _, jeton = emettre(make_dossier(*faits))
        page = verifier(jeton.adresse)
        assert page.startswith("Authentique et à jour Peut conduire")
        assert "point" not in page
        assert "Érables" not in page
        assert "Secret" not in page


def test_all_points_lost_reads_as_no_point_lost() -> None:
    _, avec = emettre(make_dossier())
    _, sans = emettre(make_dossier(*SOLDE_NUL))
    neph = re.compile(r"99\d{10}")
    assert neph.sub("", verifier(avec.adresse)) == neph.sub("", verifier(sans.adresse))


def test_a_suspended_driver_is_said_not_to_drive_first() -> None:
    _, jeton = emettre(make_dossier(suspension(jour(-3), jour(20))))
    page = verifier(jeton.adresse)
    assert page.startswith(
        "Ne peut pas conduire : permis suspendu Attestation authentique et à jour. Les droits n'ont pas changé"
    )
    assert "Peut conduire" not in page
    assert "mp-verdict--non" in Client().post(ADRESSE, {"code": jeton.adresse}).content.decode()


def test_vehicles_with_an_interlock_only_are_said_at_once() -> None:
    _, jeton = emettre(make_dossier(suspension(jour(-3), jour(20), nature="restriction")))
    page = verifier(jeton.adresse)
    assert page.index("éthylotest") < page.index("À comparer")


def test_rights_that_changed_are_told_without_a_reason() -> None:
    dossier_id = make_dossier()
    document, jeton = emettre(dossier_id)
    record_faits(dossier_id=dossier_id, faits=[suspension(jour())], au=timezone.localdate())
    for code in (jeton.adresse, document.code_court):
        page = verifier(code)
        assert page.startswith("Ne pas accepter : ce document n'est plus à jour Demandez-en un récent à son titulaire.")
        assert "suspen" not in page
        assert "Peut conduire" not in page
        assert "01.06" not in page
        assert "MARTIN" in page  # whose it was, to see that it is the right document


def test_a_right_that_changed_behind_the_statut_is_seen_by_the_check_itself() -> None:
    """A suspension known beforehand, at midnight, before the task of the night."""
    dossier_id = make_dossier(suspension(jour(), jour(30)))
    document, jeton = emettre(dossier_id, timezone.now() - timedelta(days=2))
    assert "n'est plus à jour" in verifier(jeton.adresse)
    document.refresh_from_db()
    assert document.statut == Statut.DROITS_CHANGES


@pytest.mark.parametrize(
    ("statut", "attendu"),
    [(2, "Ne pas accepter : document retiré par son titulaire"),
     (3, "Ne pas accepter : document retiré par l'administration")],
)  # fmt: skip
def test_a_withdrawn_adcs_is_refused(statut: int, attendu: str) -> None:
    document, jeton = emettre(make_dossier())
    DocumentEmis.objects.filter(pk=document.pk).update(statut=statut)
    assert verifier(jeton.adresse).startswith(attendu)
    assert verifier(document.code_court).startswith(attendu)


def test_an_expired_adcs_is_refused() -> None:
    document, jeton = emettre(make_dossier(), timezone.now() - timedelta(days=130))
    assert verifier(jeton.adresse).startswith("Ne pas accepter : document expiré")
    assert verifier(document.code_court).startswith("Ne pas accepter : document expiré")


def test_a_code_signed_by_nobody_we_know_is_refused_and_shows_nothing() -> None:
    page = verifier(signer().adresse)
    assert page.startswith("Ne pas accepter : signature inconnue")
    assert "DUPRÉ" not in page


def test_a_code_that_our_key_signed_and_nobody_issued_is_refused() -> None:
    document, jeton = emettre(make_dossier())
    autre, _ = emettre(make_dossier())
    from documents.code import porte_cles
    from documents.selectors import get_attestation

    faux = porte_cles.attester(
        get_attestation(document.dossier_id, now=timezone.now()), cti=bytes(autre.cti), index_statut=7_000_000
    )
    assert verifier(jeton.adresse).startswith("Authentique")
    assert verifier(faux.adresse).startswith("Ne pas accepter : ce n'est pas une attestation authentique")


def test_sans_script_la_page_dit_de_taper_le_code() -> None:
    """What follows the # of a scanned address is never sent: only a script, or the officer, brings it."""
    (dit,) = re.findall(r"<noscript>(.*?)</noscript>", unescape(Client().get(ADRESSE).content.decode()), re.DOTALL)
    assert "tapez le code imprimé à côté, ou collez ici l'adresse scannée" in dit


# --- What is posted ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["", "   ", "x" * 9000, "7K3Q-MXW2", "É" * 16, "{{7*7}}", "<script>"])
def test_what_is_no_code_is_explained_on_the_form(code: str) -> None:
    reponse = Client().post(ADRESSE, {"code": code})
    assert reponse.status_code == 200
    assert "Le code n'a pas pu être vérifié" in texte(reponse)
    assert not Verification.objects.exists()


def test_a_typing_mistake_is_told_as_one() -> None:
    document, _ = emettre(make_dossier())
    assert document.code_court
    faux = ("1" if document.code_court[0] != "1" else "2") + document.code_court[1:]
    assert "Un caractère de ce code est faux" in verifier(faux)


def test_a_code_that_nobody_was_given_is_not_authentic() -> None:
    assert verifier(code_court.tirer()).startswith("Ne pas accepter : ce n'est pas une attestation authentique")


ABIMER = {
    "coupée par un retour à la ligne": lambda a: f"{a[:90]}\r\n{a[90:]}",
    "coupée par des espaces": lambda a: " ".join(a[i : i + 70] for i in range(0, len(a), 70)),
    "codée en pourcents": lambda a: quote(a, safe=""),
    "à moitié codée": lambda a: a.replace("#", "%23"),
    "finie par un point": lambda a: f"{a}.",
    "entre parenthèses": lambda a: f"({a})",
    "entre chevrons": lambda a: f"<{a}>",
    "entre guillemets": lambda a: f"« {a} »",
}


@pytest.mark.parametrize("comment", ABIMER)
def test_une_adresse_abimee_par_un_messager_se_lit(comment: str) -> None:
    _, jeton = emettre(make_dossier())
    assert verifier(ABIMER[comment](jeton.adresse)).startswith("Authentique et à jour")


@pytest.mark.parametrize("casser", [str.upper, lambda a: a[:-40], lambda a: a[:60], lambda a: a.replace("#", "#x")])
def test_une_adresse_qu_on_ne_peut_pas_lire_n_est_pas_dite_fausse(casser) -> None:
    """Red is for what a signature contradicts: the holder of a genuine one is not called a forger."""
    _, jeton = emettre(make_dossier())
    dit = verifier(casser(jeton.adresse))
    assert "Ce code est incomplet ou mal copié" in dit
    assert "pas une attestation authentique" not in dit
    assert not Verification.objects.exists()


def test_the_attacks_of_the_corpus_are_refused_by_the_page() -> None:
    from base64 import urlsafe_b64encode

    client = Client()
    for cas, faire in CORPUS.items():
        code = PREFIXE + urlsafe_b64encode(faire()).decode().rstrip("=")
        if len(code) > 8192 or code == PREFIXE:
            continue
        dit = verifier(code, client)
        assert dit.startswith("Ne pas accepter") or "incomplet ou mal copié" in dit, cas
        assert "Authentique" not in dit, cas


def test_anything_else_in_the_form_is_not_an_error() -> None:
    for donnees in ({}, {"autre": "x"}, {"code": "#"}, {"code": "/"}, {"code": "ADC1."}):
        assert Client().post(ADRESSE, donnees).status_code == 200
    assert Client().post(ADRESSE, b"\xff\xfe", content_type="application/octet-stream").status_code == 200
    assert Client().put(ADRESSE).status_code == 405


def test_the_answer_is_kept_by_no_cache_and_asks_for_the_csrf_token() -> None:
    _, jeton = emettre(make_dossier())
    assert "no-store" in Client().post(ADRESSE, {"code": jeton.adresse})["Cache-Control"]
    assert Client(enforce_csrf_checks=True).post(ADRESSE, {"code": jeton.adresse}).status_code == 403


# --- What is forgotten ------------------------------------------------------------------------------------------------


def test_old_checks_of_expired_documents_are_forgotten() -> None:
    ancien, _ = emettre(make_dossier(), timezone.now() - timedelta(days=200))
    present, _ = emettre(make_dossier())
    for document in (ancien, present):
        verifier(document.code_court)
    verifications.oublier(now=timezone.now())
    assert list(Verification.objects.values_list("document", flat=True)) == [present.pk]


# --- The holder -------------------------------------------------------------------------------------------------------


def test_the_holder_sees_each_check_and_nobody_elses() -> None:
    dossier_id = make_dossier()
    document, jeton = emettre(dossier_id)
    verifier(jeton.adresse)
    verifier(document.code_court)
    page = texte(client_of(dossier_id).get("/mes-documents/verifications/"))
    assert "par le code QR : authentique et à jour." in page
    assert "par le code à seize caractères : authentique et à jour." in page
    assert document.numero in page
    assert document.numero not in texte(client_of(make_dossier()).get("/mes-documents/verifications/"))
    assert document.numero not in texte(client_of(None).get("/mes-documents/verifications/"))


@pytest.mark.parametrize("nombre", [1, 20])
def test_the_page_of_the_holder_takes_as_many_queries_with_many(
    nombre: int, django_assert_max_num_queries: Any
) -> None:
    dossier_id = make_dossier()
    for _ in range(nombre):
        document, _ = emettre(dossier_id)
        Verification.objects.create(document=document, faite_at=timezone.now(), voie="qr", conclusion="a_jour")
    client = client_of(dossier_id)
    client.get("/mes-documents/verifications/")
    with django_assert_max_num_queries(8):
        client.get("/mes-documents/verifications/")


def test_the_holder_withdraws_it_and_it_is_refused_at_once() -> None:
    dossier_id = make_dossier()
    document, jeton = emettre(dossier_id)
    client = client_of(dossier_id)
    chemin, numero = "/mes-documents/verifications/retirer/", {"numero": document.numero}
    assert client.get(chemin).status_code == 405
    assert client_of(make_dossier()).post(chemin, numero).status_code == 302  # another holder's: nothing happens
    assert client.post(chemin, {"numero": "ADCS-00000-00000\ufffd"}).status_code == 302
    assert verifier(jeton.adresse).startswith("Authentique")
    assert client.post(chemin, numero).status_code == 302
    assert verifier(jeton.adresse).startswith("Ne pas accepter : document retiré par son titulaire")
    assert "Retirée par vous." in texte(client.get("/mes-documents/verifications/"))


def test_a_check_says_nothing_of_who_checked() -> None:
    assert {champ.name for champ in Verification._meta.get_fields()} == {
        "id", "document", "faite_at", "voie", "conclusion",
    }  # fmt: skip


# --- At the same moment -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twenty_checks_at_once_do_not_pass_the_limit() -> None:
    document, _ = emettre(make_dossier())
    now = timezone.now()
    Verification.objects.bulk_create(
        Verification(document=document, faite_at=now - timedelta(minutes=5), voie="qr", conclusion="a_jour")
        for _ in range(55)
    )
    depart = Barrier(20)

    def essayer(_: int) -> bool:
        depart.wait()
        try:
            verifications.verifier_code(document.code_court or "", now=now, essayer=lambda _: None)
        except verifications.TropDeVerifications:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as fils:
        assert sum(fils.map(essayer, range(20))) == 5
    assert Verification.objects.count() == 60


@pytest.mark.django_db(transaction=True)
def test_the_statut_and_the_suspension_are_seen_at_the_same_instant() -> None:
    """Another connection sees neither before the transaction ends, and both after; a rollback undoes both."""
    dossier_id = make_dossier()
    document, jeton = emettre(dossier_id)
    faits, au = [suspension(jour())], timezone.localdate()

    def vu_d_ailleurs() -> str:
        with ThreadPoolExecutor(1) as ailleurs:
            return ailleurs.submit(_lire_ailleurs, jeton.adresse).result()

    with transaction.atomic():
        record_faits(dossier_id=dossier_id, faits=faits, au=au)
        assert vu_d_ailleurs() == "a_jour"
        transaction.set_rollback(True)
    document.refresh_from_db()
    assert document.statut == Statut.BON
    record_faits(dossier_id=dossier_id, faits=faits, au=au)
    document.refresh_from_db()
    assert document.statut == Statut.DROITS_CHANGES
    assert vu_d_ailleurs() == "plus_a_jour"


def _lire_ailleurs(adresse: str) -> str:
    try:
        verdict = verifications.verifier_adresse(adresse, now=timezone.now(), essayer=lambda _: None)
        return verdict.conclusion.value
    finally:
        connection.close()
