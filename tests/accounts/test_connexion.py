"""/connexion/ and /deconnexion/: they work, and they tell nobody who has an account."""

import json
import re
from html import unescape
from http import HTTPStatus
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mespoints.lib.visiteur import NIVEAU_FC, NIVEAU_MOT_DE_PASSE, get_niveau, set_niveau
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory, RattachementFactory

pytestmark = pytest.mark.django_db
CONNEXION = "/connexion/"
FAUX = "un autre mot de passe"


@pytest.fixture
def compte() -> User:
    return RattachementFactory(user__email="camille@exemple.fr").user


def essayer(client: Client, login: str, password: str, **champs: str):
    return client.post(CONNEXION, {"login": login, "password": password, **champs})


def corps(reponse) -> str:
    """The body without what changes on each request: the token, and the address that the visitor typed."""
    texte = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", reponse.content.decode())
    return re.sub(r'name="login" value="[^"]*"', "", texte)


# --- It works -------------------------------------------------------------------------------------------------------


def test_la_page_montre_les_deux_portes_franceconnect_d_abord(client: Client) -> None:
    page = client.get(CONNEXION).content.decode()
    franceconnect, ou, compte = (
        page.index("S'identifier avec FranceConnect"),
        page.index("<span>ou</span>"),
        page.index("Me connecter avec mon compte"),
    )
    assert franceconnect < ou < compte
    assert 'name="login"' in page
    assert 'name="password"' in page
    assert "Format attendu\u00a0: nom@domaine.fr" in page
    assert reverse("account_reset_password") in page
    assert "/compte/creer/" in page
    assert "/franceconnect/connexion/" in page


def test_les_conducteurs_inventes_ne_sont_proposes_qu_en_demonstration(client: Client, settings) -> None:
    assert "Essayer sans compte" not in client.get(CONNEXION).content.decode()
    settings.MESPOINTS_DEMONSTRATION = True
    page = client.get(CONNEXION).content.decode()
    comptes = json.loads(Path(settings.BASE_DIR, "demo", "comptes.json").read_text(encoding="utf-8"))
    for compte in comptes["comptes"]:
        assert f'data-compte="{compte["email"]}"' in page
    assert comptes["mot_de_passe"] in page
    assert "admin@" not in page
    assert page.count('name="login"') == page.count('name="password"') == 1


@pytest.mark.parametrize("login", ["camille@exemple.fr", " Camille@Exemple.FR "])
def test_se_connecter_mene_a_mes_points_au_niveau_mot_de_passe(client: Client, compte: User, login: str) -> None:
    reponse = essayer(client, login, MOT_DE_PASSE)
    assert (reponse.status_code, reponse["Location"]) == (HTTPStatus.FOUND, "/mes-points/")
    assert client.session["_auth_user_id"] == str(compte.pk)
    assert client.session["niveau"] == NIVEAU_MOT_DE_PASSE


def test_une_connexion_par_mot_de_passe_abaisse_le_niveau_de_la_session(client: Client, compte: User, rf) -> None:
    client.force_login(compte)
    requete = rf.get("/")
    requete.session = client.session
    set_niveau(requete, NIVEAU_FC)
    requete.session.save()
    client.logout()
    essayer(client, compte.email, MOT_DE_PASSE)
    requete.session = client.session
    assert get_niveau(requete) == NIVEAU_MOT_DE_PASSE


def test_la_session_change_d_identifiant_a_la_connexion(client: Client, compte: User) -> None:
    client.session.save()
    client.cookies["sid"] = client.session.session_key
    avant = client.session.session_key
    essayer(client, compte.email, MOT_DE_PASSE)
    assert client.session.session_key != avant


def test_l_adresse_de_allauth_mene_ici_avec_sa_destination(client: Client) -> None:
    assert client.get("/compte/login/?next=/stages/")["Location"] == "/connexion/?next=/stages/"
    assert client.get("/compte/signup/")["Location"] == "/compte/creer/"


def test_deja_connecte_la_page_renvoie_a_mes_points(client: Client, compte: User) -> None:
    client.force_login(compte)
    assert client.get(CONNEXION)["Location"] == "/mes-points/"


# --- It tells nothing -----------------------------------------------------------------------------------------------


