"""The tries of others make an account's owner wait nowhere that they opened it before."""

import re
import time
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings as reglages
from django.test import Client, RequestFactory

from accounts.compte.appareils import COMPTES
from accounts.compte.securite import contester
from accounts.courriels import PAS_MOI, signer_lien
from accounts.limites import CONNEXION, consommer
from accounts.models import Compteur, Courriel, IdentiteFranceConnect, User
from tests.accounts.agents import ajouter_une_application
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory
from tests.accounts.test_franceconnect_second_facteur import CODE, code
from tests.franceconnect import se_connecter

pytestmark = pytest.mark.django_db

CONNU = reglages.DEVICE_COOKIE_NAME
NOUVEAU = "quatre mots pour la route"
TROP = HTTPStatus.TOO_MANY_REQUESTS


@pytest.fixture(autouse=True)
def _sans_effort(settings) -> None:
    settings.EFFORT_APRES = 10_000


@pytest.fixture
def compte() -> User:
    return CompteFactory(email="camille@exemple.fr")


def entrer(client: Client, email: str = "camille@exemple.fr", mot_de_passe: str = MOT_DE_PASSE, **ou: str) -> Any:
    return client.post("/connexion/", {"login": email, "password": mot_de_passe}, **ou)


def attaquer(email: str = "camille@exemple.fr", *, reseaux: int = 10, fois: int = 5) -> None:
    """Wrong passwords from many networks: more than the account has in an hour. The door counts."""
    for n in range(reseaux):
        entrer(Client(), email, "faux", REMOTE_ADDR=f"198.51.100.{n}")
        for _ in range(fois - 1):
            consommer(CONNEXION, RequestFactory().post("/", REMOTE_ADDR=f"198.51.100.{n}"), email)
    assert entrer(Client(), email, MOT_DE_PASSE, REMOTE_ADDR="203.0.113.250").status_code == TROP


@pytest.fixture
def navigateur(compte: User) -> Client:
    """In which Camille signed in, then out."""
    client = Client(REMOTE_ADDR="203.0.113.1")
    assert entrer(client)["Location"] == "/mes-points/"
    client.post("/deconnexion/")
    return client


def test_cinq_essais_d_un_reseau_n_arretent_que_ce_reseau(compte: User) -> None:
    for _ in range(6):
        reponse = entrer(Client(), mot_de_passe="faux", REMOTE_ADDR="198.51.100.1")
    assert reponse.status_code == TROP
    assert entrer(Client(), REMOTE_ADDR="203.0.113.1")["Location"] == "/mes-points/", "nobody knows this browser"


def test_qui_est_arrete_n_use_rien_de_ce_qui_reste_au_compte(compte: User) -> None:
    for _ in range(100):
        entrer(Client(), mot_de_passe="faux", REMOTE_ADDR="198.51.100.1")
    assert entrer(Client(), REMOTE_ADDR="203.0.113.1")["Location"] == "/mes-points/"


def test_un_navigateur_connu_entre_pendant_l_attaque(navigateur: Client) -> None:
    attaquer()
    assert entrer(navigateur)["Location"] == "/mes-points/"
    navigateur.post("/deconnexion/")
    assert entrer(navigateur, REMOTE_ADDR="198.51.100.1")["Location"] == "/mes-points/", "on their network too"


def test_vingt_erreurs_derriere_une_adresse_n_arretent_personne(compte: User) -> None:
    """Three hundred agents of a prefecture share one address."""
    for n in range(20):
        entrer(Client(), f"agent{n}@exemple.fr", "faux", REMOTE_ADDR="203.0.113.1")
    assert entrer(Client(), REMOTE_ADDR="203.0.113.1")["Location"] == "/mes-points/"


