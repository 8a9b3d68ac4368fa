"""What a visitor reads and computes without an account: accessible in both sizes and themes, without JavaScript too."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.navigateur import fenetre, verifier_accessible, verifier_largeur

pytestmark = pytest.mark.django_db(transaction=True)

RETOUR = "/comprendre/retour-des-points/"
PAGES = [
    *("/comprendre/", "/comprendre/lettre-48si/", RETOUR, "/aide/", "/aide/numero-de-dossier/", "/aide/documents/"),
    *("/aide/employeur/", "/telepoints/", "/plan-du-site/", "/mentions-legales/", "/donnees-personnelles/"),
    "/accessibilite/",
    # the calculators answer, and refuse
    "/comprendre/lettre-48si/?recue=25/03/2026",
    "/comprendre/lettre-48si/?recue=31/02/2026",
    f"{RETOUR}?commission=20/12/2020&definitive=02/01/2021&points=4&classe=inconnue",
    f"{RETOUR}?commission=01/06/2026&definitive=01/05/2026&points=12&classe=7&obtention=x&filiere=z",
]
TAILLES = [(1280, "light"), (320, "dark")]


def test_chaque_page_est_accessible(browser: Browser, axe: Axe, live_server) -> None:
    with fenetre(browser, live_server.url, 320, "dark") as page:
        for chemin in PAGES:
            page.goto(chemin)
            page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
            verifier_accessible(page, axe)


@pytest.mark.parametrize("taille", TAILLES, ids=["1280-clair", "320-sombre"])
def test_chaque_page_se_lit_sans_javascript(browser: Browser, live_server, taille: tuple[int, str]) -> None:
    """axe is JavaScript itself: here the page must stand, within the window, with the same heading."""
    with fenetre(browser, live_server.url, *taille, javascript=False) as page:
        for chemin in PAGES:
            page.goto(chemin)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            verifier_largeur(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["avec-javascript", "sans-javascript"])
def test_une_date_mal_tapee_se_corrige_au_clavier(browser: Browser, live_server, javascript: bool) -> None:
    with fenetre(browser, live_server.url, 320, "light", javascript=javascript) as page:
        page.goto("/comprendre/")
        page.get_by_role("link", name="J'ai reçu une lettre 48SI").click()
        champ = page.get_by_label("Date de réception de la lettre 48SI")
        champ.fill("31/02/2026")
        champ.press("Enter")
        resume = page.get_by_role("group", name="La date n'a pas pu être calculée")
        expect(resume).to_be_focused()
        resume.get_by_role("link").press("Enter")
        expect(champ).to_be_focused()
        expect(champ).to_have_value("31/02/2026")
        expect(champ).to_have_accessible_description(ATTENDU)
        champ.fill("25 mars 2026")
        champ.press("Enter")
        reponse = page.get_by_role("region", name="Remettez votre permis")
        expect(reponse).to_contain_text("mardi 7 avril 2026")
        expect(reponse).to_be_in_viewport()


ATTENDU = (
    "Lettre non retirée à la poste\u00a0: date de sa présentation à votre domicile. Format attendu\u00a0: JJ/MM/AAAA. "
    "Cette date n'existe pas ou n'est pas lisible. Saisissez-la ainsi\u00a0: 14/03/2026."
)


def test_le_retour_des_points_se_calcule_et_se_recalcule(page: Page, accessible) -> None:
    page.goto(RETOUR)
    page.get_by_label("Jour de l'infraction").fill("01/07/2021")
    page.get_by_label("Jour où elle est devenue définitive").fill("21/07/2021")
    page.get_by_label("Nombre de points retirés").fill("1")
    page.get_by_label("Gravité de l'infraction").select_option("Contravention de la 1re, 2e ou 3e classe")
    page.get_by_role("button", name="Calculer les dates").click()
    reponse = page.get_by_role("region", name="Votre solde revient à 12")
    expect(reponse.get_by_role("heading", level=3)).to_have_text(
        ["Vendredi 21 janvier 2022\u00a0: +1 point", "Vendredi 21 juillet 2023\u00a0: rien à ajouter"]
    )
    accessible()
    expect(page.get_by_label("Gravité de l'infraction")).to_have_value("3")
    page.get_by_label("Nombre de points retirés").fill("3")
    page.get_by_role("button", name="Calculer les dates").click()
    expect(reponse.get_by_role("heading", level=3)).to_have_text(["Vendredi 21 juillet 2023\u00a0: +3 points"])


def test_une_question_de_l_aide_s_ouvre_par_son_adresse_ou_au_clavier(page: Page, accessible) -> None:
    page.goto("/aide/")
    question = page.get_by_text("Une infraction récente n'apparaît pas")
    reponse = page.get_by_text("environ trois mois passent")
    expect(reponse).to_be_hidden()
    question.press("Enter")
    expect(reponse).to_be_visible()
    accessible()
