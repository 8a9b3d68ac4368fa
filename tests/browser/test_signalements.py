"""A driver tells that a stage is not counted, an agent answers and delivers the RII; the driver reads the answer."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.utils.timezone import localdate
from playwright.sync_api import Browser, expect

from accounts.models import PropositionLien, Rattachement, Signalement
from tests.accounts.factories import CompteFactory
from tests.accounts.signaler import CAMILLE, compte_franceconnect, lie, signalement
from tests.browser.navigateur import fenetre, verifier_accessible
from tests.browser.test_bureau import entrer_au_bureau
from tests.browser.test_compte import se_connecter
from tests.dossier.bureau import agent, au_bureau, du_rhone
from tests.dossier.lignes import infraction

pytestmark = pytest.mark.django_db(transaction=True)


def test_un_signalement_recoit_une_reponse_que_le_conducteur_lit(browser: Browser, live_server: Any, axe: Any) -> None:
    pose = du_rhone(infraction("i1", "2026-01-10", "2026-03-01", 4))
    conducteur, du_bureau = lie(pose).user, agent("instruction")
    with fenetre(browser, live_server.url, 1280, "light") as page:
        se_connecter(page, str(conducteur.email))
        page.goto("/signalements/")
        page.get_by_role("link", name="Signaler une difficulté").click()
        page.get_by_role("button", name="Envoyer le signalement").click()
        expect(page.get_by_role("group", name="Le signalement n'est pas parti")).to_be_focused()
        verifier_accessible(page, axe)
        page.get_by_label("Ce qui ne va pas").select_option("stage")
        page.get_by_label("Votre message").fill("Mon stage des 4 et 5 mai à Lyon n'apparaît pas dans mes points.")
        page.get_by_role("button", name="Envoyer le signalement").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Signalement S-20"))
    pose_ = Signalement.objects.get()

    with fenetre(browser, live_server.url, 1280, "light") as page:
        entrer_au_bureau(page, str(du_bureau.email))
        page.get_by_role("link", name="Signalements à traiter").click()
        verifier_accessible(page, axe)
        page.get_by_role("link", name=pose_.reference).click()
        page.get_by_role("button", name="Je m'en charge").click()
        page.get_by_role("button", name="Envoyer la réponse").click()
        expect(page.get_by_role("alert")).to_contain_text("Écrivez votre réponse.")
        verifier_accessible(page, axe)
        page.get_by_label("Votre réponse").fill("Le centre ne nous a pas envoyé l'attestation : nous la lui demandons.")
        page.get_by_role("button", name="Envoyer la réponse").click()
        expect(page.get_by_role("region", name="Échange")).to_contain_text("Le centre ne nous a pas envoyé")
        page.get_by_role("button", name="Ouvrir ce dossier").click()
        page.get_by_role("link", name="Délivrer le RII").click()
        page.get_by_role("button", name="Délivrer le RII (PDF)").click()
        expect(page.get_by_role("alert")).to_contain_text("Sans pièce d'identité vue")
        verifier_accessible(page, axe)
        page.get_by_label("Demande reçue le").fill(f"{localdate():%d/%m/%Y}")
        page.get_by_label("Comment").select_option("courrier")
        page.get_by_label("Copie de la pièce d'identité").check()
        page.get_by_label("Copie du permis").check()
        with page.expect_download() as attendu:
            page.get_by_role("button", name="Délivrer le RII (PDF)").click()
        assert attendu.value.suggested_filename.startswith("rii-")

    with fenetre(browser, live_server.url, 1280, "light") as page:
        se_connecter(page, str(conducteur.email))
        page.goto("/signalements/")
        page.get_by_role("link", name=pose_.reference).click()
        expect(page.get_by_role("main")).to_contain_text("Le centre ne nous a pas envoyé l'attestation")
        verifier_accessible(page, axe)
        page.get_by_label("Votre message").fill("Merci, voici son numéro d'agrément.")
        page.get_by_role("button", name="Envoyer").click()
        expect(page.get_by_role("main")).to_contain_text("En cours d'examen")
        page.goto("/mes-points/consultations/")
        expect(page.get_by_role("main")).to_contain_text("a délivré votre relevé d'information intégral (RII)")


def test_le_second_agent_juge_sur_un_telephone(browser: Browser, live_server: Any, axe: Any) -> None:
    """What matches, what does not, the reasons given; then the tie."""
    pose, compte = du_rhone(date_naissance="1979-12-00"), CompteFactory()
    lie(pose, origine="franceconnect", user=compte_franceconnect())
    saisi = CAMILLE | {"nom_naissance": "MARTINE"}
    pose_ = signalement(motif="discordant", dossier=pose, user=compte, contenu=saisi, message="Mon nom a changé.")
    PropositionLien.objects.create(
        signalement=pose_, nature="rattacher", compte=compte, dossier=pose, raisons="Livret de famille vu.",
        auteur_id=agent().pk,
    )  # fmt: skip
    client = au_bureau("validation")
    with fenetre(browser, live_server.url, 320, "dark") as page:
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.goto("/admin/")
        page.get_by_role("link", name="Liens entre compte et dossier à valider").click()
        expect(page.get_by_role("main")).to_contain_text("Ne s'accorde pas : nom de naissance.")
        verifier_accessible(page, axe)
        page.get_by_role("button", name="Écarter").click()
        expect(page.get_by_role("alert")).to_contain_text("Dites pourquoi vous écartez.")
        page.get_by_role("button", name="Valider").click()
        expect(page.get_by_role("main")).to_contain_text("Validée par l'agent")
    assert Rattachement.objects.filter(user=compte, dossier=pose, revoked_at=None).exists()
