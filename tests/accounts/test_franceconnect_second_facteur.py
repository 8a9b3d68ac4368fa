"""FranceConnect, then the account's second factor: the session that opens is the one that FranceConnect opened."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.timezone import now

from accounts.models import Compteur, IdentiteFranceConnect, Rattachement, User
from demo.franceconnect.application import Fournisseur
from mespoints.lib.visiteur import NIVEAU_FC, NIVEAU_MOT_DE_PASSE
from tests.accounts.agents import SECRET, ajouter_une_application
from tests.accounts.conftest import est_connecte
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory, DossierFactory
from tests.franceconnect import CAMILLE, parametres_de, se_connecter

pytestmark = pytest.mark.django_db

CONFIRMATION, CODE = "/franceconnect/confirmation/", "/compte/double-authentification/authenticate/"


def code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


@pytest.fixture
def protege(fc: Fournisseur) -> User:
    """Camille came once, confirmed nothing, and added an application of codes."""
    se_connecter(Client())
    user = IdentiteFranceConnect.objects.get().user
    ajouter_une_application(user)
    return user


def passer_le_second_facteur(client: Client, suite: str = "") -> str:
    """The whole way, code included; where it leads."""
    assert se_connecter(client, suite=suite)["Location"] == CODE
    assert not est_connecte(client)
    Compteur.objects.all().delete()  # a code serves once: here it is typed at each visit
    reponse = client.post(CODE, {"code": code()})
    assert reponse.status_code == 302, reponse.context["form"].errors
    return str(reponse["Location"])


@pytest.mark.usefixtures("protege")
def test_le_niveau_et_le_dossier_propose_passent_le_second_facteur(client: Client) -> None:
    dossier = DossierFactory(neph="990175100001", lieu_naissance="75056", pays_naissance="99100")
    assert passer_le_second_facteur(client, "/mes-documents/") == CONFIRMATION
    assert client.session["niveau"] == NIVEAU_FC
    assert "se termine par 0001" in client.get(CONFIRMATION).content.decode()
    assert client.post("/franceconnect/confirmer/")["Location"] == "/mes-documents/"
    assert Rattachement.objects.get().dossier_id == dossier.pk


@pytest.mark.usefixtures("protege")
def test_le_numero_se_demande_apres_le_second_facteur(client: Client) -> None:
    DossierFactory(neph="990175100001")  # the file does not say where she was born: her name alone is no proof
    passer_le_second_facteur(client)
    assert "se termine par" not in client.get(CONFIRMATION).content.decode()
    assert client.post("/franceconnect/numero/", {"numero": "990175100001"})["Location"] == CONFIRMATION
    assert "se termine par 0001" in client.get(CONFIRMATION).content.decode()


def test_rattache_la_suite_et_le_rii_s_ouvrent(protege: User, client: Client) -> None:
    Rattachement.objects.create(user=protege, dossier=DossierFactory(), origine=Rattachement.Origine.FRANCECONNECT)
    assert passer_le_second_facteur(client, "/stages/") == "/stages/"
    assert client.session["niveau"] == NIVEAU_FC


@pytest.mark.usefixtures("protege")
def test_se_deconnecter_ferme_aussi_franceconnect(client: Client) -> None:
    passer_le_second_facteur(client)
    reponse = client.post("/deconnexion/")
    assert "id_token_hint" in parametres_de(reponse["Location"])
    assert not est_connecte(client)


@pytest.mark.usefixtures("protege")
def test_abandonner_au_second_facteur_ferme_aussi_franceconnect(client: Client) -> None:
    """On a computer that others use, who gives up before the code leaves no FranceConnect session behind."""
    assert se_connecter(client)["Location"] == CODE
    reponse = client.post("/deconnexion/", {"next": "/connexion/"})
    assert "id_token_hint" in parametres_de(reponse["Location"])
    assert client.get(CODE).status_code == 302
    assert not est_connecte(client)


@pytest.mark.usefixtures("protege")
def test_un_mauvais_code_n_ouvre_rien(client: Client) -> None:
    se_connecter(client)
    client.post(CODE, {"code": "000000"})
    assert not est_connecte(client)
    assert client.get(CONFIRMATION).status_code == 302


@pytest.mark.usefixtures("protege")
def test_un_mot_de_passe_apres_franceconnect_n_en_herite_pas(client: Client) -> None:
    """Left before the code, FranceConnect's level is not that of who signs in next in the same browser."""
    se_connecter(client)
    client.post("/deconnexion/")
    autre = CompteFactory()
    client.post("/connexion/", {"login": autre.email, "password": MOT_DE_PASSE})
    assert client.session["niveau"] == NIVEAU_MOT_DE_PASSE
    assert not {"fc_jeton", "fc_propose", "fc_suite"} & set(client.session.keys())
    assert client.post("/deconnexion/")["Location"] == "/"


@pytest.mark.usefixtures("protege")
def test_rien_de_l_identite_n_est_lisible_en_attendant_le_code(client: Client) -> None:
    se_connecter(client)
    attente = str(dict(client.session.items())) + "".join(Session.objects.values_list("session_data", flat=True))
    assert "account_login" in attente
    for secret in (CAMILLE.sub, "MARTIN", "1979-12-31"):
        assert secret not in attente
    assert not re.search(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", attente)


def test_une_identite_bloquee_pendant_le_code_n_entre_pas(protege: User, client: Client) -> None:
    se_connecter(client)
    User.objects.filter(pk=protege.pk).update(desactive_at=now())
    client.post(CODE, {"code": code()})
    assert not est_connecte(client) or client.get(CONFIRMATION).status_code == 302


@pytest.mark.parametrize("second_facteur", [False, True])
def test_le_proprietaire_lit_par_quelle_porte_on_est_entre(protege: User, courriels_partis, second_facteur) -> None:
    courriels_partis()
    if second_facteur:
        passer_le_second_facteur(Client())
    else:
        Authenticator.objects.all().delete()
        se_connecter(Client())
    message = courriels_partis()[-1]
    assert message.subject == "Nouvelle connexion à Mes Points Permis"
    assert "Par\u00a0: FranceConnect" in message.body


def test_par_mot_de_passe_la_porte_est_celle_la(client: Client, courriels_partis) -> None:
    compte = CompteFactory()
    client.post("/connexion/", {"login": compte.email, "password": MOT_DE_PASSE})
    assert "Par\u00a0: votre adresse électronique et votre mot de passe" in courriels_partis()[-1].body
