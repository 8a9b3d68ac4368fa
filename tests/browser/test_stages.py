"""« Stage », by the demonstration's drivers: why and when, the countdown of a 48N, points that come with two dates."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.utils.timezone import localdate
from playwright.sync_api import Browser, Page, expect

from demo.identites import IDENTITES
from demo.management.commands.create_comptes_demo import create_comptes
from demo.stages import agrement, charger
from dossier.rules.francais import en_lettres
from tests.browser.navigateur import fenetre, verifier_accessible, verifier_largeur
from tests.browser.test_visite import COMPTES, entrer, importer_les_personas

pytestmark = pytest.mark.django_db(transaction=True)

QUI = ("julien", "ines", "isabelle")
UN = timedelta(days=1)


@pytest.fixture(autouse=True)
def _demonstration(transactional_db: None, tmp_path: Path) -> None:
    importer_les_personas()
    nephs = {IDENTITES[cle].neph for cle in QUI}
    comptes = [(c["email"], c["neph"]) for c in COMPTES["comptes"] if c["neph"] in nephs]
    assert create_comptes(COMPTES["mot_de_passe"], comptes) == []
    charger(tmp_path, localdate())


def attester(chemin: Path, cle: str, jours: int) -> None:
    """The centre's attestation of a course ended that many days ago, imported as a préfecture does."""
    fin = localdate() - timedelta(days=jours)
    identite = IDENTITES[cle]
    debut = fin - timedelta(days=1)
    chemin.write_text(
        "neph;nom_naissance;agrement;date_debut;date_fin;heures;cas\n"
        f"{identite.neph};{identite.nom};{agrement('69')};{debut};{fin};14;1\n"
    )
    sortie = io.StringIO()
    call_command("import_attestations", chemin, stdout=sortie)
    assert sortie.getvalue().startswith("enregistrées: 1, refusées: 0")


def test_du_premier_jour_utile_aux_points(browser: Browser, live_server, axe: Axe, tmp_path: Path) -> None:
    """9 of 12: why and when, a centre, the attestation that comes, both dates, and the second course refused."""
    demain, fin = localdate() + timedelta(days=1), localdate() - timedelta(days=10)
    with fenetre(browser, live_server.url, 1280, "light") as page:
        entrer(page, "julien")
        page.get_by_role("link", name="ÉLIGIBLE AU STAGE").click()
        cas = page.get_by_role("region", name="Un stage peut vous rendre 3 points")
        expect(cas).to_contain_text("Il vous manque 3 points")
        expect(cas).to_contain_text(f"dès demain, le {en_lettres(demain)}")
        verifier_accessible(page, axe)
        chercher(page, axe)
        annoncer(page, axe, f"{fin:%d/%m/%Y}")
        attester(tmp_path / "une.csv", "julien", 10)
        page.reload()
        suivi = page.get_by_role("region", name="Vos stages").get_by_role("listitem").first
        expect(suivi).to_contain_text(f"le {en_lettres(localdate())}")  # recorded
        expect(suivi).to_contain_text(f"comptent depuis le {en_lettres(fin + timedelta(days=1))}")
        attester(tmp_path / "deux.csv", "julien", 3)
        page.reload()
        expect(page.get_by_text("POINTS REFUSÉS")).to_be_visible()
        expect(page.get_by_role("main")).to_contain_text(f"un autre stage en a rendu le {en_lettres(fin + UN)}")
        verifier_accessible(page, axe)
        page.goto("/mes-points/")
        expect(page.get_by_role("region", name="Mon solde de points")).to_contain_text("12 points sur 12")


def chercher(page: Page, axe: Axe) -> None:
    page.get_by_role("link", name="Trouver un centre agréé").click()
    page.get_by_label("Département ou code postal").fill("Rhône")
    page.get_by_role("button", name="Chercher un centre").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("4 centres agréés dans le département 69 (Rhône)")
    expect(page.get_by_text("Données d'exemple.")).to_be_visible()
    verifier_accessible(page, axe)
    page.goto("/stages/")
    page.get_by_label("Numéro d'agrément du centre").fill(agrement("69"))
    page.get_by_role("button", name="Vérifier ce numéro").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("Oui")
    verifier_accessible(page, axe)


def annoncer(page: Page, axe: Axe, fin: str) -> None:
    """First with a mistake, which loses nothing."""
    page.goto("/stages/")
    page.get_by_role("link", name="Annoncez-le").click()
    page.get_by_label("Second jour du stage").fill("31/02/2026")
    page.get_by_label("Numéro d'agrément du centre").fill(agrement("69"))
    page.get_by_role("button", name="Annoncer ce stage").click()
    expect(page.get_by_role("group", name="Votre stage n'a pas pu être annoncé")).to_be_visible()
    verifier_accessible(page, axe)
    page.get_by_label("Second jour du stage").fill(fin)
    page.get_by_role("button", name="Annoncer ce stage").click()
    expect(page.get_by_text("ATTESTATION ATTENDUE")).to_be_visible()


def test_sur_un_telephone_le_compte_a_rebours_et_le_second_stage_refuse(browser: Browser, live_server) -> None:
    with fenetre(browser, live_server.url, 320, "dark", javascript=False) as page:
        entrer(page, "ines")
        page.get_by_role("link", name="Voir les stages").first.click()
        cas = page.get_by_role("region", name="Vous devez suivre un stage au plus tard le")
        expect(cas).to_contain_text("jours pour le terminer")
        expect(cas).to_contain_text("135\u00a0€")
        verifier_largeur(page)
    with fenetre(browser, live_server.url, 320, "dark", javascript=False) as page:
        entrer(page, "isabelle")
        page.goto("/stages/")
        refuse = page.get_by_role("region", name="Vos stages").get_by_role("listitem").first
        expect(refuse).to_contain_text("POINTS REFUSÉS")
        expect(refuse).to_contain_text("moins d'un an avant")
        verifier_largeur(page)
