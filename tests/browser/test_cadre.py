"""The frame of every page, seen: both sizes, both themes by the device and by choice, text twice as large, keyboard.

axe looks once at each page here; ``make a11y`` looks at every page and state, in each size and theme.
"""

import re
from itertools import product
from typing import Any

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, expect

from tests.browser.navigateur import (
    Tabulation,
    a_atteindre,
    fenetre,
    tabulation,
    verifier_accessible,
    verifier_largeur,
)
from tests.browser.test_connexion import se_connecter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.mespoints.urls_pannes")]

PAGES = ["/", "/connexion/", "/affichage/", "/aide/"]
PANNES = [f"/panne/{panne}/" for panne in ("404", "500")]  # each layout of a refusal; `make a11y` looks at all
#: What the device wants and what the visitor has chosen, "" being nothing; then what must be seen.
THEMES = [("light", "", "clair"), ("dark", "", "sombre"), ("light", "dark", "sombre"), ("dark", "light", "clair")]
FONDS = {"clair": "rgb(255, 255, 255)", "sombre": "rgb(22, 22, 22)"}
BUDGET = 60_000
EN_TETES = 700  # of one answer; what was measured in production mode is less


def voir(page: Page, largeur: int, appareil: Any, choix: str) -> None:
    """Show the page again, to a device of that width and theme whose visitor has made that choice."""
    page.context.clear_cookies(name="theme")
    if choix:
        page.context.add_cookies([{"name": "theme", "value": choix, "url": page.url}])
    page.emulate_media(color_scheme=appareil)
    page.set_viewport_size({"width": largeur, "height": 900})


def ouvrir(page: Page, chemin: str) -> None:
    """Open a page and wait for its fonts: one still on its way when the next page is asked would count as lost."""
    page.goto(chemin)
    page.evaluate("document.fonts.ready.then(() => true)")


def fond(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize("chemin", [*PAGES, *PANNES])
def test_chaque_page_tient_dans_chaque_theme(browser: Browser, axe: Axe, live_server, chemin: str) -> None:
    with fenetre(browser, live_server.url, 320, "light") as page:
        ouvrir(page, chemin)
        combinaisons = list(product(THEMES, (320, 1280)))
        # A theme is the sheet's work, the same for all: others are seen light and narrow, dark and wide.
        for (appareil, choix, vu), largeur in combinaisons if chemin in {"/", "/panne/500/"} else combinaisons[:4:3]:
            voir(page, largeur, appareil, choix)
            ouvrir(page, chemin)
            assert fond(page) == FONDS[vu], (appareil, choix)
            verifier_largeur(page)
        verifier_accessible(page, axe)


def test_les_erreurs_de_saisie_sont_accessibles(browser: Browser, axe: Axe, live_server) -> None:
    with fenetre(browser, live_server.url, 320, "dark") as page:
        page.goto("/connexion/")
        se_connecter(page, "personne@exemple.fr", "pas le bon")
        expect(page.get_by_role("group", name="La connexion n'a pas abouti")).to_be_focused()
        verifier_accessible(page, axe)
        page.goto("/affichage/")
        page.locator("#theme-sombre").evaluate("champ => champ.value = 'rouge'")
        page.get_by_text("Sombre", exact=True).click()
        page.get_by_role("button", name="Choisir cet affichage").click()
        expect(page.get_by_text("Choisissez l'un des trois affichages.")).to_be_visible()
        verifier_accessible(page, axe)


@pytest.mark.parametrize("chemin", [*PAGES, *PANNES])
def test_rien_ne_deborde_quand_le_texte_est_deux_fois_plus_grand(browser: Browser, live_server, chemin: str) -> None:
    with fenetre(browser, live_server.url, 640, "light") as page:
        page.goto(chemin)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        verifier_largeur(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "sans-javascript"])
def test_du_pied_de_page_on_choisit_le_sombre_et_l_on_revient(browser: Browser, live_server, javascript: bool) -> None:
    with fenetre(browser, live_server.url, 320, "light", javascript=javascript) as page:
        page.goto("/connexion/?next=/stages/")
        page.get_by_role("contentinfo").get_by_role("link", name="Affichage clair ou sombre").click()
        expect(page.get_by_role("radio", name="Comme mon appareil")).to_be_checked()
        page.get_by_text("Sombre", exact=True).click()
        page.get_by_role("button", name="Choisir cet affichage").click()
        expect(page).to_have_url(f"{live_server.url}/connexion/?next=/stages/")
        expect(page.get_by_role("status")).to_have_text("L'affichage est sombre.")
        assert page.locator("html").get_attribute("data-fr-theme") == "dark"
        page.goto("/")
        assert page.locator("html").get_attribute("data-fr-theme") == "dark"


