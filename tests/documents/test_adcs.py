"""The ADCS: the page, the file, who may not, and what it must never tell."""

import html
import re
from datetime import datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from documents.contenus import AttestationDroits
from documents.selectors import get_attestation
from documents.services import ADCS
from dossier.models import Dossier
from tests.documents.cachets import fabriquer_cachet
from tests.documents.dossiers import (
    ANNULATION,
    INVALIDATION,
    PERTE,
    SOLDE_NUL,
    client_of,
    file_of,
    issue,
    make_dossier,
    suspension,
)
from tests.documents.pdf import alternatives, open_pdf, plain, tags_of, text_of

pytestmark = pytest.mark.django_db

PAGE = "/mes-documents/adcs/"
INDISCRET = re.compile(r"point|solde|infraction|retrait|stage|48 ?(SI|M|N)|secret|téléphone", re.IGNORECASE)
#: What is drawn at random, or is the hour: the NEPH, the number, the code to type.
TIRES = re.compile(r"\b99\d{10}\b|ADCS-\w{5}-\w{5}|\b\w{4}(?:-\w{4}){3}\b|\d\d h \d\d")
AVIS = "Démonstration : ceci n'est pas un service de l'administration"
JUSTIFICATIF, PAS_UN_TITRE = "Vaut justificatif du droit de conduire", "Ce document n'est pas un titre de conduite"


def pdf(dossier_id: int) -> bytes:
    return file_of(ADCS, dossier_id)


def main_text(client: Client, page: str = PAGE) -> str:
    """What a visitor reads between <main> and </main>."""
    contenu = client.get(page).content.decode()
    corps = re.search(r"<main.*?</main>", contenu, re.DOTALL)
    assert corps is not None
    return plain(html.unescape(re.sub(r"<[^>]+>", " ", corps[0])))


def facts(contenu: AttestationDroits) -> list[str]:
    """Every fact of the content type that its two renderings must show."""
    lignes = [*contenu.lignes_personne, *contenu.lignes_dossier]
    categories = ((c.code, c.vehicules, c.depuis, c.jusqu_au, c.remarque) for c in contenu.categories)
    codes = ((r.code, r.libelle) for c in contenu.categories for r in c.restrictions)
    dits = [contenu.etat, contenu.phrase, contenu.portee, contenu.titre_categories, contenu.expiration]
    return [plain(fait) for fait in chain(dits, contenu.mesures, *lignes, *categories, *codes) if fait]


# --- It works -------------------------------------------------------------------------------------------------------


def test_a_post_gives_the_file() -> None:
    response = client_of(make_dossier()).post(PAGE)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert re.fullmatch(r'attachment; filename="adcs-\d{4}-\d\d-\d\d\.pdf"', response["Content-Disposition"])
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
    assert response.content.startswith(b"%PDF-1.7")


def test_the_page_lists_the_documents() -> None:
    texte = main_text(client_of(make_dossier()), "/mes-documents/")
    assert texte.index("(ADCS)") < texte.index("(RII)")
    assert "Télécharger mon ADCS" in texte
    assert "n'est consultable que par vous et par les autorités que la loi désigne" in texte
    assert "Relevé d'information restreint (RIR) : remplacé par l'ADCS." in texte


def test_the_file_and_the_page_say_the_same_facts() -> None:
    for faits in ([], [suspension("2026-01-01")], [suspension("2026-01-01", nature="restriction")], [INVALIDATION]):
        categories = [
            {"code": "B", "date_obtention": "1999-01-15", "restrictions": ["01.06", "999"]},
            {"code": "C", "date_obtention": "2004-03-02", "date_fin": "2020-03-02"},
        ]
        dossier_id = make_dossier(*faits, categories=categories)
        fichier, page = text_of(pdf(dossier_id)).casefold(), main_text(client_of(dossier_id)).casefold()
        for fait in facts(get_attestation(dossier_id, now=timezone.now())):
            assert fait.casefold() in fichier, fait
            assert fait.casefold() in page, fait


@pytest.mark.parametrize(
    ("faits", "mot", "portee"),
    [
        pytest.param([], "VALIDE", JUSTIFICATIF, id="valide"),
        pytest.param(SOLDE_NUL, "VALIDE", JUSTIFICATIF, id="solde nul"),
        pytest.param([suspension("2026-01-01", "2090-12-31")], "SUSPENDU", PAS_UN_TITRE, id="suspendu"),
        pytest.param([*SOLDE_NUL, suspension("2026-01-01")], "SUSPENDU", PAS_UN_TITRE, id="solde nul et suspendu"),
        pytest.param([INVALIDATION], "INVALIDÉ", PAS_UN_TITRE, id="invalidé"),
        pytest.param([ANNULATION], "ANNULÉ", PAS_UN_TITRE, id="annulé"),
    ],
)
def test_the_file_tells_the_etat_and_nothing_of_why(faits: list[Any], mot: str, portee: str) -> None:
    contenu = pdf(make_dossier(*faits, date_naissance="1980-01-01"))
    texte = text_of(contenu)
    assert re.search(rf"Droit de conduire, le \d\d/\d\d/\d{{4}} à \d\d h \d\d {mot} ", texte)
    assert portee in texte
    assert (PAS_UN_TITRE if portee == JUSTIFICATIF else JUSTIFICATIF) not in texte
    assert not INDISCRET.search(TIRES.sub("", texte))  # a number holds any digits
    with open_pdf(contenu) as document:
        informations = {nom: str(valeur) for nom, valeur in document.docinfo.items() if nom != "/CreationDate"}
    assert informations.pop("/Author") == "Mes Points Permis"
    assert not INDISCRET.search(str(informations))


