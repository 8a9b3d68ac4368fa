"""A driver makes an account, in each format of the number, and reads the mail; axe on each question and its error."""

import random
import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.db import connection
from playwright.sync_api import Browser, Page, expect

from accounts.models import DemandeCompte, Rattachement
from accounts.tasks import instruire_demande
from tests.accounts.factories import DossierFactory
from tests.accounts.parcours import FORMATS, MOT_DE_PASSE, PERSONNE, lien_recu
from tests.browser.navigateur import fenetre, verifier_accessible, verifier_largeur

pytestmark = pytest.mark.django_db(transaction=True)

LARGE, ETROITE = (1280, "light"), (320, "dark")
SANS_COMPTE = [format for format in FORMATS if format != "pas_encore"]


def remplir(page: Page, etape: str, reponses: dict[str, str]) -> None:
    """Answer the question shown, as its fields are named."""
    expect(page).to_have_url(re.compile(f"/compte/creer/{etape}/(#.*)?$"))
    for champ, valeur in reponses.items():
        if champ == "choisi":
            page.locator(f'input[value="{valeur}"] + label').click()
        else:
            page.locator(f'[name="{etape}-{champ}"]').fill(valeur)


def continuer(page: Page) -> None:
    page.get_by_role("button", name="Continuer").click()


def jusqu_au_bout(page: Page, format: str, sur_chaque: Callable[[str], None] = lambda _: None) -> None:
    """All the questions, up to the page that says that a mail leaves; ``sur_chaque`` looks at each one, unanswered."""
    page.goto("/compte/creer/")
    etapes = FORMATS[format][0] | PERSONNE | {"courriel": {"email": "camille@exemple.fr"}}
    for etape, reponses in etapes.items():
        expect(page).to_have_url(re.compile(f"/compte/creer/{etape}/(#.*)?$"))
        sur_chaque(etape)
        remplir(page, etape, reponses)
        continuer(page)
    sur_chaque("mot-de-passe")
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    page.get_by_text("J'accepte les conditions d'utilisation").click()
    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Un courriel part à camille@exemple.fr")


def ouvrir_le_courriel(page: Page) -> None:
    """What the worker sends, opened in this browser."""
    mail.outbox.clear()
    instruire_demande(DemandeCompte.objects.get().pk)
    page.goto(lien_recu())