def test_afficher_montre_le_mot_de_passe_et_le_recache_a_l_envoi(browser: Browser, live_server) -> None:
    with fenetre(browser, live_server.url, 320, "light") as page:
        page.goto("/connexion/")
        champ = page.get_by_label("Mot de passe")
        champ.fill("demonstration")
        page.get_by_role("button", name="Afficher le mot de passe").click()
        expect(champ).to_have_attribute("type", "text")
        expect(champ).to_have_value("demonstration")
        page.get_by_role("button", name="Masquer le mot de passe").click()
        expect(champ).to_have_attribute("type", "password")
        page.get_by_role("button", name="Afficher le mot de passe").click()
        page.evaluate("document.querySelector('#connexion').addEventListener('submit', fin => fin.preventDefault())")
        page.get_by_role("button", name="Me connecter").click()
        expect(champ).to_have_attribute("type", "password")


def test_sans_javascript_rien_ne_manque_et_afficher_n_est_pas_la(browser: Browser, live_server) -> None:
    with fenetre(browser, live_server.url, 320, "light", javascript=False) as page:
        page.goto("/connexion/")
        expect(page.get_by_label("Mot de passe")).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("mot de passe$"))).to_have_count(0)
        se_connecter(page, "personne@exemple.fr", "pas le bon")
        expect(page.get_by_role("group", name="La connexion n'a pas abouti")).to_be_visible()


def test_les_trois_sections_sont_entieres_pour_un_lecteur_d_ecran(browser: Browser, live_server) -> None:
    with fenetre(browser, live_server.url, 320, "light") as page:
        page.goto("/")
        menu = page.get_by_role("navigation", name="Menu principal")
        for nom in ("Mes points", "Mes documents", "Stage de sensibilisation à la sécurité routière"):
            expect(menu.get_by_role("link", name=nom, exact=True)).to_be_in_viewport()
        boites = [lien.bounding_box() for lien in menu.get_by_role("link").all()]
        assert len({boite["y"] for boite in boites}) == 1, "one line at 320 px"


@pytest.mark.parametrize(("lien", "cible"), [("Contenu", "main"), ("Menu", "#menu"), ("Pied de page", "footer")])
def test_un_lien_d_evitement_mene_ou_il_dit(browser: Browser, live_server, lien: str, cible: str) -> None:
    with fenetre(browser, live_server.url, 1280, "light") as page:
        page.goto("/")
        while page.evaluate("document.activeElement.textContent") != lien:
            page.keyboard.press("Tab")
        expect(page.get_by_role("link", name=lien)).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator(cible)).to_be_focused()
        page.keyboard.press("Tab")
        assert page.evaluate(f"document.querySelector('{cible}').contains(document.activeElement)")


@pytest.mark.parametrize("chemin", ["/", "/connexion/", "/affichage/", "/panne/404/", "/panne/500/"])
def test_tout_s_atteint_au_clavier_et_se_voit(browser: Browser, live_server, chemin: str) -> None:
    """Every link, field and button is a stop, in the order read, and shows that it is reached."""
    with fenetre(browser, live_server.url, 320, "dark") as page:
        page.goto(chemin)
        assert tabulation(page) == Tabulation(a_atteindre(page), [])


def test_la_premiere_visite_pese_moins_de_60_ko_et_ne_demande_rien_ailleurs(browser: Browser, live_server) -> None:
    for chemin in PAGES:
        reponses: list[Response] = []
        with fenetre(browser, live_server.url, 1280, "light") as page:
            page.on("response", lambda reponse: reponses.append(reponse))  # noqa: B023
            page.goto(chemin, wait_until="networkidle")
            assert {reponse.url.startswith(live_server.url) for reponse in reponses} == {True}
            poids = sum(map(transfere, reponses))
        assert poids < BUDGET, (chemin, poids)


def transfere(reponse: Response) -> int:
    """What an answer weighs once compressed as the proxy and whitenoise do; fonts already are."""
    corps = reponse.body()
    return EN_TETES + (len(corps) if reponse.url.endswith(".woff2") else len(brotli.compress(corps, quality=5)))


def test_en_demonstration_on_choisit_un_conducteur_invente(browser: Browser, live_server, settings) -> None:
    settings.MESPOINTS_DEMONSTRATION = True
    with fenetre(browser, live_server.url, 320, "light") as page:
        page.goto("/connexion/")
        page.get_by_text("Essayer sans compte").click()
        page.get_by_role("button", name="Choisir Karim Haddad").click()
        expect(page.get_by_label("Adresse électronique")).to_have_value("karim.haddad@exemple.fr")
        expect(page.get_by_role("button", name="Me connecter")).to_be_focused()
