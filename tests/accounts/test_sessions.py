"""How long one stays signed in, and what is left afterwards."""

import time
from http import HTTPStatus

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts.compte.securite import effacer_les_comptes_fermes
from accounts.models import Courriel, User
from accounts.services import AgentSansDossier, attach_dossier, detach_dossier
from tests.accounts.agents import connecter_agent
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory, DossierFactory, RattachementFactory
from tests.accounts.test_securite import PAS_MOI, connecter, est_connecte

pytestmark = pytest.mark.django_db


@pytest.fixture
def compte() -> User:
    return RattachementFactory(user__email="camille@exemple.fr").user


def vieillir(client: Client, **secondes: int) -> None:
    session = client.session
    for cle, duree in secondes.items():
        session[cle] -= duree
    session.save()


# --- The end of a session -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "encore"), [(19, True), (20, False)])
def test_un_conducteur_reste_vingt_minutes_sans_rien_faire(compte: User, minutes: int, encore: bool) -> None:
    client = connecter(compte.email)
    vieillir(client, renouvelee_a=minutes * 60)
    assert est_connecte(client) is encore


@pytest.mark.parametrize(("minutes", "encore"), [(14, True), (15, False)])
def test_un_agent_reste_un_quart_d_heure(client: Client, minutes: int, encore: bool) -> None:
    connecter_agent(client)
    vieillir(client, renouvelee_a=minutes * 60)
    assert (client.get("/admin/").status_code == HTTPStatus.OK) is encore


@pytest.mark.parametrize(("qui", "heures"), [("conducteur", 4), ("agent", 8)])
def test_une_session_finit_meme_utilisee(client: Client, compte: User, qui: str, heures: int) -> None:
    if qui == "agent":
        connecter_agent(client)
    else:
        client = connecter(compte.email)
    vieillir(client, ouverte_a=heures * 3600 - 60)
    assert est_connecte(client)
    vieillir(client, ouverte_a=60)
    assert not est_connecte(client)


def test_une_session_sans_debut_connu_est_finie(compte: User) -> None:
    client = connecter(compte.email)
    session = client.session
    del session["ouverte_a"]
    session.save()
    assert not est_connecte(client)


def test_la_fin_est_dite_et_la_page_demandee_retrouvee(compte: User) -> None:
    client = connecter(compte.email)
    vieillir(client, renouvelee_a=20 * 60)
    reponse = client.get("/mes-points/previsionnel/")
    assert reponse["Location"] == "/connexion/?next=/mes-points/previsionnel/"
    assert reponse["Clear-Site-Data"] == '"cache", "storage"'
    assert "Vous avez été déconnecté" in client.get(reponse["Location"]).content.decode()


def test_prolonger_recommence_l_inactivite_pas_la_duree(compte: User) -> None:
    client = connecter(compte.email)
    vieillir(client, renouvelee_a=18 * 60, ouverte_a=18 * 60)
    ouverte, avant = client.session["ouverte_a"], int(time.time())
    assert client.post("/compte/prolonger/", HTTP_ACCEPT="application/json").status_code == HTTPStatus.NO_CONTENT
    assert client.session["renouvelee_a"] >= avant
    assert client.session["ouverte_a"] == ouverte
    assert client.post("/compte/prolonger/")["Location"] == "/compte/", "the form, without JavaScript"
    assert client.get("/compte/prolonger/").status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_la_page_dit_la_fin_a_qui_n_a_pas_javascript(compte: User) -> None:
    page = connecter(compte.email).get("/compte/").content.decode()
    assert "vous serez déconnecté au bout de 20 minutes" in page
    assert "fin-de-session" not in Client().get("/").content.decode()


# --- Leaving --------------------------------------------------------------------------------------------------------


def test_se_deconnecter_efface_ce_que_le_navigateur_gardait(compte: User) -> None:
    reponse = connecter(compte.email).post("/deconnexion/")
    assert reponse["Clear-Site-Data"] == '"cache", "storage"'
    assert "no-store" in reponse["Cache-Control"]


@pytest.mark.parametrize("chemin", ["/connexion/", "/compte/password/reset/", "/compte/pas-moi/x/", "/deconnexion/"])
def test_ce_qui_entoure_la_connexion_n_est_garde_par_personne(client: Client, chemin: str) -> None:
    assert "no-store" in client.get(chemin)["Cache-Control"]


