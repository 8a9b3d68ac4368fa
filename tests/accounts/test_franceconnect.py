"""FranceConnect's door under attack, against the stand-in: each refusal leaves nothing behind and says one thing.

The rows of the checklist are in the names of the cases; what the tokens say is in test_franceconnect_jetons.py.
"""

import json
import logging
import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import AllerRetour, IdentiteFranceConnect, Rattachement, User
from demo.franceconnect.application import Fournisseur
from mespoints.lib.visiteur import NIVEAU_FC
from tests.accounts.conftest import est_connecte
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory, RattachementFactory
from tests.franceconnect import CAMILLE, choisir, parametres_de, partir, se_connecter

pytestmark = pytest.mark.django_db

CONFIRMATION = "/franceconnect/confirmation/"


# --- It works -------------------------------------------------------------------------------------------------------


def test_la_porte_ouvre_une_session_de_niveau_fc(fc: Fournisseur, client: Client) -> None:
    reponse = se_connecter(client)
    assert (reponse.status_code, reponse["Location"]) == (302, CONFIRMATION)
    assert client.session["niveau"] == NIVEAU_FC
    user = User.objects.get()
    assert user.email is None
    assert not user.has_usable_password()
    assert not EmailAddress.objects.exists()
    assert "Aucun dossier n'est rattaché" in unescape(client.get("/mes-points/").content.decode())
    assert "Aucun dossier" in client.get("/mes-points/").content.decode()


def test_la_seconde_visite_retrouve_le_meme_compte(fc: Fournisseur) -> None:
    se_connecter(Client())
    se_connecter(Client())
    assert User.objects.count() == IdentiteFranceConnect.objects.count() == 1


