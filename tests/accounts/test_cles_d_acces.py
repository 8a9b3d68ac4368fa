"""Passkeys: whatever answers in the place of one is an error of the form, and what is kept is what was read."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

from accounts.compte.forms import CLE_ILLISIBLE
from accounts.models import User
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory
from tests.accounts.parcours import texte

pytestmark = pytest.mark.django_db

DOUBLE = "/compte/double-authentification/"
AJOUTER = f"{DOUBLE}webauthn/add/"
Reponse = dict[str, Any]


@pytest.fixture
def conducteur(client: Client, settings: Any) -> Client:
    """Who gave their password just now."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    client.force_login(CompteFactory())
    assert client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE}).status_code == 302
    return client


def reponse_de_cle(client: Client) -> Reponse:
    """What a key answers to the page that adds one."""
    assert client.get(AJOUTER).status_code == 200
    defi = client.session["mfa.webauthn.state"]["challenge"]
    numero = b"une-cle-d-essai"
    publique = cbor.encode(dict(ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())))
    lue = hashlib.sha256(b"testserver").digest() + b"\x45" + bytes(4)
    lue += bytes(16) + len(numero).to_bytes(2, "big") + numero + publique
    dit = {"type": "webauthn.create", "challenge": defi, "origin": "http://testserver", "crossOrigin": False}
    return {
        "id": websafe_encode(numero),
        "rawId": websafe_encode(numero),
        "type": "public-key",
        "clientExtensionResults": {"credProps": {"rk": True}},
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(dit).encode()),
            "attestationObject": websafe_encode(cbor.encode({"fmt": "none", "attStmt": {}, "authData": lue})),
        },
    }


def attestation(octets: bytes) -> Callable[[Reponse], Any]:
    return lambda bonne: bonne | {"response": bonne["response"] | {"attestationObject": websafe_encode(octets)}}


def dans_la_reponse(**champs: Any) -> Callable[[Reponse], Any]:
    return lambda bonne: bonne | {"response": bonne["response"] | champs}


FAUSSES: dict[str, Callable[[Reponse], Any]] = {
    "une liste": lambda bonne: [],
    "un nombre": lambda bonne: 3,
    "un autre type": lambda bonne: bonne | {"type": "x"},
    "sans réponse": lambda bonne: bonne | {"response": None},
    "une réponse qui n'en est pas une": lambda bonne: bonne | {"response": []},
    "un autre numéro": lambda bonne: bonne | {"id": "AAAA"},
    "hors de l'ASCII": dans_la_reponse(attestationObject="é"),
    "hors de la base 64": dans_la_reponse(clientDataJSON="A"),
    "un JSON faux": dans_la_reponse(clientDataJSON=websafe_encode(b"{")),
    "un JSON d'un autre genre": dans_la_reponse(clientDataJSON=websafe_encode(b"[]")),
    "rien de signé": attestation(b""),
    "un CBOR coupé": attestation(b"\xa3\x63fmt"),
    "un CBOR d'un autre genre": attestation(b"\x80"),
    "un nombre coupé": attestation(b"\x1b\x00"),
    "un CBOR sans fond": attestation(b"\x81" * 5_000),
    "trop court": attestation(cbor.encode({"fmt": "none", "attStmt": {}, "authData": bytes(40)})),
    "sans clé": attestation(cbor.encode({"fmt": "none", "attStmt": {}, "authData": bytes(32) + b"\x45" + bytes(22)})),
    "des propriétés d'un autre genre": lambda bonne: bonne | {"clientExtensionResults": {"credProps": 3}},
}


