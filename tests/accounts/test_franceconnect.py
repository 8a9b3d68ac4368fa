"""FranceConnect's door under attack, against the stand-in: each refusal leaves nothing behind and says one thing.

The rows F1 to F32 of the checklist are in the names of the cases.
"""

import json
import logging
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from allauth.account.models import EmailAddress
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import AllerRetour, IdentiteFranceConnect, Rattachement, User
from demo.franceconnect.application import Fournisseur, Reponse, nouvelle_cle
from mespoints.lib.session import NIVEAU_FC
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory, RattachementFactory
from tests.franceconnect import CAMILLE, choisir, parametres_de, partir, se_connecter, simulateur

pytestmark = pytest.mark.django_db

CONFIRMATION = "/franceconnect/confirmation/"
Charge = dict[str, Any]


@pytest.fixture
def fc(settings) -> Iterator[Fournisseur]:
    with simulateur(settings) as fournisseur:
        yield fournisseur


def traces() -> tuple[int, ...]:
    """What a refusal must not add to."""
    return (
        User.objects.count(), IdentiteFranceConnect.objects.count(), Rattachement.objects.count(),
        EmailAddress.objects.count(),
    )  # fmt: skip


def est_connecte(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def refuse(fc: Fournisseur, caplog: pytest.LogCaptureFixture) -> Callable[..., Any]:
    """Assert that a way back is refused, leaving nothing, with one line of journal and the neutral page."""

    def verifier(client: Client, adresse: str, motif: str = "recommencer") -> str:
        avant, connecte = traces(), est_connecte(client)
        caplog.clear()
        caplog.set_level(logging.INFO)
        debut = time.monotonic()
        reponse = client.get(adresse)
        assert time.monotonic() - debut < 6
        assert (reponse.status_code, reponse["Location"]) == (302, f"/franceconnect/echec/?motif={motif}")
        assert "no-store" in reponse["Cache-Control"]
        assert reponse["Referrer-Policy"] == "no-referrer"
        assert (traces(), est_connecte(client)) == (avant, connecte)
        dits = [ligne for ligne in caplog.records if ligne.name.startswith("accounts")]
        assert [ligne.getMessage() for ligne in dits] == ["franceconnect_refused"]
        page = client.get(reponse["Location"])
        assert page.status_code == 200
        assert "/connexion/" in page.content.decode() or "/mes-points/" in page.content.decode()
        return str(dits[0].reason)

    return verifier


# --- It works -------------------------------------------------------------------------------------------------------


def test_la_porte_ouvre_une_session_de_niveau_fc(fc: Fournisseur, client: Client) -> None:
    reponse = se_connecter(client)
    assert (reponse.status_code, reponse["Location"]) == (302, CONFIRMATION)
    assert client.session["niveau"] == NIVEAU_FC
    user = User.objects.get()
    assert user.email is None
    assert not user.has_usable_password()
    assert not EmailAddress.objects.exists()
    assert client.get("/mes-points/").status_code == 403
    assert "Aucun dossier" in client.get("/mes-points/").content.decode()


def test_la_seconde_visite_retrouve_le_meme_compte(fc: Fournisseur) -> None:
    se_connecter(Client())
    se_connecter(Client())
    assert User.objects.count() == IdentiteFranceConnect.objects.count() == 1


def test_ni_le_sub_ni_le_pivot_ni_le_jeton_ne_sont_lisibles(fc: Fournisseur, client: Client) -> None:
    """F31: neither in the tables, nor in the session, nor in the addresses."""
    adresse = choisir(partir(client))
    client.get(adresse)
    identite = IdentiteFranceConnect.objects.values().get()
    session = json.dumps(dict(client.session.items())) + Session.objects.get().session_data
    lisible = json.dumps(identite, default=str) + session
    code = parametres_de(adresse)["code"]
    for secret in (CAMILLE.sub, "MARTIN", "1979-12-31", code, "eyJ"):
        assert secret not in lisible


def test_la_session_d_avant_n_est_pas_heritee(fc: Fournisseur, client: Client) -> None:
    """F24: a new key, and nothing of what somebody else may have put in the old one."""
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
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x()", "/" + "a" * 10_000, "a", "\x00"],
    ids=["deux-barres", "https", "barre-inverse", "javascript", "dix-ko", "relatif", "nul"],
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
    for query in ("", "code=x", f"code=x&state=inconnu&{iss}", "state=%00&code=%00", "state=" + "a" * 9000):
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
    "F6 nonce d'un autre": avec(nonce="n" * 32),
    "F6 nonce absent": sans("nonce"),
    "F13 acr absent": sans("acr"),
    "F13 acr eidas0": avec(acr="eidas0"),
    "F16 sub d'un autre": avec(sub="f" * 64 + "v1"),
}
D_INFORMATION = {
    "F16 sub d'un autre": avec(sub="f" * 64 + "v1"),
    "F17 un nonce": avec(nonce="n" * 32),
    "F18 sans nom": sans("family_name"),
    "F18 sans date": sans("birthdate"),
    "F18 date impossible": avec(birthdate="1979-13-45"),
    "F18 sans pays": sans("birthcountry"),
    "F18 né en France sans commune": avec(birthplace=""),
    "F18 un nom qui n'est pas un texte": avec(family_name={"a": 1}),
    "F18 un nom de 10 ko": avec(family_name="A" * 10_000),
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


def signatures(fc: Fournisseur) -> dict[str, Callable[[Charge], str]]:
    cle = fc.cles[-1]
    pem = cle.privee.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {
        "F10 alg none": lambda c: jwt.encode(c, None, "none", headers={"kid": cle.kid}),
        "F10 HS256 par le secret": lambda c: hs256(b"tests-only-this-secret-is-public", c),
        "F10 HS256 par la clé publique": lambda c: hs256(pem, c),
        "F10 RS256": lambda c: jwt.encode(c, RSA, "RS256", headers={"kid": cle.kid}),
        "F11 clé étrangère": lambda c: jwt.encode(c, ETRANGERE, "ES256", headers={"kid": cle.kid}),
        "F11 kid inconnu": lambda c: jwt.encode(c, ETRANGERE, "ES256", headers={"kid": "inconnu"}),
        "F11 kid absent": lambda c: jwt.encode(c, cle.privee, "ES256"),
        "F11 kid qui n'est pas un texte": lambda c: jwt.encode(c, cle.privee, "ES256", headers={"kid": ""}),
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
    settings.OIDC_TIMEOUT = 0.6
    fc.alterations[endroit] = lambda _: time.sleep(1.5) or GARBAGE["500"]
    debut = time.monotonic()
    refuse(client, choisir(partir(client)), "indisponible")
    assert time.monotonic() - debut < 1.4


def test_f19_une_reponse_au_goutte_a_goutte(refuse, client: Client, fc: Fournisseur, settings) -> None:
    """Each byte comes in time, the whole does not: one deadline for everything, headers included."""
    import socket
    import threading

    settings.OIDC_TIMEOUT = 0.8
    with socket.create_server(("127.0.0.1", 0)) as ecoute:
        settings.OIDC_OP_TOKEN_ENDPOINT = f"http://127.0.0.1:{ecoute.getsockname()[1]}/token"

        def goutter() -> None:
            lien, _ = ecoute.accept()
            with lien:
                for octet in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 20:
                    lien.sendall(bytes([octet]))
                    time.sleep(0.1)

        fil = threading.Thread(target=goutter, daemon=True)
        fil.start()
        debut = time.monotonic()
        assert refuse(client, choisir(partir(client)), "indisponible") == "deadline"
        assert time.monotonic() - debut < 1.6
        fil.join()


def test_f19_personne_ne_repond(refuse, client: Client, settings) -> None:
    adresse = choisir(partir(client))
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://127.0.0.1:9/token"
    assert refuse(client, adresse, "indisponible") == "http_ConnectionError"


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
        sans("given_name", "given_name_array"),
        avec(family_name="Ωμέγα-D'Œuvre " * 5),
    ],
)
def test_f18_ce_qui_peut_manquer(fc: Fournisseur, client: Client, change: Callable[[Charge], Charge]) -> None:
    fc.alterations["userinfo"] = lambda charge: fc.signer(change(charge))
    assert se_connecter(client)["Location"] == CONFIRMATION
    assert client.get(CONFIRMATION).status_code == 200


