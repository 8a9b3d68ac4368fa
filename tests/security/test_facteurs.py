"""Passwords, second factors and session keys, held to what an audit asks of them one by one."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.cached_db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.timezone import now

from accounts.compte import second_facteur
from accounts.franceconnect import coffre
from accounts.models import User
from demo.codes import code
from tests.accounts.agents import SECRET, ajouter_une_application
from tests.accounts.factories import MOT_DE_PASSE, RattachementFactory
from tests.accounts.parcours import CREER, jusqu_au_mot_de_passe
from tests.accounts.test_agents import donner
from tests.accounts.test_securite import connecter, est_connecte

pytestmark = pytest.mark.django_db
NOUVEAU = "quatre mots pour la route"


@pytest.fixture
def compte() -> User:
    return RattachementFactory(user__email="camille@exemple.fr").user


# --- Passwords --------------------------------------------------------------------------------------------------------


def test_une_base_neuve_n_a_aucun_compte() -> None:
    """Neither root nor admin: the first one is made by a command, and nobody knows its password."""
    assert not User.objects.exists()


def test_changer_de_mot_de_passe_demande_celui_d_avant(compte: User) -> None:
    client = connecter(compte.email)
    saisie = {"password1": NOUVEAU, "password2": NOUVEAU}
    for ancien in ({}, {"oldpassword": ""}, {"oldpassword": "pas le bon"}, {"oldpassword": NOUVEAU}):
        assert client.post("/compte/password/change/", saisie | ancien).context["form"].errors["oldpassword"]
    compte.refresh_from_db()
    assert compte.check_password(MOT_DE_PASSE)


def test_un_mot_de_passe_ne_finit_pas(compte: User) -> None:
    User.objects.filter(pk=compte.pk).update(date_joined=now() - timedelta(days=4000))
    client = connecter(compte.email)
    assert client.get("/mes-points/").status_code == 200, "nothing asks for another"


@pytest.mark.parametrize(
    ("adresse", "nombre", "rempli_par"),
    [
        ("/connexion/", 1, {"current-password"}),
        ("/compte/password/change/", 3, {"current-password", "new-password"}),
        ("/compte/reauthenticate/", 1, {"current-password"}),
        ("/compte/fermer/", 1, {"current-password"}),
        (f"{CREER}mot-de-passe/", 1, {"new-password"}),
    ],
)
def test_un_mot_de_passe_se_saisit_cache_et_un_gestionnaire_le_remplit(
    compte: User, adresse: str, nombre: int, rempli_par: set[str]
) -> None:
    client = connecter(compte.email) if adresse.startswith("/compte/") and not adresse.startswith(CREER) else Client()
    if adresse.startswith(CREER):
        jusqu_au_mot_de_passe(client)
    page = client.get(adresse).content.decode()
    champs = re.findall(r'<input[^>]*name="[^"]*(?:password|mot_de_passe)[^"]*"[^>]*>', page)
    assert len(champs) == nombre
    assert {re.search(r'type="(\w+)"', champ)[1] for champ in champs} == {"password"}  # type: ignore[index]
    assert {re.search(r'autocomplete="([\w-]+)"', champ)[1] for champ in champs} == rempli_par  # type: ignore[index]
    assert not re.search("maxlength|onpaste|readonly", "".join(champs))


def test_un_nouveau_mot_de_passe_par_courriel_ne_dispense_pas_du_second_facteur(
    compte: User, courriels_partis: Any
) -> None:
    """Who holds the mailbox alone stands before the same code as before."""
    ajouter_une_application(compte)
    client = Client()
    client.post("/compte/password/reset/", {"email": compte.email})
    lien = re.search(r"http://testserver(/compte/password/reset/key/\S+)", courriels_partis()[-1].body)
    assert lien
    page = client.get(lien[1], follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NOUVEAU, "password2": NOUVEAU})
    assert not est_connecte(client), "choosing a password signs nobody in"
    suite = client.post("/connexion/", {"login": compte.email, "password": NOUVEAU})
    assert suite["Location"].startswith("/compte/double-authentification/authenticate/")
    assert client.get("/mes-points/").status_code == 302
    assert donner(client, "000000").status_code == 200
    assert client.get("/mes-points/").status_code == 302
    assert donner(client, code(SECRET, time.time())).status_code == 302
    assert client.get("/mes-points/").status_code == 200


@pytest.mark.parametrize(
    "adresse", ["totp/activate/", "totp/deactivate/", "webauthn/add/", "recovery-codes/generate/", "recovery-codes/"]
)
@pytest.mark.parametrize("methode", ["get", "post"])
def test_ce_qui_protege_le_compte_demande_d_abord_une_preuve(compte: User, adresse: str, methode: str) -> None:
    """A sign-in a moment ago is not enough: the session may be in other hands already."""
    ajouter_une_application(compte)
    RecoveryCodes.activate(compte)
    client = Client()
    client.post("/connexion/", {"login": compte.email, "password": MOT_DE_PASSE})
    donner(client, code(SECRET, time.time()))
    avant = set(Authenticator.objects.values_list("pk", "data__seed"))
    reponse = getattr(client, methode)(f"/compte/double-authentification/{adresse}")
    if (methode, adresse) != ("post", "recovery-codes/"):  # which takes a look only
        assert reponse.status_code == 302
        assert "/reauthenticate/" in reponse["Location"]
    assert set(Authenticator.objects.values_list("pk", "data__seed")) == avant


# --- Second factors and what is sealed --------------------------------------------------------------------------------


def test_un_code_de_secours_a_vingt_bits_et_ne_se_repete_pas(compte: User) -> None:
    tires: list[str] = []
    for _ in range(20):
        jeu = RecoveryCodes.activate(compte)
        tires += jeu.get_unused_codes()
        jeu.instance.delete()
    assert {bool(re.fullmatch(r"\d{8}", tire)) for tire in tires} == {True}, "26 bits"
    assert len(set(tires)) > len(tires) - 3


@pytest.mark.parametrize("rang", [0, 12, 40, -1])
def test_ce_qui_est_scelle_et_touche_ne_se_lit_pas(rang: int) -> None:
    for sceller, ouvrir in ((coffre.sceller, coffre.ouvrir), (second_facteur.sceller, second_facteur.ouvrir)):
        scelle = sceller("un secret")
        assert ouvrir(scelle) == "un secret"
        assert sceller("un secret") != scelle, "never twice the same: the start is drawn"
        touche = bytearray(scelle.encode())
        touche[rang] ^= 1 if touche[rang] != ord("=") else 0x40
        if sceller is coffre.sceller:
            assert ouvrir(touche.decode()) is None
        else:
            with pytest.raises(second_facteur.SecretIllisible):
                ouvrir(touche.decode())


# --- Session keys -----------------------------------------------------------------------------------------------------


def test_une_cle_de_session_ne_se_devine_pas() -> None:
    """Thirty-two of thirty-six characters, drawn by the system: 165 bits."""
    cles = {SessionStore()._get_new_session_key() for _ in range(200)}
    assert len(cles) == 200
    assert all(re.fullmatch(r"[a-z0-9]{32}", cle) for cle in cles)


def test_se_confirmer_change_la_cle_de_session(compte: User) -> None:
    """One that was stolen before is worth nothing after; the list of the sessions goes on knowing this one."""
    ajouter_une_application(compte)
    client = Client()
    client.post("/connexion/", {"login": compte.email, "password": MOT_DE_PASSE})
    donner(client, code(SECRET, time.time()))
    for adresse, preuve in (
        ("/compte/reauthenticate/", {"password": MOT_DE_PASSE}),
        ("/compte/double-authentification/reauthenticate/", {"code": code(SECRET, time.time() + 30)}),
    ):
        avant = client.session.session_key
        assert client.post(adresse, preuve).status_code == 302
        assert client.session.session_key != avant
        assert est_connecte(client)
        assert not Session.objects.filter(session_key=avant).exists()
        vole = Client()
        vole.cookies["sid"] = avant
        assert not est_connecte(vole)
        assert list(UserSession.objects.values_list("session_key", flat=True)) == [client.session.session_key]
