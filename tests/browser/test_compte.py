"""A driver looks after the account: each page and its error state, in both sizes and themes."""

import time

import pytest
from playwright.sync_api import Page, expect

from accounts import courriels
from accounts.models import Courriel
from demo.codes import code
from tests.accounts.agents import SECRET, ajouter_une_application
from tests.accounts.factories import MOT_DE_PASSE, RattachementFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def compte():
    return RattachementFactory(user__email="camille.martin@exemple.fr").user


def se_connecter(page: Page, email: str, mot_de_passe: str = MOT_DE_PASSE, base: str = "") -> None:
    page.goto(f"{base}/connexion/")
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe").fill(mot_de_passe)
    with page.expect_navigation(wait_until="networkidle"):  # what the next page asks for is not cut off by another
        page.get_by_role("button", name="Me connecter").click()


def confirmer(page: Page) -> None:
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("button", name="Confirmer").click()


def test_les_pages_du_compte_et_leurs_erreurs(page: Page, compte, accessible) -> None:
    se_connecter(page, compte.email)
    for chemin in ("/compte/", "/compte/sessions/", "/compte/double-authentification/", "/compte/reauthenticate/"):
        page.goto(chemin)
        accessible()
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_role("group", name="La confirmation n'a pas abouti")).to_be_focused()
    accessible()

    page.goto("/compte/password/change/")
    accessible()
    page.get_by_label("Mot de passe actuel").fill(MOT_DE_PASSE)
    page.get_by_label("Nouveau mot de passe").fill("Permis2026!!!")
    page.get_by_label("Le même, encore une fois").fill("Permis2026!!!")
    page.get_by_role("button", name="Changer mon mot de passe").click()
    expect(page.get_by_role("group", name="Le mot de passe n'a pas été changé")).to_contain_text(
        "ce que l'on sait de vous"
    )
    accessible()

    page.goto("/compte/fermer/")
    accessible()
    page.get_by_role("button", name="Fermer mon compte").click()
    accessible()


def test_ajouter_une_application_de_codes_puis_s_en_servir(page: Page, compte, accessible) -> None:
    se_connecter(page, compte.email)
    page.goto("/compte/double-authentification/totp/activate/")
    confirmer(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ajouter une application de codes")
    accessible()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Ajouter l'application").click()
    accessible()
    secret = page.locator("code").inner_text()
    page.get_by_label("Code").fill(code(secret, time.time()))
    page.get_by_role("button", name="Ajouter l'application").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes codes de secours")
    expect(page.locator(".mp-codes li")).to_have_count(10)
    accessible()
    for chemin in ("", "recovery-codes/generate/", "totp/deactivate/", "webauthn/", "webauthn/add/"):
        page.goto(f"/compte/double-authentification/{chemin}")
        accessible()


def test_le_second_facteur_a_la_connexion(page: Page, compte, accessible) -> None:
    ajouter_une_application(compte)
    se_connecter(page, compte.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmer la connexion")
    accessible()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Me connecter").click()
    expect(page.get_by_role("group", name="La connexion n'a pas abouti")).to_contain_text("Ce code n'est pas le bon")
    accessible()
    page.get_by_label("Code").fill(code(SECRET, time.time()))
    page.get_by_role("button", name="Me connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes points")


def test_une_cle_d_acces_s_ajoute_se_refuse_et_confirme(page: Page, compte) -> None:
    """With Chromium's virtual authenticator: a cancelled prompt says what else to do."""
    page.goto("/connexion/", wait_until="networkidle")
    base = page.url.replace("127.0.0.1", "localhost").removesuffix("/connexion/")  # passkeys want a name
    se_connecter(page, compte.email, base=base)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes points")
    page.goto(f"{base}/compte/double-authentification/webauthn/add/")
    confirmer(page)

    banc = page.context.new_cdp_session(page)
    banc.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    cle = banc.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": False, "automaticPresenceSimulation": True}},
    )["authenticatorId"]
    banc.send("WebAuthn.setUserVerified", {"authenticatorId": cle, "isUserVerified": True})
    page.get_by_label("Nom de la clé").fill("Mon ordinateur")
    page.get_by_role("button", name="Ajouter cette clé d'accès").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes codes de secours")

    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("status")).to_contain_text("Vous êtes déconnecté.")
    page.wait_for_load_state("networkidle")
    se_connecter(page, compte.email, base=base)
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmer la connexion")
    banc.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": cle})
    page.evaluate("window.webauthnJSON = { get: () => Promise.reject(new Error('annulé')) }")
    page.get_by_role("button", name="Utiliser ma clé d'accès").click()
    expect(page.get_by_role("alert")).to_contain_text("Recommencez, ou utilisez un code")


def test_pas_moi_et_mot_de_passe_oublie(page: Page, compte, accessible) -> None:
    se_connecter(page, compte.email)
    lien = courriels.lien_pas_moi(Courriel.objects.get()).removeprefix("http://testserver")
    page.context.clear_cookies()
    page.goto(lien)
    accessible()
    page.get_by_role("button", name="Ce n'était pas moi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre compte est protégé")
    accessible()
    page.goto(lien)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce lien ne peut plus servir")
    accessible()


def test_l_effort_se_fait_tout_seul_apres_trois_echecs(page: Page, compte, accessible) -> None:
    for _ in range(3):
        se_connecter(page, compte.email, "pas le bon")
    expect(page.get_by_role("status").filter(has_text="Vérification automatique terminée.")).to_be_visible()
    accessible()
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Me connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes points")


def test_la_fin_de_la_session_est_annoncee_et_repoussee(page: Page, compte, accessible) -> None:
    page.clock.install()
    se_connecter(page, compte.email)
    page.goto("/compte/")
    page.clock.run_for(15 * 60_000)
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.clock.run_for(61_000)
    dialogue = page.get_by_role("dialog", name="Êtes-vous toujours là")
    expect(dialogue).to_be_visible()
    expect(dialogue).to_contain_text("3 minutes")
    expect(page.get_by_role("button", name="Rester connecté")).to_be_focused()
    accessible()
    page.get_by_role("button", name="Rester connecté").click()
    expect(dialogue).to_be_hidden()
    page.clock.run_for(17 * 60_000)
    expect(dialogue).to_be_visible()
    page.context.clear_cookies()  # as the server's own clock will have done
    parties: list[str] = []
    page.on("request", lambda demande: parties.append(demande.url) if demande.is_navigation_request() else None)
    page.clock.run_for(2 * 60_000 + 30_000)  # half a minute past the end: a slow network's answer is waited for
    page.wait_for_url("**/connexion/?next=%2Fcompte%2F")
    assert len(parties) == 1