# --- Accounts -------------------------------------------------------------------------------------------------------


def test_f25_l_adresse_d_un_compte_existant_n_ouvre_pas_ce_compte(fc: Fournisseur, client: Client) -> None:
    victime = CompteFactory(email=CAMILLE.email)
    se_connecter(client)
    assert int(client.session["_auth_user_id"]) != victime.pk
    assert User.objects.count() == 2


def test_f26_l_adresse_de_franceconnect_n_ouvre_aucun_mot_de_passe(fc: Fournisseur, client: Client, mailoutbox) -> None:
    se_connecter(client)
    Client().post("/compte/password/reset/", {"email": CAMILLE.email})
    assert all("/compte/password/reset/key/" not in courriel.body for courriel in mailoutbox)
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
        User.objects.update(**({"is_active": False} if pourquoi == "inactif" else {"is_staff": True}))
    assert refuse(client, choisir(partir(client))) == "identity_refused"


def test_x2_la_session_d_un_autre_est_quittee(fc: Fournisseur, client: Client) -> None:
    """X2, X3: signed in by password, coming back from FranceConnect ties nothing to that account."""
    titulaire = RattachementFactory().user
    client.force_login(titulaire)
    se_connecter(client)
    assert int(client.session["_auth_user_id"]) != titulaire.pk
    assert IdentiteFranceConnect.objects.get().user_id != titulaire.pk
    assert titulaire.rattachements.filter(revoked_at=None).count() == 1
    assert client.get("/mes-points/").status_code == 403


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

    retour = requests.get(reponse["Location"], allow_redirects=False, timeout=5)
    assert retour.status_code == 303
    assert retour.headers["Location"] == f"http://testserver/franceconnect/sortie/?state={dits['state']}"
    page = client.get(retour.headers["Location"], follow=True)
    assert "déconnecté de Mes Points Permis et de FranceConnect" in page.content.decode()
    encore = client.get(retour.headers["Location"], follow=True)
    assert "et de FranceConnect." not in encore.content.decode()


def test_f30_le_retour_de_sortie_ne_deconnecte_personne(fc: Fournisseur, client: Client) -> None:
    se_connecter(client)
    for query in ("", "?state=faux", "?state=%00"):
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
    fc.alterations["userinfo"] = lambda charge: fc.signer(avec(iss="x")(charge))
    autre = Client()
    refusee = choisir(partir(autre))
    autre.get(refusee)
    journal = "\n".join(JsonFormatter().format(ligne) for ligne in caplog.records if ligne.levelno >= logging.INFO)
    secrets = [CAMILLE.sub, "MARTIN", "1979", "eyJ", parametres_de(adresse)["code"], parametres_de(refusee)["code"]]
    assert "franceconnect_refused" in journal
    assert [secret for secret in secrets if secret in journal] == []
