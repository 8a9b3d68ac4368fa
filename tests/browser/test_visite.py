"""The invented drivers of the demonstration, loaded as `make demo` loads them, visit their points and their documents.

The feed follows the day: what each persona shows, it shows on any day.
"""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.timezone import localdate
from playwright.sync_api import Browser, Page, expect

import demo
from accounts.models import User
from demo.identites import IDENTITES
from demo.management.commands.create_comptes_demo import create_comptes
from demo.personas import lignes
from dossier.feed import lire_ligne
from dossier.services import import_lot
from tests.bancs.bench.sessions import ouvrir_session
from tests.browser.navigateur import fenetre, tabulation, verifier_accessible, verifier_largeur
from tests.browser.test_connexion import se_connecter
from tests.documents.pdf import text_of
from tests.lib.test_stylesheet import DSFR, FEUILLE, classes

pytestmark = pytest.mark.django_db(transaction=True)

COMPTES = json.loads(Path(demo.__file__).with_name("comptes.json").read_text(encoding="utf-8"))
LARGE, ETROITE = (1280, "light"), (320, "dark")
#: Classes that the DSFR styles and our sheet does not.
SANS_STYLE = classes(DSFR) - classes(FEUILLE)


class Montre(NamedTuple):
    """What the points page of a persona says, and where else this persona shows something that no other does."""

    solde: str
    badge: str
    titre: str = "Historique sur dix ans"
    ailleurs: tuple[str, ...] = ()


#: Every persona of the demonstration: no état is left unseen.
ETATS = {
    "camille": Montre(
        *("12", "PERMIS VALIDE"),
        ailleurs=("/mes-points/previsionnel/", "/mes-documents/", "/mes-documents/adcs/", "/mes-documents/rii/"),
    ),
    "julien": Montre("9", "ÉLIGIBLE AU STAGE", ailleurs=("/mes-points/previsionnel/",)),
    "ines": Montre(
        "5", "ÉLIGIBLE AU STAGE", titre="Vous devez suivre un stage", ailleurs=("/mes-points/previsionnel/",)
    ),
    "hugo": Montre("9", "PERMIS VALIDE", ailleurs=("/mes-points/previsionnel/",)),
    "chloe": Montre("8", "PERMIS VALIDE"),
    "manon": Montre("10", "PERMIS VALIDE"),
    "thomas": Montre("12", "PERMIS SUSPENDU", titre="Votre permis est suspendu"),
    "karim": Montre("0", "PERMIS VALIDE", titre="Vous n'avez plus de points", ailleurs=("/mes-points/previsionnel/",)),
    "sebastien": Montre(
        "0", "PERMIS INVALIDÉ", titre="Votre permis n'est plus valable", ailleurs=("/mes-points/previsionnel/",)
    ),
    "nathalie": Montre("8", "PERMIS VALIDE"),
    "gerard": Montre("5", "ÉLIGIBLE AU STAGE", ailleurs=("/mes-points/previsionnel/",)),
    "elodie": Montre("8", "PERMIS VALIDE"),
    "patrick": Montre("12", "PERMIS VALIDE"),
    "lea": Montre("–", "AUCUN PERMIS", titre="Mes examens", ailleurs=("/mes-points/previsionnel/",)),
    "antoine": Montre("12", "PERMIS VALIDE", titre="Pas encore définitif"),
    "mohamed": Montre("4", "ÉLIGIBLE AU STAGE"),
    "isabelle": Montre("8", "ÉLIGIBLE AU STAGE", titre="Enregistré, sans effet sur vos points"),
    "jean-pierre": Montre("12", "PERMIS VALIDE"),
    "franck": Montre("0", "PERMIS ANNULÉ", titre="Votre permis est annulé"),
    "olivier": Montre("6", "PERMIS VALIDE", titre="Vous ne pouvez conduire qu'un véhicule équipé"),
    "sophie": Montre("5", "PERMIS VALIDE"),
    "david": Montre("11", "ÉLIGIBLE AU STAGE"),
}


@pytest.fixture(autouse=True)
def _demonstration(transactional_db: None) -> None:
    """Both files of the demonstration's feed, then its accounts."""
    importer_les_personas()
    assert create_comptes(COMPTES["mot_de_passe"], [(c["email"], c["neph"]) for c in COMPTES["comptes"]]) == []


def importer_les_personas() -> None:
    """Both files of the demonstration's feed."""
    au = localdate()
    for lot in lignes(au):
        recues = [lire_ligne(json.dumps(ligne).encode()) for ligne in lot]
        assert {resultat.etat for resultat in import_lot(lignes=recues, au=au)} == {"accepte"}


def entrer(page: Page, cle: str) -> None:
    """Sign in at /connexion/, and arrive at the points."""
    page.goto("/connexion/")
    se_connecter(page, IDENTITES[cle].email, COMPTES["mot_de_passe"])
    expect(page).to_have_url(re.compile("/mes-points/$"))


def revenir(page: Page, cle: str) -> None:
    """The same as somebody whose session is open already: the form is not what is looked at."""
    session = ouvrir_session(User.objects.get(email=IDENTITES[cle].email))
    page.context.add_cookies([{"name": "sid", "value": session, "domain": "localhost", "path": "/"}])
    page.goto("/mes-points/")


