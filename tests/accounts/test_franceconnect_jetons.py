"""What the stand-in may answer once the visitor is back: tokens, keys, troubles, one altered at a time."""

import json
import socket
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from accounts.franceconnect import echange
from demo.franceconnect.application import Fournisseur, Reponse, nouvelle_cle
from mespoints.lib import bornes
from tests.franceconnect import CAMILLE, choisir, parametres_de, partir, se_connecter

pytestmark = pytest.mark.django_db

CONFIRMATION = "/franceconnect/confirmation/"
Charge = dict[str, Any]


# --- Tokens ---------------------------------------------------------------------------------------------------------


def hs256(cle: bytes, charge: Charge) -> str:
    """A token signed with a shared secret, by hand: libraries refuse to make it with a public key."""
    import hmac

    def b64(octets: bytes) -> str:
        return urlsafe_b64encode(octets).rstrip(b"=").decode()

    corps = f"{b64(json.dumps({'alg': 'HS256', 'kid': 'k'}).encode())}.{b64(json.dumps(charge).encode())}"
    return f"{corps}.{b64(hmac.new(cle, corps.encode(), 'sha256').digest())}"


def sans(*noms: str) -> Callable[[Charge], Charge]:
    return lambda charge: {nom: valeur for nom, valeur in charge.items() if nom not in noms}


def avec(**valeurs: Any) -> Callable[[Charge], Charge]:
    return lambda charge: charge | valeurs


def decale(**secondes: int) -> Callable[[Charge], Charge]:
    return lambda charge: charge | {nom: charge["iat"] + ecart for nom, ecart in secondes.items()}


COMMUNS = {
    "iss d'un autre": avec(iss="https://ailleurs.example/api/v2"),
    "iss absent": sans("iss"),
    "aud d'un autre client": avec(aud="un-autre"),
    "aud absent": sans("aud"),
    "aud et un autre": avec(aud=["tests", "un-autre"]),
    "périmé": decale(exp=-31, iat=-100),
    "exp absent": sans("exp"),
    "iat absent": sans("iat"),
    "iat dans dix minutes": decale(iat=600, exp=900),
    "sub absent": sans("sub"),
    "sub vide": avec(sub=""),
    "sub qui n'est pas un texte": avec(sub=[1]),
}
D_IDENTITE = {
    "nonce d'un autre": avec(nonce="n" * 32),
    "nonce absent": sans("nonce"),
    "acr absent": sans("acr"),
    "acr eidas0": avec(acr="eidas0"),
    "sub d'un autre": avec(sub="f" * 64 + "v1"),
}
D_INFORMATION = {
    "sub d'un autre": avec(sub="f" * 64 + "v1"),
    "un nonce": avec(nonce="n" * 32),
    "sans nom": sans("family_name"),
    "sans date": sans("birthdate"),
    "date impossible": avec(birthdate="1979-13-45"),
    "sans pays": sans("birthcountry"),
    "né en France sans commune": avec(birthplace=""),
    "un nom qui n'est pas un texte": avec(family_name={"a": 1}),
    "un nom de 10 ko": avec(family_name="A" * 10_000),
}
CAS = [("id_token", nom, f) for nom, f in {**COMMUNS, **D_IDENTITE}.items()] + [
    ("userinfo", nom, f) for nom, f in {**COMMUNS, **D_INFORMATION}.items()
]


@pytest.mark.parametrize(("jeton", "nom", "change"), CAS, ids=[f"{jeton}: {nom}" for jeton, nom, _ in CAS])
def test_f6_a_f18_un_jeton_qui_dit_autre_chose(
    refuse, client: Client, fc: Fournisseur, jeton: str, nom: str, change: Callable[[Charge], Charge]
) -> None:
    fc.alterations[jeton] = lambda charge: fc.signer(change(charge))
    refuse(client, choisir(partir(client)))


def test_f6_le_nonce_d_un_autre_onglet(refuse, client: Client, fc: Fournisseur) -> None:
    autre, celui_ci = parametres_de(partir(client)), partir(client)
    fc.alterations["id_token"] = lambda charge: fc.signer(charge | {"nonce": autre["nonce"]})
    assert refuse(client, choisir(celui_ci)) == "id_token_nonce"


@pytest.mark.parametrize("ecart", [{"iat": 25}, {"exp": -25, "iat": -85}])
def test_f9_trente_secondes_d_ecart_d_horloge(fc: Fournisseur, client: Client, ecart: dict[str, int]) -> None:
    fc.alterations["id_token"] = lambda charge: fc.signer(decale(**ecart)(charge))
    assert se_connecter(client)["Location"] == CONFIRMATION