def test_une_meme_reponse_que_le_compte_existe_ou_non(client: Client, compte: User, settings) -> None:
    settings.EFFORT_APRES = 10_000  # its question is new on each page
    CompteFactory(email="desactive@exemple.fr", desactive=True)
    CompteFactory(email="franceconnect@exemple.fr", sans_mot_de_passe=True)
    essais = {
        "inconnu": essayer(client, "personne@exemple.fr", FAUX),
        "connu": essayer(client, compte.email, FAUX),
        "désactivé, bon mot de passe": essayer(client, "desactive@exemple.fr", MOT_DE_PASSE),
        "sans mot de passe": essayer(client, "franceconnect@exemple.fr", FAUX),
    }
    assert {reponse.status_code for reponse in essais.values()} == {HTTPStatus.OK}
    assert len({corps(reponse) for reponse in essais.values()}) == 1
    assert "L'adresse électronique ou le mot de passe est incorrect." in unescape(corps(essais["connu"]))
    assert "_auth_user_id" not in client.session


def test_l_adresse_tapee_reste_le_mot_de_passe_non(client: Client, compte: User) -> None:
    page = essayer(client, compte.email, FAUX).content.decode()
    assert f'value="{compte.email}"' in page
    assert FAUX not in page
    assert "<title>Erreur" in page


def test_un_mot_de_passe_oublie_repond_pareil_pour_tous(client: Client, compte: User, courriels_partis) -> None:
    for email in (compte.email, "personne@exemple.fr"):
        reponse = client.post("/compte/password/reset/", {"email": email})
        assert reponse["Location"] == "/compte/password/reset/done/"
    assert len(courriels_partis()) == 2
    assert all("Mes Points Permis" in message.subject for message in courriels_partis())


def test_un_nouveau_mot_de_passe_se_choisit_par_le_lien_recu(client: Client, compte: User, courriels_partis) -> None:
    client.post("/compte/password/reset/", {"email": compte.email})
    lien = re.search(r"http://testserver(/compte/password/reset/key/\S+)", courriels_partis()[0].body)[1]
    page = client.get(lien, follow=True)
    nouveau = "quatre mots pour la route"
    client.post(page.request["PATH_INFO"], {"password1": nouveau, "password2": nouveau})
    assert essayer(Client(), compte.email, nouveau)["Location"] == "/mes-points/"
    assert client.get(lien, follow=True).context["token_fail"], "the link works once"


def test_le_sixieme_echec_attend_meme_avec_le_bon_mot_de_passe(client: Client, compte: User, settings) -> None:
    settings.EFFORT_APRES = 10_000
    for _ in range(5):
        essayer(client, compte.email, FAUX)
    reponse = essayer(client, compte.email, MOT_DE_PASSE)
    assert "Trop d'essais" in unescape(reponse.content.decode())
    assert reponse.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert 800 < int(reponse["Retry-After"]) <= 900
    assert "_auth_user_id" not in client.session


# --- next= stays on the site ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suite", ["/stages/", "/mes-points/previsionnel/?a=1", "/x\r\nX-Y: z"])
def test_next_suit_un_chemin_du_site(client: Client, compte: User, suite: str) -> None:
    reponse = essayer(client, compte.email, MOT_DE_PASSE, next=suite)
    assert reponse.status_code == HTTPStatus.FOUND
    assert re.match(r"/\w", reponse["Location"])
    assert "\n" not in reponse["Location"]


@pytest.mark.parametrize(
    "suite",
    [
        *(
            "//evil",
            "///evil",
            "/\\evil",
            "\\\\evil",
            "https:evil",
            "https://evil",
            "http:///evil",
            "javascript:alert(1)",
        ),
        *(
            "javascript:alert(1)",
            " //evil",
            "/\t/evil",
            "http://testserver@evil/",
            "evil",
            "//evil/" + "a" * 2000,
        ),
    ],
)
def test_next_ne_mene_jamais_ailleurs(client: Client, compte: User, suite: str) -> None:
    client.get(CONNEXION, {"next": suite})
    reponse = essayer(client, compte.email, MOT_DE_PASSE, next=suite)
    assert reponse["Location"] == "/mes-points/"
    assert client.post("/deconnexion/", {"next": suite})["Location"] == "/"