def test_ni_le_sub_ni_le_pivot_ni_le_jeton_ne_sont_lisibles(fc: Fournisseur, client: Client) -> None:
    """Neither in the tables, nor in the session, nor in the addresses."""
    adresse = choisir(partir(client))
    client.get(adresse)
    identite = IdentiteFranceConnect.objects.values().get()
    lisible = json.dumps(identite, default=str) + json.dumps(dict(client.session.items()))
    code = parametres_de(adresse)["code"]
    for secret in (CAMILLE.sub, "MARTIN", "1979-12-31", code):
        assert secret not in lisible + Session.objects.get().session_data
    assert not re.search(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", lisible), "a token; sealed text may hold these three letters"


def test_la_session_d_avant_n_est_pas_heritee(fc: Fournisseur, client: Client) -> None:
    """A new key, and nothing of what somebody else may have put in the old one."""
    session = client.session
    session["prepare"] = "par un autre"
    session.save()
    ancienne = session.session_key
    client.cookies["sid"] = ancienne
    se_connecter(client)
    assert client.session.session_key != ancienne
    assert "prepare" not in client.session
    assert not Session.objects.filter(session_key=ancienne).exists()


# --- Leaving --------------------------------------------------------------------------------------------------------


def test_f22_l_adresse_demandee(fc: Fournisseur, client: Client) -> None:
    dits = parametres_de(partir(client))
    assert set(dits) == {"response_type", "client_id", "redirect_uri", "scope", "acr_values", "state", "nonce"}
    assert (dits["response_type"], dits["acr_values"]) == ("code", "eidas1")
    assert dits["redirect_uri"] == "http://testserver/franceconnect/retour/"
    for alea in (dits["state"], dits["nonce"]):
        assert len(alea) == 32
        assert alea.isalnum()
    assert dits["state"] != dits["nonce"]


def test_un_get_ne_part_pas(fc: Fournisseur, client: Client) -> None:
    assert client.get("/franceconnect/connexion/").status_code == 200
    assert not AllerRetour.objects.exists()


def test_partir_demande_le_jeton_du_formulaire(fc: Fournisseur) -> None:
    assert Client(enforce_csrf_checks=True).post("/franceconnect/connexion/").status_code == 403


def test_sans_reglage_la_porte_le_dit(client: Client, settings) -> None:
    settings.OIDC_RP_CLIENT_ID = ""
    page = client.post("/franceconnect/connexion/")
    assert page.status_code == 200
    assert "n'est pas disponible" in page.content.decode()


@pytest.mark.parametrize(
    "suite",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x()", "/" + "a" * 10_000, "a"],
    ids=["deux-barres", "https", "barre-inverse", "javascript", "dix-ko", "relatif"],
)  # fmt: skip
def test_f23_une_suite_etrangere_est_oubliee(fc: Fournisseur, client: Client, suite: str) -> None:
    rattacher(client)
    assert client.get(choisir(partir(client, suite)))["Location"] == "/mes-points/"


def test_f23_deux_onglets_gardent_chacun_leur_suite(fc: Fournisseur, client: Client) -> None:
    rattacher(client)
    un, deux = partir(client, "/mes-documents/"), partir(client, "/stages/")
    assert client.get(choisir(deux))["Location"] == "/stages/"
    assert client.get(choisir(un))["Location"] == "/mes-documents/"


def rattacher(client: Client) -> None:
    """Camille comes once and is linked, so that the following visits go straight in."""
    se_connecter(Client())
    user = IdentiteFranceConnect.objects.get().user
    RattachementFactory(user=user, origine=Rattachement.Origine.FRANCECONNECT)


# --- Coming back ----------------------------------------------------------------------------------------------------


def test_f1_sans_state_ou_state_inconnu(refuse, client: Client, fc: Fournisseur) -> None:
    iss = urlencode({"iss": fc.emetteur})
    for query in ("", "code=x", f"code=x&state=inconnu&{iss}", "state=%FF&code=%FF", "state=" + "a" * 9000):
        assert refuse(client, f"/franceconnect/retour/?{query}") == "state_unknown"


def test_f2_deux_fois_la_meme_adresse(refuse, client: Client) -> None:
    adresse = choisir(partir(client))
    cookies = dict(client.cookies.items())
    assert client.get(adresse)["Location"] == CONFIRMATION
    rejoue = Client()
    for nom, morceau in cookies.items():
        rejoue.cookies[nom] = morceau.value
    assert refuse(rejoue, adresse) == "state_unknown"


def test_f2_le_code_ne_sert_qu_une_fois(refuse, client: Client) -> None:
    adresse = choisir(partir(client))
    code = parametres_de(adresse)["code"]
    client.get(adresse)
    autre = Client()
    deuxieme = parametres_de(choisir(partir(autre)))
    assert refuse(autre, f"/franceconnect/retour/?{urlencode(deuxieme | {'code': code})}", "indisponible") == "http_400"


def test_f3_dans_un_autre_navigateur(refuse, client: Client) -> None:
    assert refuse(Client(), choisir(partir(client))) == "state_unknown"


def test_f4_dix_minutes(refuse, client: Client) -> None:
    adresse = choisir(partir(client))
    AllerRetour.objects.update(created_at=timezone.now() - timedelta(minutes=10, seconds=1))
    assert refuse(client, adresse) == "state_unknown"


@pytest.mark.parametrize("iss", [None, "", "https://ailleurs.example/api/v2"])
@pytest.mark.parametrize("erreur", ["", "access_denied"])
def test_f5_un_autre_emetteur(refuse, client: Client, fc: Fournisseur, iss: str | None, erreur: str) -> None:
    fc.alterations["retour"] = lambda p: {n: v for n, v in (p | {"iss": iss}).items() if v is not None}
    assert refuse(client, choisir(partir(client), erreur=erreur)) == "issuer_of_the_return"


@pytest.mark.parametrize(
    ("erreur", "motif"),
    [
        ("access_denied", "interrompu"),
        ("server_error", "indisponible"),
        ("temporarily_unavailable", "indisponible"),
        ("invalid_scope", "indisponible"),
        ("login_required", "interrompu"),
        ("<script>alert(1)</script>", "interrompu"),
    ],
)
def test_f20_les_erreurs_renvoyees(refuse, client: Client, fc: Fournisseur, erreur: str, motif: str) -> None:
    fc.alterations["retour"] = lambda p: p | {"error": erreur, "error_description": "<b>pirate</b>"}
    refuse(client, choisir(partir(client), erreur="access_denied"), motif)
    page = client.get(f"/franceconnect/echec/?motif={motif}&error_description=<b>pirate</b>")
    assert "pirate" not in page.content.decode()
    assert client.get("/franceconnect/echec/?motif=<b>pirate</b>").status_code == 200


def test_f21_une_erreur_de_n_importe_qui_ne_deconnecte_personne(refuse, client: Client) -> None:
    client.force_login(RattachementFactory().user)
    refuse(client, "/franceconnect/retour/?error=access_denied")
    refuse(client, "/franceconnect/retour/?error=x&state=faux")
    assert client.get("/mes-points/").status_code == 200


# --- Accounts -------------------------------------------------------------------------------------------------------


def test_f25_l_adresse_d_un_compte_existant_n_ouvre_pas_ce_compte(fc: Fournisseur, client: Client) -> None:
    victime = CompteFactory(email=CAMILLE.email)
    se_connecter(client)
    assert int(client.session["_auth_user_id"]) != victime.pk
    assert User.objects.count() == 2


def test_f26_l_adresse_de_franceconnect_n_ouvre_aucun_mot_de_passe(
    fc: Fournisseur, client: Client, courriels_partis
) -> None:
    se_connecter(client)
    Client().post("/compte/password/reset/", {"email": CAMILLE.email})
    recus = courriels_partis()
    assert recus[-1].subject == "Aucun compte à cette adresse - Mes Points Permis"
    assert all("/compte/password/reset/key/" not in recu.body for recu in recus)
    for chemin in ("email/", "password/set/", "password/change/", "reauthenticate/"):
        assert client.get(f"/compte/{chemin}").status_code == 403
        assert client.post(f"/compte/{chemin}", {"email": "a@exemple.fr", "action_add": ""}).status_code == 403
    assert not EmailAddress.objects.exists()


def test_f27_la_porte_du_mot_de_passe_n_appelle_pas_franceconnect(fc: Fournisseur, client: Client) -> None:
    adresse = choisir(partir(client))
    parametres = adresse.partition("?")[2]
    compte = CompteFactory()
    client.post(f"/connexion/?{parametres}", {"login": compte.email, "password": "pas le bon"})
    assert fc.appels["/token"] == 0
    client.post(f"/connexion/?{parametres}", {"login": compte.email, "password": MOT_DE_PASSE})
    assert fc.appels["/token"] == 0
    assert int(client.session["_auth_user_id"]) == compte.pk


@pytest.mark.parametrize("pourquoi", ["inactif", "agent", "bloquée"])
def test_f29_un_compte_ou_une_identite_refuses(refuse, client: Client, pourquoi: str) -> None:
    se_connecter(Client())
    if pourquoi == "bloquée":
        IdentiteFranceConnect.objects.update(bloquee_at=timezone.now())
    else:
        User.objects.update(**({"desactive_at": timezone.now()} if pourquoi == "inactif" else {"is_staff": True}))
    assert refuse(client, choisir(partir(client))) == "identity_refused"


def test_x2_la_session_d_un_autre_est_quittee(fc: Fournisseur, client: Client) -> None:
    """Signed in by password, coming back from FranceConnect ties nothing to that account."""
    titulaire = RattachementFactory().user
    client.force_login(titulaire)
    se_connecter(client)
    assert int(client.session["_auth_user_id"]) != titulaire.pk
    assert IdentiteFranceConnect.objects.get().user_id != titulaire.pk
    assert titulaire.rattachements.filter(revoked_at=None).count() == 1
    assert "Aucun dossier n'est rattaché" in unescape(client.get("/mes-points/").content.decode())


# --- The way out ----------------------------------------------------------------------------------------------------


def test_f30_la_sortie(fc: Fournisseur, client: Client) -> None:
    se_connecter(client)
    assert Client(enforce_csrf_checks=True).post("/deconnexion/").status_code == 403
    assert client.get("/deconnexion/").status_code == 200
    assert est_connecte(client)
    ancienne = client.session.session_key
    reponse = client.post("/deconnexion/")
    assert not est_connecte(client)
    assert not Session.objects.filter(session_key=ancienne).exists()  # before the browser goes anywhere
    assert "no-store" in reponse["Cache-Control"]
    dits = parametres_de(reponse["Location"])
    assert set(dits) == {"id_token_hint", "state", "post_logout_redirect_uri"}
    assert dits["post_logout_redirect_uri"] == "http://testserver/franceconnect/sortie/"
    import requests

    retour = requests.get(reponse["Location"], allow_redirects=False, timeout=60)
    assert retour.status_code == 303
    assert retour.headers["Location"] == f"http://testserver/franceconnect/sortie/?state={dits['state']}"
    page = client.get(retour.headers["Location"], follow=True)
    assert "déconnecté de Mes Points Permis et de FranceConnect" in page.content.decode()
    encore = client.get(retour.headers["Location"], follow=True)
    assert "et de FranceConnect." not in encore.content.decode()


def test_f30_le_retour_de_sortie_ne_deconnecte_personne(fc: Fournisseur, client: Client) -> None:
    se_connecter(client)
    for query in ("", "?state=faux", "?state=%FF"):
        assert client.get(f"/franceconnect/sortie/{query}").status_code == 302
        assert est_connecte(client)


def test_une_session_par_mot_de_passe_sort_sans_franceconnect(fc: Fournisseur, client: Client) -> None:
    client.force_login(CompteFactory())
    assert client.post("/deconnexion/")["Location"] == "/"
    assert fc.appels["/session/end"] == 0


# --- The journal ----------------------------------------------------------------------------------------------------


def test_f31_rien_de_l_echange_dans_le_journal(fc: Fournisseur, client: Client, caplog, capfd) -> None:
    from mespoints.lib.logs import JsonFormatter

    caplog.set_level(logging.DEBUG)
    adresse = choisir(partir(client))
    caplog.clear()
    client.get(adresse)
    fc.alterations["userinfo"] = lambda charge: fc.signer(charge | {"iss": "x"})
    autre = Client()
    refusee = choisir(partir(autre))
    autre.get(refusee)
    journal = "\n".join(JsonFormatter().format(ligne) for ligne in caplog.records if ligne.levelno >= logging.INFO)
    secrets = [CAMILLE.sub, "MARTIN", "1979", "eyJ", parametres_de(adresse)["code"], parametres_de(refusee)["code"]]
    assert "franceconnect_refused" in journal
    assert [secret for secret in secrets if secret in journal] == []


def test_ce_qui_ne_reviendra_plus_est_oublie(fc: Fournisseur, client: Client) -> None:
    from accounts.models import EssaiNumero
    from accounts.tasks import oublier_les_demandes

    se_connecter(client)
    partir(Client())
    client.post("/franceconnect/numero/", {"numero": "123456789012"})
    oublier_les_demandes()
    assert (AllerRetour.objects.count(), EssaiNumero.objects.count()) == (2, 1)
    AllerRetour.objects.update(created_at=timezone.now() - timedelta(hours=1, seconds=1))
    EssaiNumero.objects.update(created_at=timezone.now() - timedelta(days=1, seconds=1))
    oublier_les_demandes()
    assert (AllerRetour.objects.count(), EssaiNumero.objects.count()) == (0, 0)


def test_une_autre_adresse_du_site_mene_a_la_declaree(fc: Fournisseur, client: Client) -> None:
    """The cookie of the departure would be another host's: nobody leaves from there, and the page says where."""
    reponse = client.post("/franceconnect/connexion/", headers={"host": "localhost"})
    assert reponse.status_code == 200
    assert "http://testserver/franceconnect/connexion/" in reponse.content.decode()
    assert not AllerRetour.objects.exists()