def test_deconnecter_partout(compte: User) -> None:
    ici, ailleurs = connecter(compte.email), connecter(compte.email)
    page = ici.get("/compte/sessions/").content.decode()
    assert page.count("Firefox sur un ordinateur Windows") == 2
    ici.post("/compte/deconnecter-partout/")
    assert not est_connecte(ici)
    assert not est_connecte(ailleurs)
    assert not UserSession.objects.exists()


def test_deconnecter_les_autres(compte: User) -> None:
    ici, ailleurs = connecter(compte.email), connecter(compte.email)
    ici.post("/compte/sessions/")
    assert est_connecte(ici)
    assert not est_connecte(ailleurs)


def test_un_identifiant_de_session_choisi_par_un_autre_ne_sert_pas(compte: User) -> None:
    client = Client()
    client.cookies["sid"] = "a" * 32
    client.post("/connexion/", {"login": compte.email, "password": MOT_DE_PASSE})
    assert client.cookies["sid"].value != "a" * 32
    assert est_connecte(client)


# --- Closing the account --------------------------------------------------------------------------------------------


def test_fermer_son_compte_demande_le_mot_de_passe(compte: User, courriels_partis) -> None:
    client, ailleurs = connecter(compte.email), connecter(compte.email)
    assert client.post("/compte/fermer/", {"password": "faux"}).context["form"].errors
    assert "Votre compte est fermé" in client.post("/compte/fermer/", {"password": MOT_DE_PASSE}).content.decode()
    assert not est_connecte(client)
    assert not est_connecte(ailleurs)
    assert not compte.rattachements.filter(revoked_at=None).exists()
    essai = Client().post("/connexion/", {"login": compte.email, "password": MOT_DE_PASSE})
    assert essai.status_code == HTTPStatus.OK
    assert "a été fermé" in courriels_partis()[-1].body


def test_un_compte_ferme_se_rouvre_trois_jours_puis_son_adresse_est_effacee(compte: User, courriels_partis) -> None:
    client = connecter(compte.email)
    client.post("/compte/fermer/", {"password": MOT_DE_PASSE})
    assert effacer_les_comptes_fermes() == 0
    Client().post(PAS_MOI.search(courriels_partis()[-1].body)[1])
    compte.refresh_from_db()
    assert compte.is_active
    assert compte.ferme_at is None

    compte.ferme_at = "2026-01-01T00:00Z"
    compte.save()
    assert effacer_les_comptes_fermes() == 1
    assert effacer_les_comptes_fermes() == 0
    compte.refresh_from_db()
    assert compte.email == f"{compte.pk}@efface.invalid"
    assert not Courriel.objects.filter(user=compte).exists()
    CompteFactory(email="camille@exemple.fr")  # the address is free again


# --- Without a dossier; an agent is no driver -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chemin", "statut"),
    [
        ("/mes-points/", 200),
        ("/mes-points/previsionnel/", 200),
        ("/mes-documents/", 200),
        ("/stages/", 200),
        ("/mes-documents/adcs/", 403),
        ("/mes-documents/rii/", 403),
    ],
)
def test_un_rattachement_defait_laisse_entrer_et_dit_quoi_faire(compte: User, chemin: str, statut: int) -> None:
    client = connecter(compte.email)
    detach_dossier(user=compte)
    reponse = client.get(chemin)
    assert reponse.status_code == statut
    if chemin.startswith("/mes-points"):
        assert "Aucun dossier n'est rattaché à votre compte" in reponse.content.decode()
        assert "/compte/creer/" in reponse.content.decode()
    assert client.post("/mes-documents/adcs/").status_code == HTTPStatus.FORBIDDEN


def test_un_agent_n_a_pas_de_dossier(client: Client) -> None:
    agent = connecter_agent(client)
    with pytest.raises(AgentSansDossier):
        attach_dossier(user=agent, dossier_id=DossierFactory().pk, origine="numero")
    RattachementFactory(user=agent)  # were the database to hold one all the same
    assert "Aucun dossier n'est rattaché" in client.get("/mes-points/").content.decode()