# --- What a form should never receive -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("", ""),
        ("pas une adresse", "x"),
        ("a" * 5_000 + "@exemple.fr", "x"),
        ("camille@exemple.fr", "x" * 100_000),
        ("camille@exemple.fr\r\nBcc: tous@exemple.fr", "x"),
        ("<script>alert(1)</script>@exemple.fr", "x"),
        ("‮camille@exemple.fr", "🚗" * 200),
    ],
)
def test_une_saisie_impossible_est_une_erreur_de_formulaire(
    client: Client, compte: User, login: str, password: str
) -> None:
    reponse = essayer(client, login, password)
    assert reponse.status_code == HTTPStatus.OK
    assert reponse.context["form"].errors
    assert b"<script>" not in reponse.content


def test_au_dela_de_256_caracteres_le_mot_de_passe_n_est_pas_hache(client: Client, compte: User, monkeypatch) -> None:
    def refuser(*args: object, **kwargs: object) -> None:
        raise AssertionError("hashed")

    monkeypatch.setattr(User, "check_password", refuser)
    monkeypatch.setattr(User, "set_password", refuser)
    assert essayer(client, compte.email, "x" * 257).status_code == HTTPStatus.OK


def test_un_mot_de_passe_est_compare_exactement(client: Client, compte: User) -> None:
    compte.set_password(" 🚗 espaces et accents é ")
    compte.save()
    assert "_auth_user_id" not in essayer(client, compte.email, "🚗 espaces et accents é").wsgi_request.session
    assert essayer(client, compte.email, " 🚗 espaces et accents é ").status_code == HTTPStatus.FOUND


def test_un_champ_en_double_n_est_pas_une_panne(client: Client, compte: User) -> None:
    donnees = f"login=a@exemple.fr&login={compte.email}&password=x&password={MOT_DE_PASSE}"
    reponse = client.post(CONNEXION, donnees, content_type="application/x-www-form-urlencoded")
    assert reponse.status_code == HTTPStatus.BAD_REQUEST


def test_un_megaoctet_est_refuse_par_une_page(client: Client) -> None:
    reponse = essayer(client, "a@exemple.fr", "x" * 1_048_576)
    assert reponse.status_code == HTTPStatus.BAD_REQUEST
    assert "Cette demande n'a pas pu être lue" in reponse.content.decode()


def test_mille_champs_sont_refuses_par_une_page(client: Client) -> None:
    reponse = client.post(CONNEXION, {f"champ{n}": "x" for n in range(1000)})
    assert reponse.status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("corps_brut", [b"\xff\xfe=\xff", b"login=%00%ff&password=%c3%28", b"&&&===", b"%"])
def test_des_octets_quelconques_ne_sont_pas_une_panne(client: Client, corps_brut: bytes) -> None:
    reponse = client.post(CONNEXION, corps_brut, content_type="application/x-www-form-urlencoded")
    assert reponse.status_code in {HTTPStatus.OK, HTTPStatus.BAD_REQUEST}


# --- The way out ----------------------------------------------------------------------------------------------------


def test_se_deconnecter_est_un_post_et_un_get_demande_d_abord(client: Client, compte: User) -> None:
    client.force_login(compte)
    page = client.get("/deconnexion/")
    assert "Voulez-vous vous déconnecter" in page.content.decode()
    assert "_auth_user_id" in client.session
    ancienne = client.session.session_key
    reponse = client.post("/deconnexion/", follow=True)
    assert reponse.redirect_chain == [("/", HTTPStatus.FOUND)]
    assert "Vous êtes déconnecté" in reponse.content.decode()
    client.cookies["sid"] = ancienne
    assert client.get("/mes-points/").status_code == HTTPStatus.FOUND, "the old session is dead"


def test_se_deconnecter_deux_fois_n_est_pas_une_erreur(client: Client) -> None:
    assert client.post("/deconnexion/")["Location"] == "/"
    assert client.get("/deconnexion/")["Location"] == "/"


def test_sans_jeton_le_formulaire_est_refuse_par_une_page_qui_dit_quoi_faire(compte: User) -> None:
    client = Client(enforce_csrf_checks=True)
    reponse = essayer(client, compte.email, MOT_DE_PASSE)
    assert reponse.status_code == HTTPStatus.FORBIDDEN
    page = reponse.content.decode()
    assert "Ce formulaire a expiré" in page
    assert f'href="{CONNEXION}"' in page
