"""Two agents and a driver: what one records, another approves, and the third one reads, with who looked."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Browser, Page, expect

from accounts.models import Rattachement
from demo.codes import code
from dossier.bureau.actes import ACTES
from dossier.models import Decision
from tests.accounts.agents import SECRET
from tests.accounts.factories import CompteFactory
from tests.browser.navigateur import fenetre, verifier_accessible, verifier_accessible_dans_les_deux
from tests.browser.test_compte import se_connecter
from tests.dossier.bureau import agent, du_rhone
from tests.dossier.lignes import infraction

pytestmark = pytest.mark.django_db(transaction=True)


def il_y_a(jours: int) -> Any:
    return localdate() - timedelta(days=jours)


def entrer_au_bureau(page: Page, email: str) -> None:
    se_connecter(page, email)
    page.goto("/admin/")
    page.get_by_label("Code").first.fill(code(SECRET, time.time()))
    with page.expect_navigation():
        page.locator("main button[type=submit]").first.click()
    page.goto("/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("La journée")


def ouvrir(page: Page, neph: str, axe: Any) -> None:
    page.get_by_role("link", name="Ouvrir un dossier").click()
    page.get_by_role("button", name="Ouvrir le dossier").click()
    expect(page.get_by_role("alert")).to_contain_text("Aucun dossier n'a été ouvert")
    verifier_accessible(page, axe)
    page.get_by_label("Numéro NEPH").fill(neph)
    page.get_by_label("Motif").select_option("enregistrement")
    page.get_by_label("Précision").fill("procès-verbal n° 118")
    page.get_by_role("button", name="Ouvrir le dossier").click()
    expect(page.get_by_role("region", name="Solde et état")).to_contain_text("12 points sur 12")
    verifier_accessible(page, axe)


def test_un_agent_termine_au_travail_est_dehors_a_son_clic_suivant(browser: Browser, live_server, axe) -> None:
    chef, au_travail = agent("administration", None), agent("lecture")
    with (
        fenetre(browser, live_server.url, 1280, "light") as poste,
        fenetre(browser, live_server.url, 320, "dark") as page,
    ):
        entrer_au_bureau(poste, str(au_travail.email))
        entrer_au_bureau(page, str(chef.email))
        page.get_by_role("link", name="Agents", exact=True).click()
        verifier_accessible(page, axe)
        page.get_by_role("link", name=f"Agent n° {au_travail.pk}").click()
        verifier_accessible(page, axe)
        page.get_by_role("button", name="Terminer").click()
        expect(page.get_by_role("alert")).to_contain_text("Dites pourquoi")
        verifier_accessible(page, axe)
        page.get_by_role("region", name="Terminer", exact=True).get_by_label("Pourquoi").fill("départ du service")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Terminé le")).to_be_visible()
        verifier_accessible(page, axe)
        poste.get_by_role("link", name="Ouvrir un dossier").click()
        expect(poste).to_have_url(re.compile("/connexion/"))
        page.get_by_role("link", name="Revenir aux agents").click()
        page.get_by_role("link", name="Ouvrir un compte d'agent").click()
        page.get_by_role("button", name="Ouvrir le compte").click()
        expect(page.get_by_role("alert")).to_contain_text("Aucun compte n'a été ouvert")
        verifier_accessible(page, axe)


def test_deux_agents_enregistrent_et_le_conducteur_le_voit(browser: Browser, live_server, axe) -> None:
    """A late offence: the reconstitution of two years ago is corrected, on the agents' side and on the driver's."""
    pose = du_rhone(infraction("i1", str(il_y_a(1500)), str(il_y_a(1400)), 3), au=localdate())
    premier, second, conducteur = agent("instruction"), agent("validation"), CompteFactory()
    Rattachement.objects.create(user=conducteur, dossier=pose, origine="numero")
    with fenetre(browser, live_server.url, 1280, "light") as page:
        entrer_au_bureau(page, str(premier.email))
        ouvrir(page, pose.neph, axe)
        page.get_by_role("link", name="Une infraction", exact=True).click()
        page.get_by_label("Commise le").fill(f"{il_y_a(1000):%d/%m/%Y}")
        page.get_by_label("Infraction (obligatoire)").select_option("hors-bareme")
        page.get_by_label("Définitive le").fill(f"{il_y_a(900):%d/%m/%Y}")
        page.get_by_label("Réalité établie par").select_option("condamnation")
        page.get_by_label("Pièce vue").fill("jugement du tribunal de Lyon")
        page.get_by_role("button", name="Voir l'effet").click()
        expect(page.get_by_role("alert")).to_contain_text("À saisir pour une infraction hors barème.")
        page.get_by_label("Libellé").fill("Excès de vitesse de 20 km/h à 30 km/h")
        page.get_by_label("Nature de l'infraction").select_option("contravention")
        page.get_by_label("Classe").select_option("4")
        page.get_by_label("Points").fill("2")
        page.get_by_role("button", name="Voir l'effet").click()
        effet = page.get_by_role("region", name="L'effet")
        expect(effet).to_contain_text("12 / 12")
        expect(effet).to_contain_text("Lignes annulées par une correction")
        expect(effet).to_contain_text("Reconstitution totale du solde à 3 ans")
        verifier_accessible(page, axe)
        page.get_by_role("button", name="Soumettre à un second agent").click()
        expect(page.get_by_role("main")).to_contain_text("soumis à un second agent")
    decision = Decision.objects.get()
    with fenetre(browser, live_server.url, 1280, "light") as page:
        entrer_au_bureau(page, str(second.email))
        page.get_by_role("link", name="Enregistrements à valider").click()
        page.get_by_role("link", name=f"Une infraction (n° {decision.pk})").click()
        expect(page.get_by_role("region", name="L'effet")).to_contain_text("Lignes annulées par une correction")
        verifier_accessible(page, axe)
        page.get_by_role("button", name="Valider et enregistrer").click()
        expect(page.get_by_role("main")).to_contain_text("Validé et enregistré")
    pose.refresh_from_db()
    with fenetre(browser, live_server.url, 320, "light") as page:
        se_connecter(page, str(conducteur.email))
        expect(page.get_by_role("region", name="Mon solde de points")).to_contain_text(f"{pose.points} points sur 12")
        expect(page.get_by_role("region", name="Historique sur dix ans")).to_contain_text(
            re.compile("Reconstitution totale.*inscrite|Excès de vitesse", re.DOTALL)
        )
        page.goto("/compte/")
        page.get_by_role("link", name="Voir quels services ont consulté mon dossier").click()
        liste = page.get_by_role("main")
        expect(liste).to_contain_text("Préfecture du Rhône a validé l'enregistrement préparé par un autre agent")
        expect(liste).to_contain_text("une pièce à enregistrer")
        verifier_accessible(page, axe)


def test_un_juge_annule_une_48si_et_le_conducteur_retrouve_son_permis(browser: Browser, live_server, axe) -> None:
    """Without script and by the keyboard, on a small screen: the measure in its list, the proof, the second agent."""
    faits = [infraction(f"i{n}", str(il_y_a(200 + n)), str(il_y_a(100 + n)), 6) for n in (1, 2)]
    remise = {"id": "n1", "type": "invalidation", "date_notification": str(il_y_a(60))}
    pose = du_rhone(*faits, remise, au=localdate())
    assert (pose.points, pose.etat) == (0, "invalide")
    premier, second = agent("instruction"), agent("validation")
    with fenetre(browser, live_server.url, 390, "dark") as page:
        entrer_au_bureau(page, str(premier.email))
        _ouvrir_par_son_numero(page, pose.neph)
        verifier_accessible(page, axe)
        page.get_by_role("link", name="La levée d'une mesure").press("Enter")
        page.get_by_role("button", name="Voir l'effet").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Faites un choix.")
        verifier_accessible(page, axe)
        page.get_by_role("radio", name="comme si la mesure n'avait jamais existé").press("Space")
        page.get_by_label("Motif").select_option("annulation_juge")
        page.get_by_label("À effet du").fill(f"{il_y_a(2):%d/%m/%Y}")
        page.get_by_label("Pièce vue").fill("tribunal administratif de Lyon, n° 2601234")
        page.get_by_role("button", name="Voir l'effet").press("Enter")
        expect(page.get_by_role("region", name="L'effet")).to_contain_text("PERMIS INVALIDÉ")
        verifier_accessible(page, axe)
        page.get_by_role("button", name="Soumettre à un second agent").press("Enter")
    with fenetre(browser, live_server.url, 1280, "light") as page:
        entrer_au_bureau(page, str(second.email))
        page.get_by_role("link", name="Enregistrements à valider").click()
        page.get_by_role("link", name="La levée d'une mesure").click()
        expect(page.get_by_role("main")).to_contain_text("annulée par un juge")
        verifier_accessible(page, axe)
        page.get_by_role("button", name="Valider et enregistrer").click()
        expect(page.get_by_role("main")).to_contain_text("Validé et enregistré")
    pose.refresh_from_db()
    assert pose.etat == "solde_nul", "the licence was never lost; the points were"


def _ouvrir_par_son_numero(page: Page, neph: str) -> None:
    page.get_by_role("link", name="Ouvrir un dossier").click()
    page.get_by_label("Numéro NEPH").fill(neph)
    page.get_by_label("Motif").select_option("enregistrement")
    page.get_by_label("Précision").fill("jugement n° 2601234")
    page.get_by_role("button", name="Ouvrir le dossier").click()


def test_les_formulaires_et_ce_qui_est_a_trancher_se_lisent(browser: Browser, live_server, axe) -> None:
    """Every form of a dossier full of doubts, its errors, and a 48SI's effect."""
    faits = [
        *[infraction(f"i{n}", str(il_y_a(200)), str(il_y_a(100)), 6, lieu="Lyon") for n in (1, 2)],
        infraction("i3", str(il_y_a(30)), None, 2),
        {"id": "s1", "type": "suspension", "date_debut": str(il_y_a(99)), "date_fin": str(il_y_a(9)),
         "nature": "administrative"},
    ]  # fmt: skip
    pose = du_rhone(*faits, au=localdate())
    premier = agent("instruction")
    with fenetre(browser, live_server.url, 390, "light") as page:
        entrer_au_bureau(page, str(premier.email))
        _ouvrir_par_son_numero(page, pose.neph)
        expect(page.get_by_role("region", name="À trancher")).to_contain_text("Comparez les deux procès-verbaux.")
        verifier_accessible_dans_les_deux(page, axe)
        fiche = page.url
        for acte in ACTES:
            page.goto(f"{fiche}enregistrer/{acte}/")
            page.get_by_role("button", name="Voir l'effet").click()
            expect(page.get_by_role("alert")).to_contain_text("Rien n'a été enregistré")
            verifier_accessible_dans_les_deux(page, axe)
        page.goto(f"{fiche}enregistrer/notification-48si/")
        page.get_by_label("Envoyée le").fill(f"{il_y_a(40):%d/%m/%Y}")
        page.get_by_label("Ce que la Poste en a fait").select_option("refusee")
        page.get_by_label("Présentée le").fill(f"{il_y_a(36):%d/%m/%Y}")
        page.get_by_label("Adresse utilisée").select_option("dossier")
        page.get_by_label("Pièce vue").fill("AR n° 1")
        page.get_by_role("button", name="Voir l'effet").click()
        expect(page.get_by_role("region", name="La notification")).to_contain_text("17 avril 2025, n° 492072")
        verifier_accessible_dans_les_deux(page, axe)