def test_two_drivers_who_differ_by_their_points_alone_get_the_same_words() -> None:
    def dit(*faits: Any) -> str:
        texte = text_of(pdf(make_dossier(*faits)))
        return TIRES.sub("#", texte)

    assert dit() == dit(PERTE) == dit(*SOLDE_NUL)


def test_day_and_hour_are_those_of_paris() -> None:
    tard = datetime(2026, 8, 31, 22, 30, tzinfo=ZoneInfo("UTC"))  # 1 September in Paris
    emis = issue(ADCS, make_dossier(), tard)
    texte = text_of(emis.octets)
    assert emis.nom_fichier == "adcs-2026-09-01.pdf"
    assert "01/09/2026 à 00 h 30" in texte
    assert "Attestation valable jusqu'au 01/01/2027" in texte


def test_the_unknown_parts_of_a_birth_are_said_unknown() -> None:
    texte = text_of(pdf(make_dossier(date_naissance="1961-00-00", lieu_naissance="", pays_naissance="99352")))
    assert "1961, jour et mois inconnus" in texte
    assert "Lieu de naissance Algérie" in texte


def test_an_absent_address_and_absent_categories_are_said_absent() -> None:
    texte = text_of(pdf(make_dossier(adresse=None, nom_usage=None, categories=[])))
    assert "Adresse connue non renseignée" in texte
    assert "Nom d'usage" not in texte
    assert "Aucune catégorie n'est enregistrée." in texte
    assert PAS_UN_TITRE in texte


# --- Those who may not ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/mes-documents/", PAGE, "/mes-documents/rii/"])
def test_a_visitor_who_is_not_signed_in_is_sent_to_the_door(page: str) -> None:
    response = Client().get(page)
    assert response.status_code == 302
    assert response["Location"] == f"/connexion/?next={page}"


def test_a_post_without_a_session_issues_nothing() -> None:
    assert Client().post(PAGE).status_code == 302


def test_a_post_without_a_token_issues_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = client_of(make_dossier()).cookies
    response = client.post(PAGE)
    assert response.status_code == 403
    assert response["Content-Type"].startswith("text/html")


def test_each_holder_gets_the_own_document_only() -> None:
    mien = make_dossier(nom_naissance="MARTIN")
    autre = make_dossier(nom_naissance="VOISIN")
    client, nephs = client_of(mien), dict(Dossier.objects.values_list("pk", "neph"))
    for texte in (text_of(client.post(f"{PAGE}?dossier_id={autre}").content), main_text(client)):
        assert nephs[mien] in texte
        assert "MARTIN" in texte
        assert nephs[autre] not in texte
        assert "VOISIN" not in texte


@pytest.mark.parametrize(("page", "statut"), [("/mes-documents/", 200), (PAGE, 403)])
def test_an_account_without_dossier_reads_what_to_do(page: str, statut: int) -> None:
    response = client_of(None).get(page)
    assert response.status_code == statut
    assert "Aucun dossier n'est rattaché à votre compte" in html.unescape(response.content.decode())
    assert 'href="/compte/creer/"' in response.content.decode()


def test_without_a_licence_there_is_no_adcs_and_the_page_says_why() -> None:
    client = client_of(make_dossier(permis=False, categories=[]))
    vue, demande = client.get(PAGE), client.post(PAGE)
    assert (vue.status_code, demande.status_code) == (200, 409)
    for response in (vue, demande):
        assert response["Content-Type"].startswith("text/html")
        assert "Aucun permis de conduire français n'est enregistré à votre nom" in html.unescape(
            response.content.decode()
        )


@pytest.mark.parametrize(
    ("methode", "page"),
    [
        ("post", "/mes-documents/"),
        ("put", PAGE),
        ("delete", PAGE),
    ],
)
def test_other_methods_are_refused(methode: str, page: str) -> None:
    assert getattr(client_of(make_dossier()), methode)(page).status_code == 405


# --- Reading only ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/mes-documents/", PAGE])
def test_a_get_reads_little_and_writes_nothing(page: str) -> None:
    client = client_of(make_dossier(*[PERTE | {"id": f"i{n}", "points": 1} for n in range(30)]))
    client.get(page)  # starts the session's idle time again, at most once a minute
    with CaptureQueriesContext(connection) as requetes:
        assert client.get(page).status_code == 200
    verbes = {requete["sql"].split()[0] for requete in requetes.captured_queries}
    assert verbes == {"SELECT"}
    assert len(requetes) <= 6


