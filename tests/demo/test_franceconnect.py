"""The stand-in follows FranceConnect's rules: what it refuses, and what each citizen finds on the real feed."""

from typing import Any

import jwt
import pytest
import requests

from accounts.identite import Pivot, Suite, decider, decider_par_numero
from demo.franceconnect.application import Fournisseur
from demo.franceconnect.citoyens import lire_citoyens
from demo.franceconnect.regles import Client
from demo.personas import PAR_FRANCECONNECT, PERSONAS
from dossier.noms import compacter
from dossier.selectors import EtatCivil
from tests.franceconnect import choisir, parametres_de, simulateur

DEMANDE = {
    "response_type": "code",
    "client_id": "tests",
    "redirect_uri": "http://testserver/franceconnect/retour/",
    "scope": "openid identite_pivot email preferred_username idp_birthdate",
    "acr_values": "eidas1",
    "state": "s" * 32,
    "nonce": "n" * 32,
}


@pytest.fixture
def fc(settings) -> Any:
    with simulateur(settings) as fournisseur:
        yield fournisseur


def autoriser(fc: Fournisseur, **change: Any) -> requests.Response:
    parametres = {nom: valeur for nom, valeur in (DEMANDE | change).items() if valeur is not None}
    return requests.get(f"{fc.emetteur}/authorize", params=parametres, allow_redirects=False, timeout=60)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        *[({nom: None}, "Y030007") for nom in DEMANDE],
        ({"nonce": "n" * 21}, "Y030007"),
        ({"prompt": "none"}, "Y030007"),
        ({"prompt": "select_account"}, "Y030007"),
        ({"prompt": ""}, "Y030007"),
        ({"code_challenge": "x"}, "Y030007"),
        ({"login_hint": "x"}, "Y030007"),
        ({"claims": "{}"}, "Y100009"),
        ({"client_id": "un-autre"}, "Y04EA6EF"),
        ({"redirect_uri": "http://testserver/ailleurs/"}, "Y04C013C"),
    ],
)
def test_une_demande_refusee_sur_place(fc: Fournisseur, change: dict[str, Any], code: str) -> None:
    reponse = autoriser(fc, **change)
    assert reponse.status_code == 400
    assert code in reponse.text