def test_un_navigateur_connu_ne_devine_rien_non_plus(navigateur: Client) -> None:
    statuts = [entrer(navigateur, mot_de_passe="faux", REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(6)]
    assert statuts == [HTTPStatus.OK] * 5 + [TROP], "its own tries are counted, wherever it is"
    assert entrer(Client(), REMOTE_ADDR="203.0.113.9")["Location"] == "/mes-points/", "and make nobody else wait"


def test_le_cookie_copie_mille_fois_est_un_seul_navigateur(navigateur: Client) -> None:
    copie = navigateur.cookies[CONNU].value
    for n in range(5):
        ailleurs = Client(REMOTE_ADDR=f"198.51.100.{n}")
        ailleurs.cookies[CONNU] = copie
        assert entrer(ailleurs, mot_de_passe="faux").status_code == HTTPStatus.OK
    assert entrer(navigateur).status_code == TROP


@pytest.mark.parametrize("autre", ["", "x", "W10:1aaaaa:bbbb", "é" * 10])
def test_un_cookie_contrefait_n_est_rien(compte: User, autre: str) -> None:
    attaquer()
    client = Client(REMOTE_ADDR="203.0.113.1")
    client.cookies[CONNU] = autre
    assert entrer(client).status_code == TROP


def test_le_cookie_d_un_compte_ne_sert_pas_a_un_autre(navigateur: Client) -> None:
    CompteFactory(email="victime@exemple.fr")
    attaquer("victime@exemple.fr")
    assert entrer(navigateur, "victime@exemple.fr").status_code == TROP


def test_il_est_illisible_aux_scripts_signe_et_dure_six_mois(navigateur: Client, compte: User) -> None:
    temoin = navigateur.cookies[CONNU]
    assert (temoin["httponly"], temoin["samesite"], temoin["path"]) == (True, "Strict", "/")
    assert int(temoin["max-age"]) == 180 * 86400
    assert compte.email not in temoin.value


def test_en_production_il_n_est_qu_a_ce_site_et_par_tls(settings, compte: User) -> None:
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    entrer(client)
    assert client.cookies[CONNU]["secure"] is True


def test_un_essai_manque_ne_fait_connaitre_aucun_navigateur(compte: User) -> None:
    client = Client()
    entrer(client, mot_de_passe="faux")
    assert CONNU not in client.cookies


def test_le_mot_de_passe_seul_ne_fait_pas_connaitre_le_navigateur(compte: User) -> None:
    """Somebody who knows the password and not the second factor is no known browser."""
    ajouter_une_application(compte)
    client = Client()
    assert entrer(client)["Location"] == CODE
    assert CONNU not in client.cookies
    client.post(CODE, {"code": code()})
    assert CONNU in client.cookies


def test_un_autre_mot_de_passe_oublie_tous_les_navigateurs_sauf_celui_ou_il_est_choisi(navigateur: Client) -> None:
    ailleurs = Client(REMOTE_ADDR="203.0.113.2")
    entrer(ailleurs)
    reponse = ailleurs.post(
        "/compte/password/change/", {"oldpassword": MOT_DE_PASSE, "password1": NOUVEAU, "password2": NOUVEAU}
    )
    assert reponse.status_code == HTTPStatus.FOUND
    attaquer()
    assert entrer(navigateur, mot_de_passe=NOUVEAU).status_code == TROP
    assert entrer(ailleurs, mot_de_passe=NOUVEAU)["Location"] == "/mes-points/"


def test_ce_n_etait_pas_moi_oublie_les_navigateurs(navigateur: Client, compte: User) -> None:
    contester(signer_lien(PAS_MOI, Courriel.objects.filter(user=compte).latest("created_at").pk))
    compte.refresh_from_db()
    compte.set_password(NOUVEAU)
    compte.save()
    attaquer()
    assert entrer(navigateur, mot_de_passe=NOUVEAU).status_code == TROP


@pytest.mark.usefixtures("fc")
def test_ce_n_etait_pas_moi_les_oublie_aussi_pour_un_compte_de_franceconnect() -> None:
    client = Client()
    se_connecter(client)
    user = IdentiteFranceConnect.objects.get().user
    avant = user.password
    contester(signer_lien(PAS_MOI, Courriel.objects.filter(user=user).latest("created_at").pk))
    user.refresh_from_db()
    assert user.password != avant
    assert not user.has_usable_password()


def test_le_second_facteur_ne_se_bloque_pas_non_plus_du_dehors(compte: User, monkeypatch) -> None:
    """Who knows the password tries codes from many networks: the owner's browser still passes."""
    ajouter_une_application(compte)
    navigateur = Client(REMOTE_ADDR="203.0.113.1")
    entrer(navigateur)
    navigateur.post(CODE, {"code": code()})
    navigateur.post("/deconnexion/")
    for n in range(5):
        voleur = Client(REMOTE_ADDR=f"198.51.100.{n}")
        entrer(voleur)
        for _ in range(5):
            reponse = voleur.post(CODE, {"code": "000000"})
    assert "Trop de codes essayés" in str(reponse.context["form"].errors)
    entrer(navigateur)
    plus_tard = time.time() + 30  # the code of these thirty seconds served already
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: plus_tard)
    assert navigateur.post(CODE, {"code": code()})["Location"] == "/mes-points/"


