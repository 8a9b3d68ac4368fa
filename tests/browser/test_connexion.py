"""A driver signs in, is told clearly what went wrong, and leaves."""

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.factories import MOT_DE_PASSE, RattachementFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def email() -> str:
    return RattachementFactory(user__email="camille.martin@exemple.fr").user.email


def se_connecter(page: Page, email: str, mot_de_passe: str) -> None:
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe").fill(mot_de_passe)
    page.get_by_role("button", name="Me connecter").click()


def test_de_l_accueil_a_mes_points_et_retour(page: Page, email: str, accessible) -> None:
    page.goto("/")
    expect(page).to_have_title("Vos points de permis, votre historique et vos attestations – Mes Points Permis")
    accessible()
    page.get_by_role("main").get_by_role("link", name="Se connecter").click()
    accessible()

    se_connecter(page, email, "pas le bon")
    resume = page.get_by_role("group", name="La connexion n'a pas abouti")
    expect(resume).to_be_focused()
    expect(resume).to_contain_text("L'adresse électronique ou le mot de passe est incorrect.")
    expect(page.get_by_label("Adresse électronique")).to_have_value(email)
    expect(page.get_by_label("Mot de passe")).to_have_value("")
    accessible()

    se_connecter(page, email, MOT_DE_PASSE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes points")
    expect(page.get_by_role("banner").get_by_role("link", name="Mon compte\u00a0: Camille MARTIN")).to_be_visible()

    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("status")).to_contain_text("Vous êtes déconnecté.")
    accessible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter à Mes Points Permis")


def test_un_formulaire_vide_mene_a_ses_champs(page: Page, accessible) -> None:
    page.goto("/connexion/")
    page.get_by_role("button", name="Me connecter").click()
    accessible()
    page.get_by_role("link", name="Saisissez votre mot de passe.").click()
    expect(page.get_by_label("Mot de passe")).to_be_focused()
    expect(page.get_by_label("Mot de passe")).to_have_accessible_description("Saisissez votre mot de passe.")


def test_le_clavier_suit_l_ordre_de_la_page(page: Page) -> None:
    page.goto("/connexion/")
    vus = []
    for _ in range(17):
        page.keyboard.press("Tab")
        vus.append(
            page.evaluate(
                "document.activeElement.textContent.replace(/[ \\n]+/g, ' ').trim() || document.activeElement.name"
            )
        )
    assert vus == [
        *("Contenu", "Menu", "Pied de page"),
        *("Mes Points Permis Mon permis à points, expliqué", "Se connecter"),
        *("Mes points", "Mes documents", "Stage de sensibilisation à la sécurité routière"),
        *("S'identifier avec FranceConnect", "Qu'est-ce que FranceConnect\u00a0?"),
        "Quel compte utiliser avec FranceConnect\u00a0?",
        *("login", "password", "Afficher le mot de passe", "J'ai oublié mon mot de passe", "Me connecter"),
        "Créer mon compte",
    ]


def test_le_lien_d_evitement_se_montre_et_mene_au_contenu(page: Page) -> None:
    page.goto("/aide/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Contenu")).to_be_focused()
    expect(page.get_by_role("link", name="Contenu")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


@pytest.mark.parametrize("chemin", ["/stages/", "/aide/", "/nexiste/pas/", "/compte/password/reset/"])
def test_les_autres_pages_sont_accessibles(page: Page, accessible, chemin: str) -> None:
    page.goto(chemin)
    accessible()