@pytest.mark.parametrize("cas", FAUSSES)
def test_ce_qui_n_est_pas_une_cle_est_une_erreur_du_formulaire(conducteur: Client, cas: str) -> None:
    fausse = FAUSSES[cas](reponse_de_cle(conducteur))
    reponse = conducteur.post(AJOUTER, {"name": "clé", "credential": json.dumps(fausse)})
    assert reponse.status_code == 200
    assert reponse.context["form"].errors
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("cas", FAUSSES)
def test_ce_qui_n_est_pas_une_preuve_n_en_est_pas_une(conducteur: Client, cas: str) -> None:
    """Once more, then as the second step of a sign-in: back to a page that asks again."""
    bonne = reponse_de_cle(conducteur)
    assert conducteur.post(AJOUTER, {"name": "clé", "credential": json.dumps(bonne)}).status_code == 302
    envoi = {"credential": json.dumps(FAUSSES[cas](bonne))}
    reponse = conducteur.post(f"{DOUBLE}webauthn/reauthenticate/", envoi)
    assert conducteur.get(reponse["Location"], follow=True).status_code == 200
    conducteur.post("/deconnexion/")
    login = {"login": User.objects.get().email, "password": MOT_DE_PASSE}
    assert conducteur.post("/connexion/", login)["Location"] == f"{DOUBLE}authenticate/"
    conducteur.get(f"{DOUBLE}authenticate/")
    assert conducteur.post(f"{DOUBLE}authenticate/", envoi).status_code == 200
    assert "_auth_user_id" not in conducteur.session


@pytest.mark.parametrize(
    "texte_envoye", ['{"id": "\\ud800"}', '{"a": ' + "9" * 5_000 + "}", "[" * 5_000, "{", '"\\u0000"']
)
def test_un_json_impossible_n_est_pas_une_panne(conducteur: Client, texte_envoye: str) -> None:
    """Neither read, nor written back in the page."""
    assert conducteur.get(AJOUTER).status_code == 200
    reponse = conducteur.post(AJOUTER, {"name": "clé", "credential": texte_envoye})
    assert reponse.status_code == 200
    assert conducteur.post(f"{DOUBLE}webauthn/reauthenticate/", {"credential": texte_envoye}).status_code == 302


def test_l_erreur_dit_quoi_faire(conducteur: Client) -> None:
    fausse = FAUSSES["un CBOR coupé"](reponse_de_cle(conducteur))
    assert CLE_ILLISIBLE in texte(conducteur.post(AJOUTER, {"name": "clé", "credential": json.dumps(fausse)}))


@pytest.mark.parametrize(
    "ajout",
    [
        {"autre": "\x00"},
        {"autre": "\ud800"},
        {"authenticatorAttachment": "platform"},
        {"clientExtensionResults": {"credProps": None}},
        {"clientExtensionResults": None},
        {"clientExtensionResults": {"credProps": {"rk": "\x00"}, "\x00": 1}},
    ],
)
def test_une_bonne_cle_est_gardee_sans_ce_qui_vient_avec(conducteur: Client, ajout: Reponse) -> None:
    """PostgreSQL refuses a NUL or a lone surrogate in JSON, and the list of the keys reads their properties."""
    bonne = reponse_de_cle(conducteur) | ajout
    reponse = conducteur.post(AJOUTER, {"name": "clé", "credential": json.dumps(bonne)})
    assert reponse.status_code == 302
    gardee = Authenticator.objects.get(type="webauthn").data["credential"]
    assert set(gardee) == {"id", "rawId", "type", "response", "clientExtensionResults"}
    assert gardee["clientExtensionResults"]["credProps"]["rk"] in {True, False}
    assert conducteur.get(f"{DOUBLE}webauthn/").status_code == 200
    assert conducteur.get(AJOUTER).status_code == 200


@pytest.mark.parametrize("nom", ["x" * 61, "x" * 30_000])
def test_un_nom_de_cle_a_une_longueur(conducteur: Client, nom: str) -> None:
    bonne = reponse_de_cle(conducteur)
    reponse = conducteur.post(AJOUTER, {"name": nom, "credential": json.dumps(bonne)})
    assert "60 caractères au plus" in texte(reponse)
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("reponse", ["false", "0", "true", "1.5", '"texte"', "[1]"])
def test_ce_qui_n_est_pas_un_objet_n_est_pas_la_reponse_d_une_cle(conducteur: Client, reponse: str) -> None:
    """A false answer passed the form, which looked only at a true one, and broke where it was kept."""
    assert CLE_ILLISIBLE in texte(conducteur.post(AJOUTER, {"name": "clé", "credential": reponse}))
