"""What production promises of every answer: TLS, cookies of this host alone, a token a form, nothing else served."""

import json
import logging
import re
from typing import Any

import pytest
from django.test import Client

from mespoints.lib.logs import JsonFormatter
from mespoints.local.places import CHECKOUT
from mespoints.settings import base
from tests.accounts.factories import MOT_DE_PASSE, RattachementFactory
from tests.accounts.parcours import jusqu_au_mot_de_passe
from tests.franceconnect import partir
from tests.mespoints.adresses import adresses

pytestmark = pytest.mark.django_db

#: What the test settings take away, for their client speaks http.
DE_PRODUCTION = [nom for nom in dir(base) if re.search(r"_COOKIE_(NAME|PREFIX|SECURE)$|^SECURE_SSL_REDIRECT$", nom)]


@pytest.fixture
def production(settings: Any) -> Any:
    for nom in DE_PRODUCTION:
        setattr(settings, nom, getattr(base, nom))
    return settings


@pytest.mark.parametrize("adresse", ["/", "/connexion/", "/mes-points/", "/admin/", "/verification/", "/nexiste/pas/"])
def test_tout_passe_par_tls(production: Any, client: Client, adresse: str) -> None:
    """Over http nothing is said but where to come back; over https the browser is told never to try http again."""
    en_clair = client.get(adresse)
    assert (en_clair.status_code, en_clair["Location"]) == (301, f"https://testserver{adresse}")
    assert en_clair.content == b""
    duree, *suite = client.get(adresse, secure=True)["Strict-Transport-Security"].split("; ")
    assert int(duree.removeprefix("max-age=")) >= 365 * 24 * 3600
    assert "includeSubDomains" in suite


def test_chaque_cookie_est_a_cet_hote_seul(production: Any) -> None:
    """All that the site ever sets, gathered on the way: sign-in, sign-out, a choice, a departure, the wizard."""
    compte = RattachementFactory(user__email="camille@exemple.fr").user
    recus: dict[str, Any] = {}

    class Garde(Client):
        def request(self, **demande: Any) -> Any:
            reponse = super().request(**demande | {"wsgi.url_scheme": "https", "SERVER_PORT": "443"})
            recus.update(reponse.cookies.items())
            return reponse

    client = Garde()
    client.get("/connexion/")
    client.post("/connexion/", {"login": compte.email, "password": MOT_DE_PASSE})
    client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})
    client.post("/deconnexion/", follow=True)
    client.post("/affichage/", {"theme": "dark"}, follow=True)
    client.post("/affichage/", {"theme": "appareil"})
    jusqu_au_mot_de_passe(client)
    partir(client)
    vus = {re.sub(r"(?<=fc-).+", "", nom) for nom in recus}
    assert vus >= {"__Host-sid", "__Host-csrf", "__Host-theme", "__Host-messages", "__Host-fc-"}
    assert [nom for nom in vus if not nom.startswith("__Host-")] == []
    for nom, cookie in recus.items():
        dits = {attribut: cookie[attribut] for attribut in ("secure", "httponly", "samesite", "path", "domain")}
        efface = cookie["max-age"] == 0
        assert dits.pop("samesite") in {"Lax", "Strict"}, nom
        assert dits == {"secure": True, "httponly": not efface or "", "path": "/", "domain": ""}, nom


@pytest.mark.parametrize("adresse", ["/livez", "/readyz"])
def test_une_sonde_dit_aussi_ce_qu_elle_est(client: Client, adresse: str) -> None:
    reponse = client.get(adresse)
    assert (reponse["X-Content-Type-Options"], reponse["Content-Type"]) == ("nosniff", "text/plain; charset=utf-8")
    assert not reponse.cookies