@pytest.mark.parametrize(
    ("change", "erreur"),
    [
        ({"scope": "identite_pivot"}, "invalid_request"),
        ({"scope": "openid phone"}, "invalid_scope"),
        ({"acr_values": "eidas2"}, "invalid_acr"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_une_demande_renvoyee(fc: Fournisseur, change: dict[str, Any], erreur: str) -> None:
    dits = parametres_de(autoriser(fc, **change).headers["Location"])
    assert (dits["error"], dits["state"], dits["iss"]) == (erreur, DEMANDE["state"], fc.emetteur)


@pytest.mark.parametrize("change", [{"nonce": "n" * 22}, {"prompt": "login consent"}, {"scope": "openid inconnu"}])
def test_une_demande_acceptee(fc: Fournisseur, change: dict[str, Any]) -> None:
    assert autoriser(fc, **change).status_code == 200


def echange(fc: Fournisseur, **change: str) -> requests.Response:
    adresse = requests.Request("GET", f"{fc.emetteur}/authorize", params=DEMANDE).prepare().url
    donnees = {
        "grant_type": "authorization_code", "code": parametres_de(choisir(str(adresse)))["code"],
        "redirect_uri": DEMANDE["redirect_uri"], "client_id": "tests", "client_secret": fc.client.secret,
    }  # fmt: skip
    return requests.post(f"{fc.emetteur}/token", data=donnees | change, timeout=60)


def test_les_jetons_et_leurs_formes(fc: Fournisseur) -> None:
    lus = echange(fc).json()
    assert set(lus) == {"access_token", "expires_in", "id_token", "scope", "token_type"}
    assert lus["expires_in"] == 60
    assert set(jwt.get_unverified_header(lus["id_token"])) == {"alg", "kid"}
    cles = jwt.PyJWKSet.from_dict(requests.get(f"{fc.emetteur}/jwks", timeout=60).json())
    porteur = {"Authorization": f"Bearer {lus['access_token']}"}
    qui = requests.get(f"{fc.emetteur}/userinfo", headers=porteur, timeout=60)
    assert qui.headers["Content-Type"] == "application/jwt"
    options: Any = {"key": cles.keys[0], "algorithms": ["ES256"], "audience": "tests", "issuer": fc.emetteur}
    assert jwt.decode(qui.text, **options)["sub"] == jwt.decode(lus["id_token"], **options)["sub"]


@pytest.mark.parametrize(
    ("change", "statut"),
    [
        ({"client_secret": "faux"}, 401),
        ({"client_id": "faux"}, 401),
        ({"code": "faux"}, 400),
        ({"redirect_uri": "http://testserver/ailleurs/"}, 400),
        ({"grant_type": "password"}, 400),
    ],
)
def test_un_echange_refuse(fc: Fournisseur, change: dict[str, str], statut: int) -> None:
    assert echange(fc, **change).status_code == statut


def test_un_code_vieux_de_trente_secondes(fc: Fournisseur) -> None:
    vraie = fc.horloge
    adresse = requests.Request("GET", f"{fc.emetteur}/authorize", params=DEMANDE).prepare().url
    code = parametres_de(choisir(str(adresse)))["code"]
    fc.horloge = lambda: vraie() + 31
    donnees = {"grant_type": "authorization_code", "code": code, "redirect_uri": DEMANDE["redirect_uri"],
               "client_id": "tests", "client_secret": fc.client.secret}  # fmt: skip
    assert requests.post(f"{fc.emetteur}/token", data=donnees, timeout=60).status_code == 400


def test_la_sortie_veut_un_jeton_et_une_adresse_declaree(fc: Fournisseur) -> None:
    jeton = echange(fc).json()["id_token"]
    bonne = {"id_token_hint": jeton, "post_logout_redirect_uri": "http://testserver/franceconnect/sortie/"}
    for change in ({"id_token_hint": ""}, {"id_token_hint": "faux"}, {"post_logout_redirect_uri": "http://ailleurs/"}):
        assert requests.get(f"{fc.emetteur}/session/end", params=bonne | change, timeout=60).status_code == 400
    reponse = requests.get(f"{fc.emetteur}/session/end", params=bonne, allow_redirects=False, timeout=60)
    assert reponse.status_code == 303


def test_le_simulateur_ne_ressemble_pas_a_franceconnect(fc: Fournisseur) -> None:
    page = autoriser(fc).text.replace("\u00a0", " ")
    assert "Simulateur d'identité : ceci n'est pas FranceConnect" in page.replace("&#x27;", "'")
    assert "<img" not in page
    assert "Marianne" not in page


# --- The citizens of the demonstration ------------------------------------------------------------------------------

CITOYENS = lire_citoyens()
CHERCHES = {  # without the number, then with it
    "camille": (Suite.CONFIRMER, Suite.CONFIRMER),
    "sebastien": (Suite.CONFIRMER, Suite.CONFIRMER),
    "mohamed": (Suite.CONFIRMER, Suite.CONFIRMER),
    "fatima": (Suite.CONFIRMER, Suite.CONFIRMER),
    "nicolas": (Suite.DEMANDER_NUMERO, Suite.CONFIRMER),
    "claire": (Suite.DEMANDER_NUMERO, Suite.CONFIRMER),
    "paul": (Suite.DEMANDER_NUMERO, Suite.EXAMINER),
    "isabelle": (Suite.CONFIRMER, Suite.CONFIRMER),  # but somebody else's already (accounts)
    "elodie": (Suite.CONFIRMER, Suite.CONFIRMER),
}


def connus() -> dict[str, EtatCivil]:
    dossiers = {}
    for rang, persona in enumerate((*PERSONAS, *PAR_FRANCECONNECT)):
        civil = persona.identite.etat_civil()
        dossiers[persona.identite.neph] = EtatCivil(
            rang, civil["nom_naissance"], civil["nom_usage"] or "", civil["prenoms"], civil["sexe"],
            civil["date_naissance"], civil["lieu_naissance"], civil["pays_naissance"],
        )  # fmt: skip
    return dossiers


@pytest.mark.parametrize("cle", CITOYENS)
def test_chaque_citoyen_montre_ce_qu_il_dit(cle: str) -> None:
    c, connues = CITOYENS[cle], connus()
    pivot = Pivot(c.nom, c.prenoms, c.naissance, c.naissance_brute or c.naissance, c.sexe, c.lieu, c.pays, c.nom_usage)
    memes = [
        f for f in connues.values()
        if compacter(f.nom_naissance) == compacter(c.nom) and f.date_naissance[:4] == c.naissance[:4]
    ]  # fmt: skip
    trouves = decider(pivot, memes).suite, decider_par_numero(pivot, connues.get(c.neph)).suite
    assert trouves == CHERCHES[cle]
    assert c.montre
    assert not c.neph or c.neph in connues


def test_un_etat_civil_corrige_change_le_sub() -> None:
    elodie = CITOYENS["elodie"]
    assert elodie.sub != elodie._replace(lieu="21054").sub
    assert len({c.sub for c in CITOYENS.values()}) == len(CITOYENS)
    assert isinstance(Fournisseur("x", Client("", "", [], []), CITOYENS).citoyens, dict)