ETRANGERE = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def cle_jointe(kid: str) -> Charge:
    """The key that signed, given by the token itself, and an address where to find it."""
    jwk = jwt.algorithms.ECAlgorithm.to_jwk(ETRANGERE.public_key(), as_dict=True)
    return {"kid": kid, "jwk": jwk, "jku": "https://evil.example/jwks", "x5u": "https://evil.example/c.pem"}


def signatures(fc: Fournisseur) -> dict[str, Callable[[Charge], str]]:
    cle = fc.cles[-1]
    pem = cle.privee.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {
        "alg none": lambda c: jwt.encode(c, None, "none", headers={"kid": cle.kid}),
        "HS256 par le secret": lambda c: hs256(b"tests-only-this-secret-is-public", c),
        "HS256 par la clé publique": lambda c: hs256(pem, c),
        "RS256": lambda c: jwt.encode(c, RSA, "RS256", headers={"kid": cle.kid}),
        "clé étrangère": lambda c: jwt.encode(c, ETRANGERE, "ES256", headers={"kid": cle.kid}),
        "la clé étrangère dans l'en-tête": lambda c: jwt.encode(c, ETRANGERE, "ES256", headers=cle_jointe(cle.kid)),
        "kid inconnu": lambda c: jwt.encode(c, ETRANGERE, "ES256", headers={"kid": "inconnu"}),
        "kid absent": lambda c: jwt.encode(c, cle.privee, "ES256"),
        "kid qui n'est pas un texte": lambda c: jwt.encode(c, cle.privee, "ES256", headers={"kid": ""}),
        "coupé": lambda c: fc.signer(c)[:-9],
        "du texte": lambda c: "pas un jeton",
        "vide": lambda c: "",
    }


NOMS = [*signatures(Fournisseur("", None, {}))]  # type: ignore[arg-type]


@pytest.mark.parametrize("jeton", ["id_token", "userinfo"])
@pytest.mark.parametrize("nom", NOMS)
def test_f10_f11_f15_un_jeton_mal_signe(refuse, client: Client, fc: Fournisseur, jeton: str, nom: str) -> None:
    fc.alterations[jeton] = signatures(fc)[nom]
    refuse(client, choisir(partir(client)), "indisponible" if (jeton, nom) == ("id_token", "vide") else "recommencer")


def test_f11_un_kid_donne_deux_fois(refuse, client: Client, fc: Fournisseur) -> None:
    """With another algorithm the right one is taken; twice the same, none is."""
    bonne = fc.cles[-1].publique()
    autre = {**jwt.algorithms.RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True), "kid": bonne["kid"], "alg": "RS256"}
    fc.alterations["/jwks"] = lambda _: json_de({"keys": [autre, bonne]})
    assert se_connecter(client)["Location"] == CONFIRMATION
    from django.core.cache import cache

    cache.clear()
    fc.alterations["/jwks"] = lambda _: json_de({"keys": [bonne, nouvelle_cle().publique() | {"kid": bonne["kid"]}]})
    autre_visiteur = Client()
    assert refuse(autre_visiteur, choisir(partir(autre_visiteur))) == "kid_unknown"


def json_de(contenu: Any) -> Reponse:
    return Reponse("200 OK", json.dumps(contenu), "application/json")


# --- Keys -----------------------------------------------------------------------------------------------------------


def test_f12_une_nouvelle_cle_est_cherchee_une_fois(fc: Fournisseur) -> None:
    se_connecter(Client())
    assert fc.appels["/jwks"] == 1
    se_connecter(Client())
    assert fc.appels["/jwks"] == 1
    fc.tourner()
    assert se_connecter(Client())["Location"] == CONFIRMATION
    assert fc.appels["/jwks"] == 2


def test_f12_des_cles_inconnues_en_nombre(refuse, fc: Fournisseur) -> None:
    se_connecter(Client())
    inconnue = nouvelle_cle()
    fc.alterations["id_token"] = lambda c: jwt.encode(c, inconnue.privee, "ES256", headers={"kid": inconnue.kid})
    for _ in range(4):
        client = Client()
        assert refuse(client, choisir(partir(client))) == "kid_unknown"
    assert fc.appels["/jwks"] == 2


@pytest.mark.parametrize("quoi", ["500", "pas du json", "sans clés"])
def test_f12_les_cles_en_panne_quand_on_les_connait(fc: Fournisseur, quoi: str) -> None:
    from django.core.cache import cache

    se_connecter(Client())
    cache.delete(f"franceconnect:{fc.emetteur}/jwks:frais")  # an hour later
    fc.alterations["/jwks"] = lambda _: GARBAGE[quoi]
    assert se_connecter(Client())["Location"] == CONFIRMATION


