"""An officer checks an ADCS: by the QR, by the code, altered, of a suspended driver, and without a script."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.services import attach_dossier
from documents.models import DocumentEmis
from dossier.services import record_faits
from tests.accounts.factories import CompteFactory
from tests.browser.navigateur import fenetre, verifier_accessible
from tests.browser.test_compte import se_connecter
from tests.documents.dossiers import make_dossier, suspension
from tests.documents.pdf import liens_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dossier_id() -> int:
    return make_dossier()


def telecharger(page: Page, dossier_id: int, fichier: Path) -> str:
    """The driver issues the ADCS; what its QR says."""
    user = CompteFactory()
    attach_dossier(user=user, dossier_id=dossier_id, origine="demonstration")
    se_connecter(page, user.email)
    page.goto("/mes-documents/")
    with page.expect_download() as telechargement:
        page.get_by_role("button", name="Télécharger").first.click()
    telechargement.value.save_as(fichier)
    (adresse,) = {lien for lien in liens_of(fichier.read_bytes()) if "#ADC1." in lien}
    return adresse


def test_un_agent_verifie_une_attestation(
    browser: Browser, live_server, settings, axe: Axe, dossier_id: int, tmp_path: Path
) -> None:
    settings.SITE_URL = live_server.url
    with fenetre(browser, live_server.url, 1280, "light") as titulaire:
        adresse = telecharger(titulaire, dossier_id, tmp_path / "adcs.pdf")
        document = DocumentEmis.objects.get(dossier_id=dossier_id)

        with fenetre(browser, live_server.url, 320, "dark") as agent:
            verdict = agent.get_by_role("heading", level=1)
            agent.goto(adresse)  # what a phone does with the QR
            expect(verdict).to_have_text("Authentique et à jour")
            assert agent.url == f"{live_server.url}/verification/"  # the code is not left in the address
            expect(agent.get_by_role("main")).to_contain_text("Peut conduire\u00a0: B, C")
            verifier_accessible(agent, axe)

            agent.goto(_abimee(adresse))
            expect(verdict).to_contain_text("Ne pas accepter")
            expect(agent.get_by_role("main")).not_to_contain_text("MARTIN")
            verifier_accessible(agent, axe)

            agent.get_by_role("link", name="Vérifier un autre document").click()
            agent.get_by_label("Code imprimé").fill("7K3Q-MXW2")
            agent.get_by_role("button", name="Vérifier").click()
            expect(agent.get_by_role("group", name="Le code n'a pas pu être vérifié")).to_be_focused()
            verifier_accessible(agent, axe)
            agent.get_by_label("Code imprimé").fill((document.code_court or "").lower())
            agent.get_by_role("button", name="Vérifier").click()
            expect(verdict).to_have_text("Authentique et à jour")

            record_faits(
                dossier_id=dossier_id, faits=[suspension(timezone.localdate().isoformat())], au=timezone.localdate()
            )
            agent.goto("/")
            agent.goto(adresse)
            expect(verdict).to_contain_text("n'est plus à jour")
            expect(agent.get_by_role("main")).not_to_contain_text("Peut conduire")
            verifier_accessible(agent, axe)

        titulaire.goto("/mes-documents/verifications/")
        expect(titulaire.get_by_role("main").get_by_role("listitem")).to_have_count(3)
        verifier_accessible(titulaire, axe)
        titulaire.get_by_text("Retirer cette attestation").click()
        titulaire.get_by_role("button", name="Retirer l'attestation").click()
        expect(titulaire.get_by_role("main")).to_contain_text("Retirée par vous.")


def _abimee(adresse: str) -> str:
    """The same address, one byte of the code changed."""
    rang = adresse.index("#ADC1.") + 200
    return adresse[:rang] + ("A" if adresse[rang] != "A" else "B") + adresse[rang + 1 :]


def test_sans_javascript_le_code_se_tape(browser: Browser, live_server, dossier_id: int) -> None:
    from tests.documents.attestations import emettre

    document, jeton = emettre(dossier_id)
    with fenetre(browser, live_server.url, 320, "light", javascript=False) as agent:
        agent.goto(f"/verification/#{jeton.adresse.partition('#')[2]}")
        agent.get_by_label("Code imprimé").fill(document.code_court or "")
        agent.get_by_role("button", name="Vérifier").click()
        expect(agent.get_by_role("heading", level=1)).to_have_text("Authentique et à jour")
