"""The stand-in in a thread, and a visitor who goes there and comes back."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from django.test import Client

from demo.franceconnect.__main__ import servir
from demo.franceconnect.application import Fournisseur
from demo.franceconnect.citoyens import Citoyen
from demo.franceconnect.regles import Client as Inscrit

SITE = "http://testserver"
CAMILLE = Citoyen(
    "camille", ["Camille", "Anne"], "MARTIN", "female", "1979-12-31", "", lieu="75112", email="camille@exemple.fr"
)


@contextmanager
def simulateur(settings: Any, site: str = SITE) -> Iterator[Fournisseur]:
    """A stand-in that the settings point to, with Camille in it."""
    from accounts.franceconnect import echange  # the programs that measure have no apps, and use the rest

    secret = settings.OIDC_RP_CLIENT_SECRET
    inscrit = Inscrit(
        settings.OIDC_RP_CLIENT_ID, secret, [f"{site}/franceconnect/retour/"], [f"{site}/franceconnect/sortie/"]
    )
    fournisseur = Fournisseur("", inscrit, {"camille": CAMILLE})
    with servir(fournisseur, 0) as serveur:
        fournisseur.emetteur = f"http://127.0.0.1:{serveur.server_port}/api/v2"
        fournisseur.base = "/api/v2"
        settings.FRANCECONNECT_ISSUER = fournisseur.emetteur
        for nom, chemin in (
            ("AUTHORIZATION", "authorize"), ("TOKEN", "token"), ("USER", "userinfo"), ("JWKS", "jwks"),
            ("LOGOUT", "session/end"),
        ):  # fmt: skip
            setattr(settings, f"OIDC_OP_{nom}_ENDPOINT", f"{fournisseur.emetteur}/{chemin}")
        fil = threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        fil.start()
        echange.DISJONCTEUR.noter(en_retard=False)  # whatever another one kept waiting
        yield fournisseur
        serveur.shutdown()
        fil.join()


def partir(client: Client, suite: str = "") -> str:
    """Press the button; give the address to which the site sends the browser."""
    reponse = client.post("/franceconnect/connexion/", {"next": suite} if suite else {})
    assert reponse.status_code == 302, reponse.content
    return str(reponse["Location"])


def choisir(adresse: str, citoyen: str = "camille", *, erreur: str = "") -> str:
    """At the stand-in: choose who to be, or a failure; give the way back, path and query."""
    page = requests.get(adresse, timeout=60)
    assert page.status_code == 200, page.text
    demande = re.search(r'name="demande" value="([^"]+)"', page.text)
    assert demande
    base = adresse.partition("/authorize")[0]
    donnees = {"demande": demande[1], **({"erreur": erreur} if erreur else {"citoyen": citoyen})}
    reponse = requests.post(f"{base}/choisir", data=donnees, allow_redirects=False, timeout=60)
    assert reponse.status_code == 303, reponse.text
    return chemin_de(reponse.headers["Location"])


def chemin_de(adresse: str) -> str:
    parties = urlsplit(adresse)
    return f"{parties.path}?{parties.query}"


def parametres_de(adresse: str) -> dict[str, str]:
    return {nom: valeurs[0] for nom, valeurs in parse_qs(urlsplit(adresse).query).items()}


def se_connecter(client: Client, citoyen: str = "camille", suite: str = "") -> Any:
    """The whole way; the answer to the way back."""
    return client.get(choisir(partir(client, suite), citoyen))