@pytest.mark.parametrize(("taille", "javascript"), [(LARGE, True), (ETROITE, False)])
def test_du_numero_aux_points(browser: Browser, live_server, taille: tuple[int, str], javascript: bool) -> None:
    """By a format that the seed draws: the questions of all are answered below, and Django's client goes to the account
    by each of them (tests/accounts/test_creation.py)."""
    format = random.choice(SANS_COMPTE)
    DossierFactory(neph=FORMATS[format][1])
    with fenetre(browser, live_server.url, *taille, javascript=javascript) as page:
        jusqu_au_bout(page, format, lambda _: verifier_largeur(page))
        ouvrir_le_courriel(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Activer mon compte")
        assert not Rattachement.objects.exists()
        page.get_by_role("button", name="Activer mon compte").click()
        expect(page.get_by_role("status")).to_contain_text("Votre compte est créé.")
        page.get_by_label("Adresse électronique").fill("camille@exemple.fr")
        page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
        page.get_by_role("button", name="Me connecter").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mes points")
        verifier_largeur(page)


class Vues(Exception):
    """What follows on the way has been looked at on the way to another format."""


def test_chaque_question_et_son_erreur_sont_accessibles(browser: Browser, axe: Axe, live_server) -> None:
    """Each question once, by the ways of all the formats: a way stops where nothing new follows."""
    vues: set[str] = set()

    def regarder(etape: str) -> None:
        if etape in vues:
            if not restent:
                raise Vues
            return
        restent.discard(etape)
        verifier_largeur(page)
        page.locator(".mp-question").get_by_role("button").click()  # unanswered
        resume = page.get_by_role("group", name="Votre réponse est à corriger")
        expect(resume).to_be_focused()
        verifier_accessible(page, axe)
        resume.get_by_role("link").first.click()
        assert page.evaluate("document.querySelector(location.hash) !== null")
        vues.add(etape)

    for format, (reponses, *_) in FORMATS.items():
        restent = set(reponses) - vues
        with fenetre(browser, live_server.url, *ETROITE) as page, suppress(Vues):
            jusqu_au_bout(page, format, regarder)
            verifier_accessible(page, axe)


def test_les_autres_pages_du_parcours_sont_accessibles(page: Page, accessible, live_server) -> None:
    jusqu_au_bout(page, "depuis_1975")
    accessible()
    ouvrir_le_courriel(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Signaler une difficulté")
    accessible()
    page.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Signalement S-\d{4}-\w{6}"))
    accessible()
    for chemin in (
        *("/compte/creer/renvoyer/", "/compte/activer/a/", "/conditions-d-utilisation/", "/signalements/"),
        "/signalements/suivi/a/",
    ):
        page.goto(chemin)
        accessible()


def test_le_clavier_repond_seul(browser: Browser, live_server) -> None:
    """Tab reaches the answers after the links of the page, Space chooses, Enter sends: no mouse, no JavaScript."""
    with fenetre(browser, live_server.url, *ETROITE, javascript=True) as page:
        page.goto("/compte/creer/")
        parcourir(page, "permis-choisi")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/format/$"))
        parcourir(page, "format-choisi")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/lignes/$"))
        vus = []
        for _ in range(20):
            page.keyboard.press("Tab")
            dit = page.evaluate("document.activeElement.name || document.activeElement.textContent")
            vus.append(" ".join(dit.split()))
        question, suite, reponses = vus.index("lignes-choisi"), vus.index("Continuer"), vus.index("Modifier (Permis)")
        assert question < suite < reponses


def parcourir(page: Page, nom: str) -> None:
    page.wait_for_load_state()
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == nom:
            return
    raise AssertionError(f"{nom} is out of the keyboard's reach")


def test_le_retour_du_navigateur_et_une_session_perdue_ne_perdent_rien(browser: Browser, live_server) -> None:
    with fenetre(browser, live_server.url, *ETROITE) as page:
        page.goto("/compte/creer/")
        for etape, reponses in (FORMATS["deux_lignes"][0] | {"nom": {"nom": "Martin"}}).items():
            remplir(page, etape, reponses)
            continuer(page)
        page.go_back()
        page.go_back()
        expect(page.get_by_label("1ère ligne de mon numéro de dossier")).to_have_value("BRN742")
        continuer(page)
        expect(page).to_have_url(re.compile("/prenoms/$"))
        with connection.cursor() as curseur:
            curseur.execute("DELETE FROM django_session")
        page.context.clear_cookies(name="sid")
        page.get_by_label("Prénoms").fill("Camille")
        continuer(page)
        expect(page).to_have_url(re.compile("/naissance/$"))
        expect(page.get_by_role("region", name="Vos réponses")).to_contain_text("Nous avons lu BRN7426913")


def test_dix_envois_a_la_fois_font_une_demande(browser: Browser, live_server) -> None:
    """Each tab has the last question; all send it at the same moment."""
    with fenetre(browser, live_server.url, *LARGE) as page:
        page.goto("/compte/creer/")
        for etape, reponses in (
            FORMATS["depuis_1975"][0] | PERSONNE | {"courriel": {"email": "camille@exemple.fr"}}
        ).items():
            remplir(page, etape, reponses)
            continuer(page)
        statuts = page.evaluate(
            """async (motDePasse) => {
                const donnees = new URLSearchParams(new FormData(document.querySelector("main form")));
                donnees.set("mot-de-passe-mot_de_passe", motDePasse);
                donnees.set("mot-de-passe-conditions", "on");
                const un = () => fetch(location.href, {method: "POST", body: donnees});
                const reponses = await Promise.all(Array.from({length: 10}, un));
                return reponses.map((reponse) => `${reponse.status} ${new URL(reponse.url).pathname}`);
            }""",
            MOT_DE_PASSE,
        )
        # Five an hour to one address: the others are told to wait, and nothing of theirs is kept.
        assert set(statuts) <= {"200 /compte/creer/envoye/", "429 /compte/creer/mot-de-passe/"}
        assert "200 /compte/creer/envoye/" in statuts
        assert DemandeCompte.objects.count() == 1
