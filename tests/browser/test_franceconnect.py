"""The whole way in a browser: the stand-in, the first sign-in, the RII, the way out; then « ce n'est pas moi »."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Rattachement
from demo.franceconnect.application import Fournisseur
from tests.accounts.factories import RattachementFactory
from tests.browser.test_connexion import se_connecter
from tests.documents.dossiers import make_dossier
from tests.franceconnect import simulateur

pytestmark = pytest.mark.django_db(transaction=True)
CHOISIR = "Ces informations sont exactes"


@pytest.fixture
def fc(settings, live_server) -> Iterator[Fournisseur]:
    settings.SITE_URL = live_server.url
    with simulateur(settings, live_server.url) as fournisseur:
        origine = fournisseur.emetteur.removesuffix("/api/v2")
        directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**directives, "form-action": ["'self'", origine]}}
        yield fournisseur


@pytest.fixture
def dossier_id(transactional_db) -> int:
    return make_dossier(date_naissance="1979-12-31", nom_naissance="MARTIN")


def passer_par_franceconnect(page: Page, fc: Fournisseur) -> None:
    page.get_by_role("button", name="S'identifier avec FranceConnect").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Qui voulez-vous être\u00a0?")
    expect(page.locator("body")).to_contain_text("ceci n'est pas FranceConnect")
    page.get_by_role("button", name="Camille MARTIN").first.click()


def test_confirmer_lire_telecharger_sortir(page: Page, fc: Fournisseur, dossier_id: int, accessible) -> None:
    page.goto("/connexion/")
    passer_par_franceconnect(page, fc)
    expect(page.get_by_role("heading", level=1)).to_have_text("Est-ce bien votre permis\u00a0?")
    assert "code=" not in page.url
    accessible()
    page.get_by_role("button", name=CHOISIR).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes points")
    expect(page.get_by_role("status")).to_contain_text("est relié à votre identité")

    page.goto("/mes-documents/rii/")
    accessible()
    with page.expect_download() as attendu:
        page.get_by_role("button", name="Télécharger mon RII").click()
    assert attendu.value.suggested_filename.startswith("rii-")

    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("status")).to_contain_text("déconnecté de Mes Points Permis et de FranceConnect")
    assert fc.appels["/session/end"] == 1
    assert not fc.sessions
    page.goto("/mes-documents/rii/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter à Mes Points Permis")


def test_ce_n_est_pas_moi(page: Page, fc: Fournisseur, dossier_id: int, accessible) -> None:
    page.goto("/franceconnect/connexion/")
    accessible()
    passer_par_franceconnect(page, fc)
    page.get_by_role("button", name="Ces informations ne me correspondent pas").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aucun dossier n'est encore rattaché")
    accessible()
    page.get_by_role("link", name="vos signalements").click()
    accessible()
    page.get_by_role("link", name="S-20").click()
    expect(page.get_by_role("main")).to_contain_text("Le dossier proposé n'est pas le mien")
    assert not Rattachement.objects.exists()


def test_du_mot_de_passe_au_rii(page: Page, fc: Fournisseur, dossier_id: int, accessible) -> None:
    """A password session is refused, goes through FranceConnect, and comes back to the RII."""
    email = RattachementFactory(dossier_id=dossier_id, dossier=None, user__email="camille@exemple.fr").user.email
    page.goto("/connexion/")
    se_connecter(page, email, "demonstration-2026")
    page.goto("/mes-documents/rii/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette page demande FranceConnect")
    accessible()
    passer_par_franceconnect(page, fc)
    page.get_by_role("button", name=CHOISIR).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Relevé d'information intégral (RII)")
    page.goto("/compte/acces/")
    expect(page.get_by_role("main")).to_contain_text("c…@e….fr")
    page.get_by_role("button", name="Fermer cet accès").click()
    expect(page.get_by_role("status")).to_contain_text("n'ouvre plus votre dossier")


@pytest.mark.parametrize(("bouton", "titre"), [
    ("Abandonner", "L'identification a été interrompue"), ("Faire tomber", "FranceConnect ne répond pas"),
])  # fmt: skip
def test_renoncer_ou_tomber(page: Page, fc: Fournisseur, accessible, bouton: str, titre: str) -> None:
    page.goto("/connexion/")
    page.get_by_role("button", name="S'identifier avec FranceConnect").click()
    page.get_by_role("button", name=bouton).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(titre)
    accessible()


def test_sans_dossier_le_numero(page: Page, fc: Fournisseur, accessible) -> None:
    page.goto("/connexion/")
    passer_par_franceconnect(page, fc)
    page.get_by_role("button", name="Chercher mon dossier").click()
    expect(page.get_by_role("group", name="Le numéro n'a pas été pris en compte")).to_be_focused()
    accessible()
    page.get_by_label("Numéro de dossier (NEPH)").fill("123456789012")
    page.get_by_role("button", name="Chercher mon dossier").click()
    expect(page.get_by_role("main")).to_contain_text("est transmise aux services de l'administration")