@pytest.mark.parametrize(
    ("taille", "javascript"), [(LARGE, True), (ETROITE, False)], ids=["1280-clair", "320-sombre-sans-javascript"]
)
def test_camille_voit_ses_points_et_emporte_son_attestation(
    browser: Browser, live_server, taille: tuple[int, str], javascript: bool
) -> None:
    with fenetre(browser, live_server.url, *taille, javascript=javascript) as page:
        entrer(page, "camille")
        expect(page.get_by_role("heading", level=1)).to_have_text("Mes points")
        voir_son_historique(page)
        page.get_by_role("link", name="Prévisionnel").click()
        expect(page.get_by_role("heading", level=2, name="Prévisionnel")).to_be_visible()
        expect(page.get_by_role("main")).to_contain_text("votre solde est au maximum de 12 points")
        verifier_largeur(page)
        emporter_l_adcs(page)
        demander_le_rii(page)
        sortir(page)


def voir_son_historique(page: Page) -> None:
    expect(page.get_by_role("region", name="Mon solde de points")).to_contain_text("12 points sur 12")
    historique = page.get_by_role("region", name="Historique sur dix ans").get_by_role("listitem")
    for date, titre in [
        ("21/07/2023", "Reconstitution totale du solde à 2 ans"),
        ("21/01/2022", "Restitution automatique d'un point à 6 mois"),
    ]:
        ligne = historique.filter(has=page.get_by_role("heading", name=titre))
        expect(ligne).to_have_count(1)
        expect(ligne).to_contain_text(date)
    explication = ligne.get_by_text("le point revient le 21 janvier 2022")
    expect(explication).to_be_hidden()
    ligne.get_by_text("Pourquoi ?").click()
    expect(explication).to_be_visible()
    expect(ligne.get_by_text("Règle appliquée : article L. 223-6, al. 3 du Code de la route.")).to_be_visible()
    verifier_largeur(page)


def emporter_l_adcs(page: Page) -> None:
    page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="Mes documents").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes documents")
    verifier_largeur(page)
    with page.expect_download() as attendu:
        page.get_by_role("button", name="Télécharger mon ADCS").click()
    assert re.fullmatch(r"adcs-\d{4}-\d\d-\d\d\.pdf", attendu.value.suggested_filename)
    contenu = Path(attendu.value.path()).read_bytes()
    assert contenu.startswith(b"%PDF-")
    texte = text_of(contenu)
    assert "MARTIN" in texte
    assert "VALIDE" in texte
    assert re.findall(r"point|solde", texte, re.IGNORECASE) == []


def demander_le_rii(page: Page) -> None:
    with page.expect_navigation() as attendue:
        page.get_by_role("link", name="Obtenir mon RII").click()
    assert attendue.value.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette page demande FranceConnect")
    expect(page.get_by_role("main").get_by_role("button", name="S'identifier avec FranceConnect")).to_be_visible()
    verifier_largeur(page)


def sortir(page: Page) -> None:
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("status")).to_contain_text("Vous êtes déconnecté.")
    page.goto("/mes-points/")
    expect(page).to_have_url(re.compile(r"/connexion/\?next=/mes-points/$"))


def test_chacun_voit_son_etat_et_rien_n_est_perdu(browser: Browser, live_server) -> None:
    with fenetre(browser, live_server.url, *LARGE) as page:
        for cle, montre in ETATS.items():
            revenir(page, cle)
            solde = page.get_by_role("region", name="Mon solde de points")
            expect(solde.locator(".mp-solde__chiffre strong")).to_have_text(montre.solde)
            expect(solde.get_by_text(montre.badge, exact=True)).to_be_visible()
            expect(page.get_by_role("heading", level=2, name=montre.titre)).to_be_visible()
            expect(solde).not_to_contain_text("..")
            verifier_la_page(page)
            for chemin in montre.ailleurs:
                page.goto(chemin)
                verifier_la_page(page)


@pytest.mark.parametrize("cle", ["camille", "sebastien"])
def test_ses_pages_sont_accessibles(browser: Browser, axe: Axe, live_server, cle: str) -> None:
    """The fullest dossier and the gravest one; ``make a11y`` looks at everybody's."""
    with fenetre(browser, live_server.url, *LARGE) as page:
        entrer(page, cle)
        for chemin in ("/mes-points/", *ETATS[cle].ailleurs):
            page.goto(chemin)
            page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
            verifier_accessible(page, axe)


def verifier_la_page(page: Page) -> None:
    """Everything unfolded, within the window in both sizes; and no class of the DSFR that our sheet has lost."""
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    for largeur in (1280, 320):
        page.set_viewport_size({"width": largeur, "height": 900})
        verifier_largeur(page)
    portees = page.evaluate("[...document.querySelectorAll('[class]')].flatMap(element => [...element.classList])")
    assert set(portees) & SANS_STYLE == set()


def test_le_clavier_mene_aux_sections_aux_onglets_et_a_chaque_pourquoi(browser: Browser, live_server) -> None:
    with fenetre(browser, live_server.url, *ETROITE) as page:
        entrer(page, "camille")
        pourquoi = page.get_by_text("Pourquoi ?")
        combien = pourquoi.count()
        assert combien >= 3
        parcourus, invisibles = tabulation(page)
        assert invisibles == []
        assert parcourus[parcourus.index("Mes points") :] == [
            *("Mes points", "Mes documents", "Stage de sensibilisation à la sécurité routière"),
            *("Historique", "Prévisionnel"),
            *["Pourquoi\u00a0?"] * combien,
            *[lien.strip() for lien in page.get_by_role("contentinfo").get_by_role("link").all_text_contents()],
        ]
        pourquoi.last.focus()
        page.keyboard.press("Enter")
        expect(page.locator("details[open]")).to_have_count(1)