def test_un_formulaire_sans_jeton_est_refuse_partout() -> None:
    """Every address, the libraries' too, before anything is looked at."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(RattachementFactory().user)
    assert {a.chemin: c for a in adresses() if (c := client.post(a.chemin).status_code) != 403} == {}


@pytest.mark.parametrize("methode", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "BREW"])
def test_une_methode_que_personne_n_emploie_est_refusee_partout(methode: str) -> None:
    for client in (Client(), Client()):
        for adresse in adresses():
            reponse = client.generic(methode, adresse.chemin, HTTP_X_SECRET="canari-de-trace")
            assert reponse.status_code == 405, adresse
            assert b"canari-de-trace" not in reponse.content
        client.force_login(RattachementFactory().user)


@pytest.mark.parametrize(
    "chemin",
    [
        *("/.git/config", "/.env", "/.env.example", "/manage.py", "/pyproject.toml", "/requirements/base.txt"),
        *("/static/", "/static/css/", "/static/js/", "/static/../manage.py", "/static/%2e%2e/manage.py"),
        *("/secrets/secret_key", "/docs/", "/api/", "/swagger/", "/server-status", "/metrics", "/admin/doc/"),
        *("/__debug__/", "/composants/", "/media/", "/static/admin/", "/.well-known/"),
    ],
)
def test_rien_d_autre_n_est_servi(client: Client, chemin: str) -> None:
    """Neither a source, nor a list of files, nor a documentation; the desk says nothing before the sign-in."""
    reponse = client.get(chemin)
    assert reponse.status_code in ({302} if chemin.startswith("/admin/") else {404})
    assert b"Index of" not in reponse.content


def test_l_image_ne_porte_ni_l_historique_ni_les_secrets() -> None:
    ecartes = set((CHECKOUT / ".dockerignore").read_text().split())
    assert {".git", ".env", "secrets", "secrets-demonstration", "tests", "docs", "var"} <= ecartes
    copies = re.findall(r"^(?:COPY|ADD) (?!--from)(.+) \S+$", (CHECKOUT / "Dockerfile").read_text(), re.MULTILINE)
    assert len(copies) > 8
    nommes = {mot for copie in copies for mot in copie.split()}
    assert [mot for mot in nommes if not re.fullmatch(r"\w+(\.py)?", mot)] == [], (
        "a folder or a file of ours, by its name"
    )


@pytest.mark.parametrize(
    "suite", ["/%2F%2Fevil.example", "/%252F%252Fevil.example", "/%5Cevil.example", "/a%0d%0aX: y"]
)
def test_rien_n_est_decode_deux_fois(client: Client, suite: str) -> None:
    """What is still encoded once it was read is a text: it leads where it says, and to no other host."""
    compte = RattachementFactory(user__email="camille@exemple.fr").user
    lieu = client.post("/connexion/", {"login": compte.email, "password": MOT_DE_PASSE, "next": suite})["Location"]
    assert lieu == suite.replace(" ", "%20")
    assert client.get(lieu).status_code == 404


def test_un_refus_est_une_ligne_du_journal(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """What was refused, on which page, with which answer; nothing of who asked nor of what was sent."""
    caplog.set_level(logging.INFO)

    def ligne() -> list[tuple[Any, ...]]:
        lues = [json.loads(JsonFormatter().format(une)) for une in caplog.records]
        caplog.clear()
        return [(lue["level"], lue["event"], lue.get("route"), lue.get("status_code")) for lue in lues]

    client.force_login(RattachementFactory().user)
    caplog.clear()
    client.get("/mes-documents/rii/", {"nom": "ZZCANARI"})
    assert ("WARNING", "request", "documents:rii", 403) in ligne()
    Client(enforce_csrf_checks=True).post("/connexion/", {"login": "ZZCANARI"})
    assert ("INFO", "csrf_refused") in {une[:2] for une in ligne()}
    for _ in range(6):
        Client().post("/connexion/", {"login": "zzcanari@exemple.fr", "password": "ZZCANARI"})
    assert ("WARNING", "request", "account_login", 429) in ligne()
    client.get("/", headers={"host": "zzcanari.example"})
    assert "refused_request" in {une[1] for une in ligne()}
