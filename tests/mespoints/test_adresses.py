"""Who may go where: everything asks for a sign-in but what is listed here, and no GET writes."""

import re
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.accounts.agents import connecter_agent
from tests.accounts.factories import RattachementFactory
from tests.mespoints.adresses import Adresse, adresses

pytestmark = pytest.mark.django_db

PUBLIQUES = {
    *("numero_de_dossier", "aide_documents", "employeur", "telepoints", "plan_du_site"),
    *("comprendre", "comprendre_remise", "comprendre_retour"),
    *("accueil", "aide", "accessibilite", "mentions_legales", "donnees_personnelles", "affichage", "stages:stages"),
    *("stages:centres", "stages:agrement"),
    *("account_login", "account_signup", "account_logout"),
    *("franceconnect_connexion", "franceconnect_retour", "franceconnect_echec", "franceconnect_sortie"),
    "pas_moi",  # from a mail
    *("creation_etape", "creation_envoyee", "creation_renvoyer", "compte_activer", "conditions"),
    *("signalements", "signalement_ouvrir", "signalement_suivi"),
    *("documents:verification", "documents:statuts", "documents:cles"),
    # allauth: before one is signed in
    *("account_inactive", "account_confirm_email", "account_email_verification_sent", "account_confirm_login_code"),
    "mfa_authenticate",  # between the password and the code
    *("account_reset_password", "account_reset_password_done"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done"),
    *("admin:login", "admin:jsi18n"),
}
#: A GET of allauth's that forgets the sessions which are over.
MENAGE = re.compile(r'DELETE FROM "usersessions_usersession"')
ECRITURE = re.compile(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE|ALTER|CREATE|DROP|WITH)\b", re.IGNORECASE)
TOUTES = adresses()


def identifiant(adresse: Adresse) -> str:
    return adresse.nom


def test_le_parcours_voit_le_site() -> None:
    vues = {adresse.nom for adresse in TOUTES}
    assert {"accueil", "dossier:historique", "account_email", "usersessions_list", "admin:index"} <= vues
    assert vues >= PUBLIQUES - {"admin:jsi18n"}


@pytest.mark.parametrize("methode", ["get", "post"])
@pytest.mark.parametrize("adresse", TOUTES, ids=identifiant)
def test_sans_connexion_on_est_mene_a_la_connexion(client: Client, adresse: Adresse, methode: str) -> None:
    reponse = getattr(client, methode)(adresse.chemin)
    if adresse.nom in PUBLIQUES:
        assert reponse.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    elif adresse.nom == "None" and not adresse.chemin.startswith("/admin/"):
        assert reponse["Location"].startswith(("/connexion/", "/deconnexion/", "/compte/creer/"))  # allauth's own names
    else:
        assert reponse.status_code == HTTPStatus.FOUND
        assert re.match(r"/(connexion|admin/login)/\?next=/", reponse["Location"])


@pytest.mark.filterwarnings("ignore:The default scheme will be changed")  # django-dsfr's own admin form
@pytest.mark.parametrize("qui", ["anonyme", "titulaire", "administration"])
@pytest.mark.parametrize("adresse", TOUTES, ids=identifiant)
def test_un_get_n_ecrit_pas_et_ne_tombe_pas(client: Client, adresse: Adresse, qui: str) -> None:
    if qui == "titulaire":
        client.force_login(RattachementFactory().user)
    elif qui == "administration":
        connecter_agent(client)
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(adresse.chemin)
    assert reponse.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    ecritures = [requete["sql"] for requete in requetes if ECRITURE.match(requete["sql"])]
    assert [sql for sql in ecritures if not MENAGE.match(sql) and "django_session" not in sql] == []


def test_ce_que_recoit_un_visiteur_connecte_n_est_garde_par_personne(client: Client) -> None:
    client.force_login(RattachementFactory().user)
    for chemin in ("/", "/mes-points/", "/compte/", "/nexiste/pas/"):
        assert "no-store" in client.get(chemin)["Cache-Control"], chemin


def test_la_session_d_un_visiteur_present_ne_finit_pas(client: Client, monkeypatch) -> None:
    client.force_login(RattachementFactory().user)
    client.get("/mes-points/")
    fin = client.session.get_expiry_date()
    session = client.session
    session["renouvelee_a"] -= 61
    session.save()
    client.get("/mes-points/")
    assert client.session["renouvelee_a"] > session["renouvelee_a"]
    assert client.session.get_expiry_date() >= fin