def test_l_effort_n_est_demande_au_navigateur_connu_que_pour_ses_propres_erreurs(navigateur: Client, settings) -> None:
    settings.EFFORT_APRES = 3
    for _ in range(4):
        entrer(Client(), mot_de_passe="faux", REMOTE_ADDR="203.0.113.1")
    assert entrer(navigateur)["Location"] == "/mes-points/"


def test_le_navigateur_ou_l_on_choisit_un_nouveau_mot_de_passe_entre_aussi(compte: User, courriels_partis) -> None:
    """The attack goes on between the mail and the sign-in."""
    attaquer()
    client = Client(REMOTE_ADDR="203.0.113.1")
    client.post("/compte/password/reset/", {"email": compte.email})
    lien = re.search(r"http://testserver(/compte/password/reset/key/\S+)", courriels_partis()[-1].body)
    assert lien
    page = client.get(lien[1], follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NOUVEAU, "password2": NOUVEAU})
    Compteur.objects.all().delete()
    attaquer()
    assert entrer(client, mot_de_passe=NOUVEAU)["Location"] == "/mes-points/"


def test_un_nouveau_mot_de_passe_par_courriel_ne_donne_pas_de_codes_de_plus(compte: User, courriels_partis) -> None:
    """Who holds the mailbox but not the second factor stays a stranger: each new password would be five more codes."""
    ajouter_une_application(compte)
    client = Client(REMOTE_ADDR="203.0.113.1")
    client.post("/compte/password/reset/", {"email": compte.email})
    lien = re.search(r"http://testserver(/compte/password/reset/key/\S+)", courriels_partis()[-1].body)
    assert lien
    page = client.get(lien[1], follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NOUVEAU, "password2": NOUVEAU})
    assert CONNU not in client.cookies


def test_sans_javascript_les_essais_d_un_autre_ne_prennent_pas_les_miens(compte: User, settings) -> None:
    settings.EFFORT_APRES = 0
    for n in range(3):
        entrer(Client(), mot_de_passe="faux", REMOTE_ADDR=f"198.51.100.{n}")
    assert entrer(Client(), REMOTE_ADDR="203.0.113.1")["Location"] == "/mes-points/"


def test_un_navigateur_partage_se_souvient_des_derniers_comptes(compte: User) -> None:
    client = Client(REMOTE_ADDR="203.0.113.1")
    for n in range(COMPTES + 1):
        qui = CompteFactory(email=f"famille{n}@exemple.fr")
        entrer(client, qui.email)
        client.post("/deconnexion/")
    for n, attendu in ((0, TROP), (COMPTES, HTTPStatus.FOUND)):
        attaquer(f"famille{n}@exemple.fr")
        assert entrer(client, f"famille{n}@exemple.fr").status_code == attendu
    assert len(client.cookies[CONNU].value) < 1_000