# --- The file itself ------------------------------------------------------------------------------------------------


def test_the_file_is_tagged_french_and_titled() -> None:
    contenu = pdf(make_dossier())
    with open_pdf(contenu) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "fr"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo.Title) == "Attestation de droits à conduire sécurisée (ADCS)"
        assert document.open_metadata().get("pdfuaid:part") == "1"
        assert len(document.pages) == 1
        assert all("/FontFile2" in f or "/FontFile3" in f for f in _descriptors(document))
    tags = tags_of(contenu)
    assert tags[:3] == [("", "/Document"), ("/Document", "/P"), ("/P", "/Span")]  # the notice, read before all else
    assert [enfant for _, enfant in tags if enfant in ("/H1", "/H2")] == ["/H1", *["/H2"] * 6]
    assert {enfant for parent, enfant in tags if parent == "/L"} == {"/LI"}
    assert {enfant for parent, enfant in tags if parent == "/TR"} == {"/TH", "/TD"}
    assert [enfant for _, enfant in tags].count("/Figure") == 1  # the QR
    assert len(alternatives(contenu)) == 1
    assert re.match(r"Code QR de vérification.*tapez le code \w{4}(-\w{4}){3} sur", alternatives(contenu)[0])


def _descriptors(document: Any) -> list[Any]:
    polices = document.pages[0].Resources.Font.values()
    return [police.DescendantFonts[0].FontDescriptor for police in polices]


@pytest.mark.parametrize(("marque_etat", "cachet_de_l_etat"), [(False, True), (True, False), (True, True)])
def test_the_notice_is_on_every_page(settings: Settings, marque_etat: bool, cachet_de_l_etat: bool) -> None:
    settings.MESPOINTS_MARQUE_ETAT = marque_etat
    if cachet_de_l_etat:
        cle, certificat = fabriquer_cachet(timezone.now(), "Ministère de l'intérieur")
        settings.CACHET_CLE, settings.CACHET_CERTIFICAT = cle.decode(), certificat.decode()
    demonstration = not (marque_etat and cachet_de_l_etat)
    categories = [{"code": c, "restrictions": ["01.06", "78", "20.06", "25.04"]} for c in "ABCDEFGHIJKLMNOP"]
    contenu = pdf(make_dossier(categories=categories))
    with open_pdf(contenu) as document:
        pages = len(document.pages)
    texte = text_of(contenu)
    assert pages > 1
    assert texte.count(AVIS) == (pages if demonstration else 0)
    assert ("Cachet électronique de démonstration" in texte) is demonstration
    assert ("scellé par un cachet électronique" in texte) is not demonstration
    assert texte.count("Depuis le") >= pages - 1  # the table's head comes again with it


def test_hostile_text_is_printed_as_text() -> None:
    hostiles = [
        "<link rel=attachment href=file:///etc/passwd>",
        "{{7*7}} {% now 'Y' %}",
        "&#x3c;script&#x3e;",
        "<style>@import 'http://127.0.0.1:9/x'</style>",
    ]
    adresse = {"lignes": hostiles, "code_postal": "<b>", "commune": "<img src=http://127.0.0.1:9/x>"}
    dossier_id = make_dossier(adresse=adresse, categories=[{"code": "<i>", "restrictions": ["<base href=x>"]}])
    contenu = pdf(dossier_id)
    serre, page = text_of(contenu).replace(" ", ""), main_text(client_of(dossier_id)).replace(" ", "")
    for texte in [*hostiles, "<img src=http://127.0.0.1:9/x>", "<i>", "<base href=x>"]:
        assert texte.replace(" ", "") in serre  # a long word may be cut anywhere
        assert texte.replace(" ", "") in page
    with open_pdf(contenu) as document:
        assert not document.attachments
        assert "/Names" not in document.Root
    assert b"root:" not in contenu


@pytest.mark.parametrize(
    ("nom", "prenom"),
    [
        ("NGUYỄN THỊ ÁNH TUYẾT", "Đặng"),
        ("ŠĆEPANOVIĆ-ŁUKASZEWICZ", "Œdipe"),
        ("الخطيب", "محمد"),
        ("O'CONNOR", "Jean-Noël"),
        ("Ω" * 120, "Ш" * 120),
        ("陈", "伟"),
    ],
)
def test_names_of_any_script_and_length_make_a_file_whose_text_can_be_read(nom: str, prenom: str) -> None:
    texte = text_of(pdf(make_dossier(nom_naissance=nom, nom_usage=None, prenoms=[prenom]))).replace(" ", "")
    for attendu in (nom.replace(" ", ""), prenom):
        assert attendu in texte or attendu[::-1] in texte  # right to left: glyphs come in the order of the paper
