"""Nobody enters the administration but by a password and a second factor."""

import time
from html import unescape
from http import HTTPStatus

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.checks import check_admin_host
from accounts.models import Agent, User
from accounts.selectors import get_agent
from demo.codes import code
from mespoints.lib import visiteur as niveaux
from tests.accounts.agents import SECRET, ajouter_une_application, connecter_agent
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory, DossierFactory, RattachementFactory
from tests.mespoints.adresses import adresses

pytestmark = pytest.mark.django_db
ADMINISTRATION = [adresse for adresse in adresses() if adresse.chemin.startswith("/admin/")]


def se_connecter(compte: User) -> Client:
    client = Client()
    reponse = client.post("/connexion/", {"login": compte.email, "password": MOT_DE_PASSE, "next": "/admin/"})
    assert reponse.status_code == HTTPStatus.FOUND
    return client


def donner(client: Client, saisi: str):
    return client.post("/compte/double-authentification/authenticate/", {"code": saisi})


@pytest.fixture
def agent() -> User:
    compte = CompteFactory(email="agent@exemple.fr", administrateur=True)
    ajouter_une_application(compte)
    return compte


@pytest.mark.parametrize("methode", ["get", "post"])
@pytest.mark.parametrize("qui", ["anonyme", "conducteur", "sans facteur", "facteur non donné", "par FranceConnect"])
def test_aucune_adresse_de_l_administration_ne_s_ouvre(client: Client, agent: User, qui: str, methode: str) -> None:
    """Each address of the administration, five identities, none of which is enough."""
    if qui == "conducteur":
        client.force_login(RattachementFactory().user)
    elif qui == "sans facteur":
        connecter_agent(client, CompteFactory(administrateur=True), preuves=("password",))
    elif qui == "facteur non donné":
        connecter_agent(client, agent, preuves=("password",))
    elif qui == "par FranceConnect":
        connecter_agent(client, agent, preuves=("franceconnect", "mfa"))
    assert len(ADMINISTRATION) > 10
    for adresse in ADMINISTRATION:
        reponse = getattr(client, methode)(adresse.chemin)
        assert reponse.status_code in {HTTPStatus.FOUND, HTTPStatus.FORBIDDEN}, adresse
        if reponse.status_code == HTTPStatus.FOUND:
            assert reponse["Location"].startswith(
                ("/connexion/?", "/admin/login/?", "/compte/double-authentification/")
            )


def test_un_mot_de_passe_et_un_code_ouvrent_l_administration(agent: User) -> None:
    client = se_connecter(agent)
    assert client.get("/admin/").status_code == HTTPStatus.FOUND, "the password alone opens nothing"
    assert donner(client, code(SECRET, time.time()))["Location"] == "/admin/"
    assert client.get("/admin/").status_code == HTTPStatus.OK


def test_un_agent_sans_facteur_est_mene_a_en_ajouter_un(client: Client) -> None:
    connecter_agent(client, CompteFactory(administrateur=True), preuves=("password",))
    reponse = client.get("/admin/", follow=True)
    assert reponse.redirect_chain == [("/compte/double-authentification/", HTTPStatus.FOUND)]
    assert "L'administration demande une double authentification" in unescape(reponse.content.decode())


@pytest.mark.parametrize(("decalage", "passe"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_un_code_voisin_est_accepte_pas_un_plus_lointain(agent: User, monkeypatch, decalage: int, passe: bool) -> None:
    maintenant = 1_800_000_015.0
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: maintenant)
    reponse = donner(se_connecter(agent), code(SECRET, maintenant + decalage))
    assert (reponse.status_code == HTTPStatus.FOUND) is passe


def test_un_code_ne_sert_qu_une_fois_meme_sans_redis(agent: User, settings, tmp_path) -> None:
    settings.CACHES = {
        alias: {**reglage, "LOCATION": f"unix://{tmp_path}/personne.sock?db=0"}
        for alias, reglage in settings.CACHES.items()
    }
    du_moment = code(SECRET, time.time())
    assert donner(se_connecter(agent), du_moment).status_code == HTTPStatus.FOUND
    rejoue = donner(se_connecter(agent), du_moment)
    assert rejoue.status_code == HTTPStatus.OK
    assert "déjà servi" in rejoue.context["form"].errors["code"][0]


@pytest.mark.parametrize("separe", [" ", "-", "."])
def test_un_code_ne_sert_qu_une_fois_quelle_que_soit_son_ecriture(agent: User, separe: str) -> None:
    """allauth forgets a code after its own thirty seconds, which is less than it is valid."""
    du_moment = code(SECRET, time.time())
    assert donner(se_connecter(agent), du_moment).status_code == HTTPStatus.FOUND
    cache.clear()
    rejoue = donner(se_connecter(agent), f"{du_moment[:3]}{separe}{du_moment[3:]}")
    assert "déjà servi" in rejoue.context["form"].errors["code"][0]


def test_le_code_qui_active_une_application_ne_sert_pas_a_se_connecter(agent: User) -> None:
    Authenticator.objects.filter(user=agent).delete()
    client = se_connecter(agent)
    client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})
    secret = client.get("/compte/double-authentification/totp/activate/").context["form"].secret
    du_moment = code(secret, time.time())
    client.post("/compte/double-authentification/totp/activate/", {"code": du_moment})
    assert Authenticator.objects.filter(user=agent, type="totp").exists()
    cache.clear()
    rejoue = donner(se_connecter(agent), du_moment)
    assert "déjà servi" in rejoue.context["form"].errors["code"][0]


