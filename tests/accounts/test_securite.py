"""The owner is told of what happens to the account, and may answer that it was not them."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.signing import Signer
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.compte.securite import decrire_appareil, record_evenement
from accounts.models import Courriel, User
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory, RattachementFactory

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PAS_MOI = re.compile(r"http://testserver(/compte/pas-moi/\S+)")


@pytest.fixture
def compte() -> User:
    return RattachementFactory(user__email="camille@exemple.fr").user


def connecter(email: str, mot_de_passe: str = MOT_DE_PASSE) -> Client:
    client = Client(HTTP_USER_AGENT=FIREFOX)
    assert client.post("/connexion/", {"login": email, "password": mot_de_passe})["Location"] == "/mes-points/"
    return client


def confirmer(client: Client) -> Client:
    """Type the password once more, as what protects the account asks."""
    assert client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE}).status_code == HTTPStatus.FOUND
    return client


def est_connecte(client: Client) -> bool:
    return client.get("/compte/").status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    ("user_agent", "mots"),
    [
        (FIREFOX, "Firefox sur un ordinateur Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1",
            "Safari sur un iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome sur un téléphone Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge sur un ordinateur Windows",
        ),
        ("<script>alert(1)</script>", "un navigateur inconnu sur un appareil inconnu"),
        ("", "un navigateur inconnu sur un appareil inconnu"),
    ],
)
def test_un_appareil_se_dit_en_mots(user_agent: str, mots: str) -> None:
    assert decrire_appareil(user_agent) == mots


def test_chaque_connexion_est_annoncee_sans_rien_du_dossier(compte: User, courriels_partis) -> None:
    connecter(compte.email)
    (message,) = courriels_partis()
    assert message.to == [compte.email]
    assert message.subject == "Nouvelle connexion à Mes Points Permis"
    assert "Firefox sur un ordinateur Windows" in message.body
    assert "votre adresse électronique et votre mot de passe" in message.body
    assert re.search(r"Quand\u00a0: le (1er|\d+)\s\w+\s20\d\d à \d\d:\d\d", message.body)
    assert PAS_MOI.search(message.body)
    dossier = compte.rattachements.get().dossier
    for interdit in (dossier.neph, dossier.nom_naissance, "point de", "solde", MOT_DE_PASSE):
        assert interdit not in message.body


def test_un_echec_n_annonce_rien(compte: User, courriels_partis) -> None:
    Client().post("/connexion/", {"login": compte.email, "password": "faux"})
    assert courriels_partis() == []


# --- « Ce n'était pas moi » -----------------------------------------------------------------------------------------


def test_un_get_ne_fait_rien_le_bouton_ferme_tout(compte: User, courriels_partis) -> None:
    intrus, autre = connecter(compte.email), connecter(compte.email)
    chemin = PAS_MOI.search(courriels_partis()[0].body)[1]
    with CaptureQueriesContext(connection) as requetes:
        page = Client().get(chemin)
    assert "protéger mon compte" in page.content.decode()
    assert [r["sql"] for r in requetes if not r["sql"].startswith("SELECT")] == []
    assert est_connecte(intrus)

    reponse = Client(enforce_csrf_checks=True).post(chemin)
    assert reponse.status_code == HTTPStatus.FORBIDDEN
    assert est_connecte(intrus)

    page = Client().post(chemin).content.decode()
    assert "Votre compte est protégé" in page
    assert compte.email not in page
    assert not est_connecte(intrus)
    assert not est_connecte(autre)
    essai = Client().post("/connexion/", {"login": compte.email, "password": MOT_DE_PASSE})
    assert essai.status_code == HTTPStatus.OK, "the old password is worth nothing"

    lien = re.search(r"http://testserver(/compte/password/reset/key/\S+)", courriels_partis()[-1].body)[1]
    proprietaire = Client()
    page = proprietaire.get(lien, follow=True)
    nouveau = "quatre mots pour la route"
    proprietaire.post(page.request["PATH_INFO"], {"password1": nouveau, "password2": nouveau})
    connecter(compte.email, nouveau)


def test_le_lien_ne_sert_qu_une_fois_et_trois_jours(compte: User, courriels_partis) -> None:
    connecter(compte.email)
    connecter(compte.email)
    premier, second = (PAS_MOI.search(message.body)[1] for message in courriels_partis())
    Client().post(premier)
    avant = User.objects.get(pk=compte.pk).password
    assert "Ce lien ne peut plus servir" in Client().post(premier).content.decode()
    Courriel.objects.update(created_at=F("created_at") - timedelta(hours=73))
    assert "Ce lien ne peut plus servir" in Client().get(second).content.decode()
    Client().post(second)
    assert User.objects.get(pk=compte.pk).password == avant


@pytest.mark.parametrize("signature", ["x", "00000000-0000-4000-8000-000000000000:abc", ":", "%0a", "a" * 500])
def test_un_lien_invente_ne_fait_rien(client: Client, signature: str) -> None:
    for reponse in (client.get(f"/compte/pas-moi/{signature}/"), client.post(f"/compte/pas-moi/{signature}/")):
        assert reponse.status_code == HTTPStatus.OK
        assert "Ce lien ne peut plus servir" in reponse.content.decode()


def test_le_lien_d_un_autre_sel_ne_sert_pas(compte: User, courriels_partis, client: Client) -> None:
    connecter(compte.email)
    faux = Signer(salt="autre").sign(str(Courriel.objects.get().pk))
    assert "Ce lien ne peut plus servir" in client.post(f"/compte/pas-moi/{faux}/").content.decode()


def test_une_adresse_volee_revient_a_son_proprietaire(compte: User, courriels_partis) -> None:
    """The thief changed the address and added a second factor: the old address still gives the account back."""
    intrus = confirmer(connecter(compte.email))
    intrus.post("/compte/email/", {"action_add": "", "email": "voleur@exemple.fr"})
    lien = re.search(r"http://testserver(/compte/confirm-email/\S+)", courriels_partis()[-1].body)[1]
    intrus.post(lien)
    compte.refresh_from_db()
    assert compte.email == "voleur@exemple.fr"
    Authenticator.objects.create(user=compte, type="totp", data={"secret": "x"})
    a_l_ancienne = [
        m for m in courriels_partis() if m.to == ["camille@exemple.fr"] and "adresse" in m.body.split("Quand")[0]
    ]
    Client().post(PAS_MOI.search(a_l_ancienne[-1].body)[1])
    compte.refresh_from_db()
    assert compte.email == "camille@exemple.fr"
    assert not est_connecte(intrus)
    assert not Authenticator.objects.filter(user=compte).exists()
    assert list(EmailAddress.objects.values_list("email", "primary", "verified")) == [
        ("camille@exemple.fr", True, True)
    ]
    assert courriels_partis()[-1].to == ["camille@exemple.fr"]
    assert "/compte/password/reset/key/" in courriels_partis()[-1].body


# --- Each event ---------------------------------------------------------------------------------------------------


def test_changer_de_mot_de_passe_est_annonce_et_deconnecte_partout(compte: User, courriels_partis) -> None:
    client, autre = connecter(compte.email), connecter(compte.email)
    nouveau = "quatre mots pour la route"
    client.post("/compte/password/change/", {"oldpassword": MOT_DE_PASSE, "password1": nouveau, "password2": nouveau})
    assert "Le mot de passe de votre compte a été changé." in courriels_partis()[-1].body
    assert not est_connecte(client)
    assert not est_connecte(autre)


def test_changer_d_adresse_est_annonce_aux_deux(compte: User, courriels_partis) -> None:
    client = connecter(compte.email)
    sans_confirmer = client.post("/compte/email/", {"action_add": "", "email": "nouvelle@exemple.fr"})
    assert sans_confirmer["Location"].startswith("/compte/reauthenticate/")
    confirmer(client).post("/compte/email/", {"action_add": "", "email": "nouvelle@exemple.fr"})
    lien = re.search(r"http://testserver(/compte/confirm-email/\S+)", courriels_partis()[-1].body)[1]
    client.get(lien)
    compte.refresh_from_db()
    assert compte.email == "camille@exemple.fr", "a mail scanner opens links: the button confirms"
    client.post(lien)
    annonces = [
        m.to[0] for m in courriels_partis() if "L'adresse électronique de votre compte a été changée." in m.body
    ]
    assert sorted(annonces) == ["camille@exemple.fr", "nouvelle@exemple.fr"]


def test_un_compte_sans_adresse_n_empeche_rien(caplog) -> None:
    compte = CompteFactory()
    compte.email = ""
    record_evenement(compte, "Un fait.", request=None)
    assert not Courriel.objects.exists()


def test_un_lien_mene_au_site_quel_que_soit_l_hote_de_la_demande(compte: User, courriels_partis, settings) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "autre.example"]
    Client().post("/compte/password/reset/", {"email": compte.email}, HTTP_HOST="autre.example")
    assert "http://testserver/compte/password/reset/key/" in courriels_partis()[0].body
    assert "autre.example" not in courriels_partis()[0].body


def test_le_menage_oublie_les_sessions_finies(compte: User) -> None:
    from django.contrib.sessions.models import Session

    from accounts.tasks import menage

    connecter(compte.email)
    assert Session.objects.count() == 1
    menage.run()
    assert Session.objects.count() == 1
    Session.objects.update(expire_date="2026-01-01T00:00Z")
    menage.run()
    assert not Session.objects.exists()