def test_f12_les_cles_connues_ne_servent_pas_sans_fin(fc: Fournisseur) -> None:
    """A key withdrawn while the endpoint gives nothing is believed for a day, and no longer."""
    from django.core.cache import cache

    se_connecter(Client())
    reste = cache._cache.get_client().ttl(cache.make_key(f"franceconnect:{fc.emetteur}/jwks"))  # seconds; -1: for ever
    assert 0 < reste <= 24 * 3600


# --- FranceConnect slow, down, or answering anything ----------------------------------------------------------------

GARBAGE = {
    "400": Reponse("400 Bad Request", '{"error": "invalid_grant"}', "application/json"),
    "401": Reponse("401 Unauthorized", '{"error": "invalid_client"}', "application/json"),
    "500": Reponse("500 Internal Server Error", "<h1>panne</h1>"),
    "redirection": Reponse("302 Found", "", entetes=(("Location", "http://127.0.0.1:9/"),)),
    "pas du json": Reponse("200 OK", "<html>", "application/json"),
    "une liste": Reponse("200 OK", "[]", "application/json"),
    "vide": Reponse("200 OK", "", "application/json"),
    "sans clés": Reponse("200 OK", '{"keys": []}', "application/json"),
    "clés absurdes": Reponse("200 OK", '{"keys": [1, "a"]}', "application/json"),
    "jetons absurdes": Reponse("200 OK", '{"access_token": 1, "id_token": [], "token_type": "x"}', "application/json"),
    "un mégaoctet": Reponse("200 OK", '"' + "a" * 1_000_000 + '"', "application/json"),
    "profond": Reponse("200 OK", "[" * 30_000, "application/json"),
}


@pytest.mark.parametrize("endroit", ["/token", "/jwks"])
@pytest.mark.parametrize("quoi", GARBAGE)
def test_f19_une_reponse_absurde(refuse, client: Client, fc: Fournisseur, endroit: str, quoi: str) -> None:
    fc.alterations[endroit] = lambda _: GARBAGE[quoi]
    refuse(client, choisir(partir(client)), "indisponible")


@pytest.mark.parametrize("quoi", ["400", "401", "500", "redirection"])
def test_f19_userinfo_en_panne(refuse, client: Client, fc: Fournisseur, quoi: str) -> None:
    fc.alterations["/userinfo"] = lambda _: GARBAGE[quoi]
    refuse(client, choisir(partir(client)), "indisponible")


@pytest.mark.parametrize(
    ("type_", "corps"),
    [
        ("application/json", json.dumps(CAMILLE.dires("openid identite_pivot"))),
        ("application/jwt", json.dumps(CAMILLE.dires("openid identite_pivot"))),
        ("application/jwt", ""),
        ("", "x"),
        ("application/jwt", "\x80"),
        ("application/jwt-pas-vraiment", "x"),
    ],
)
def test_f14_un_userinfo_qui_n_est_pas_signe(refuse, client: Client, fc: Fournisseur, type_: str, corps: str) -> None:
    fc.alterations["/userinfo"] = lambda _: Reponse("200 OK", corps, type_)
    refuse(client, choisir(partir(client)))


def test_f17_un_id_token_rejoue_en_userinfo_et_l_inverse(refuse, fc: Fournisseur) -> None:
    vus: dict[str, str] = {}

    def retenir(charge: Charge) -> str:
        vus["id_token"] = fc.signer(charge)
        return vus["id_token"]

    fc.alterations["id_token"] = retenir
    fc.alterations["userinfo"] = lambda charge: vus["id_token"]
    client = Client()
    assert refuse(client, choisir(partir(client))) == "userinfo_is_an_id_token"
    fc.alterations = {"id_token": lambda charge: fc.signer(CAMILLE.dires("identite_pivot") | sans("nonce")(charge))}
    client = Client()
    assert refuse(client, choisir(partir(client))) == "id_token_nonce"


@pytest.mark.parametrize("endroit", ["/token", "/userinfo", "/jwks"])
def test_f19_une_reponse_qui_n_arrive_pas(refuse, client: Client, fc: Fournisseur, settings, endroit: str) -> None:
    """The page comes while the other side still keeps its answer: it gives it once the page was seen."""
    settings.OIDC_TIMEOUT = 0.6
    adresse, demande, vue = choisir(partir(client)), threading.Event(), threading.Event()

    def garder(_: object) -> Reponse:
        demande.set()
        assert vue.wait(60), "the page waited for the answer"
        return GARBAGE["500"]

    fc.alterations[endroit] = garder
    assert refuse(client, adresse, "indisponible") != "http_500"
    assert demande.is_set(), "nobody was asked: nothing was tried"
    vue.set()