def test_les_codes_ne_se_devinent_pas(agent: User) -> None:
    """Five, from any network and in any session; the right one waits too."""
    for n in range(5):
        assert donner(se_connecter(agent), f"{n:06}").status_code == HTTPStatus.OK
    reponse = donner(se_connecter(agent), code(SECRET, time.time()))
    assert "Trop de codes essayés" in reponse.context["form"].errors["code"][0]


def test_un_code_de_secours_sert_une_fois_et_est_annonce(agent: User, courriels_partis) -> None:
    secours = RecoveryCodes.activate(agent).get_unused_codes()[0]
    assert donner(se_connecter(agent), secours).status_code == HTTPStatus.FOUND
    assert donner(se_connecter(agent), secours).status_code == HTTPStatus.OK
    assert [m for m in courriels_partis() if "codes de secours vient d'être utilisé" in m.body]


def test_un_agent_garde_son_dernier_facteur_un_conducteur_non(client: Client, agent: User) -> None:
    connecter_agent(client, agent)
    client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})
    client.post("/compte/double-authentification/totp/deactivate/")
    assert Authenticator.objects.filter(user=agent).exists()
    conducteur = RattachementFactory().user
    ajouter_une_application(conducteur)
    autre = Client()
    autre.force_login(conducteur)
    autre.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})
    autre.post("/compte/double-authentification/totp/deactivate/")
    assert not Authenticator.objects.filter(user=conducteur).exists()


def test_les_secrets_sont_chiffres_et_survivent_a_une_rotation(agent: User, settings) -> None:
    facteur = Authenticator.objects.get(user=agent)
    assert SECRET not in str(facteur.data)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "une autre clé " * 5
    assert donner(se_connecter(agent), code(SECRET, time.time())).status_code == HTTPStatus.FOUND


def test_la_requete_dit_de_quel_departement_est_l_agent(agent: User, rf) -> None:
    assert get_agent(agent) == niveaux.Agent("administration", None, agent.pk)
    Agent.objects.create(user=agent, departement="69")
    assert get_agent(agent) == niveaux.Agent("instruction", "69", agent.pk)
    assert get_agent(CompteFactory(is_staff=True)) is None, "of the staff, but nobody said what for"
    assert get_agent(RattachementFactory().user) is None


# --- put_agent --------------------------------------------------------------------------------------------------------


def test_la_commande_fait_un_agent_et_change_son_role(client: Client) -> None:
    call_command("put_agent", "nouvelle@exemple.fr", "--role", "lecture", "--departement", "2A")
    compte = User.objects.get(email="nouvelle@exemple.fr")
    assert get_agent(compte) == niveaux.Agent("lecture", "2A", compte.pk)
    sien = DossierFactory()
    call_command("put_agent", "Nouvelle@exemple.fr", "--role", "validation", "--departement", "69", "--neph", sien.neph)
    assert get_agent(compte) == niveaux.Agent("validation", "69", compte.pk, sien.pk)
    assert compte.has_usable_password(), "or the forgotten password would open no door"
    client.force_login(compte)
    assert client.get("/admin/").status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    "options",
    [
        ["a@exemple.fr", "--role", "lecture"],
        ["a@exemple.fr", "--role", "administration", "--departement", "69"],
        ["a@exemple.fr", "--role", "lecture", "--departement", "20"],
        ["a@exemple.fr", "--role", "chef", "--departement", "69"],
        ["pas une adresse", "--role", "lecture", "--departement", "69"],
        ["a@exemple.fr", "--role", "lecture", "--departement", "69", "--neph", "990175199999"],
    ],
)
def test_la_commande_refuse_ce_qui_ne_va_pas(options: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("put_agent", *options)
    assert not Agent.objects.exists()


def test_un_conducteur_ne_devient_pas_agent() -> None:
    conducteur = RattachementFactory().user
    with pytest.raises(CommandError, match="un agent qui conduit a un autre compte"):
        call_command("put_agent", conducteur.email, "--role", "lecture", "--departement", "69")
    conducteur.refresh_from_db()
    assert not conducteur.is_staff


def test_l_administration_a_son_nom(settings) -> None:
    settings.ADMIN_HOST = "bureau.exemple.fr"
    assert [faute.id for faute in check_admin_host(None)] == ["accounts.E020"]
    settings.ALLOWED_HOSTS = [".exemple.fr"]
    assert check_admin_host(None) == []