def test_f19_une_reponse_au_goutte_a_goutte(refuse, client: Client, fc: Fournisseur, settings) -> None:
    """Each byte comes in time, the whole does not: one deadline for everything, headers included."""
    settings.OIDC_TIMEOUT, vue = 0.8, threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as ecoute:
        settings.OIDC_OP_TOKEN_ENDPOINT = f"http://127.0.0.1:{ecoute.getsockname()[1]}/token"

        def goutter() -> None:
            lien, _ = ecoute.accept()
            with lien, suppress(OSError):
                lien.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                while not vue.wait(0.1):  # it would never end
                    lien.sendall(b"a")

        fil = threading.Thread(target=goutter, daemon=True)
        fil.start()
        adresse = choisir(partir(client))
        assert refuse(client, adresse, "indisponible") == "deadline"
        vue.set()
        fil.join()


def test_f19_personne_ne_repond(refuse, client: Client, settings) -> None:
    adresse = choisir(partir(client))
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://127.0.0.1:9/token"
    assert refuse(client, adresse, "indisponible") == "http_ConnectionError"


def test_silencieux_trois_fois_franceconnect_n_est_plus_demande_puis_un_seul_essaie(
    refuse, fc: Fournisseur, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OIDC_TIMEOUT, silence, demandes = 0.2, threading.Event(), list[int]()
    heure = [time.monotonic()]
    monkeypatch.setattr(bornes, "monotonic", lambda: heure[0])

    def garder(_: object) -> Reponse:
        demandes.append(1)
        assert silence.wait(60)
        return GARBAGE["500"]

    fc.alterations["/token"] = garder
    for _ in range(3):
        client = Client()
        assert refuse(client, choisir(partir(client)), "indisponible") != "circuit_open"
    for _ in range(2):
        client = Client()
        assert refuse(client, choisir(partir(client)), "indisponible") == "circuit_open"
    assert len(demandes) == 3
    silence.set()
    heure[0] += 31
    settings.OIDC_TIMEOUT = 5.0
    fc.alterations.clear()
    for _ in range(4):
        assert se_connecter(Client())["Location"] == CONFIRMATION


def test_la_moitie_des_fils_au_plus_attend_franceconnect(refuse, client: Client, fc: Fournisseur, settings) -> None:
    settings.WEB_THREADS = 4
    adresse = choisir(partir(client))
    fc.alterations["/token"] = lambda _: pytest.fail("it was asked")
    with echange.ATTENTE.place(), echange.ATTENTE.place():
        assert refuse(client, adresse, "indisponible") == "too_many_exchanges"


# --- What must pass -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        avec(birthplace="", birthcountry="99352"),
        avec(gender="unspecified"),
        sans("gender", "preferred_username", "idp_birthdate", "email"),
        avec(idp_birthdate="1992-00-00"),
        avec(idp_birthdate="pas une date"),
        avec(email=["a"], preferred_username=12),
        avec(email="a\x00@b.fr", preferred_username="Nu\x00l"),
        avec(email="x @ y", given_name_array=["Cam\x00ille"]),
        avec(email="é@exemple.fr\r\nBcc: a@b.fr", preferred_username="\ud800"),
        sans("given_name", "given_name_array"),
        avec(family_name="Ωμέγα-D'Œuvre " * 5),
    ],
)
def test_f18_ce_qui_peut_manquer(fc: Fournisseur, client: Client, change: Callable[[Charge], Charge]) -> None:
    fc.alterations["userinfo"] = lambda charge: fc.signer(change(charge))
    assert se_connecter(client)["Location"] == CONFIRMATION
    assert client.get(CONFIRMATION).status_code == 200


@pytest.mark.parametrize("nom", ["MAR\x00TIN", "MAR\ud800TIN", "\x1b[2J", ""])
def test_un_nom_qui_ne_s_ecrit_pas_est_un_refus_et_jamais_une_erreur(
    refuse, client: Client, fc: Fournisseur, nom: str
) -> None:
    fc.alterations["userinfo"] = lambda charge: fc.signer(avec(family_name=nom)(charge))
    assert refuse(client, choisir(partir(client))) == "pivot_incomplete"
