"""Each page: one title, one h1, the notice, the three sections, no inline script, no dead link, the policy."""

import re
import time
from html.parser import HTMLParser
from statistics import median

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.html import strip_tags

from tests.accounts.factories import RattachementFactory

pytestmark = pytest.mark.django_db

PUBLIQUES = [
    *("/", "/stages/", "/aide/", "/accessibilite/", "/mentions-legales/", "/donnees-personnelles/", "/connexion/"),
    *("/compte/creer/", "/franceconnect/connexion/", "/compte/password/reset/", "/compte/password/reset/done/"),
    *("/compte/inactive/", "/compte/confirm-email/", "/compte/password/reset/key/1-abc/", "/nexiste/pas/"),
]
PRIVEES = [
    *("/", "/compte/", "/compte/email/", "/compte/password/change/", "/compte/sessions/", "/deconnexion/"),
    *("/compte/reauthenticate/", "/mes-points/", "/mes-points/previsionnel/"),
]
#: What is refused on purpose: an address that does not exist, and what asks for FranceConnect.
REFUS = {"/nexiste/pas/": 404, "/mes-documents/rii/": 403}


class Lecteur(HTMLParser):
    """Counts the tags, and gathers ids, links, label targets and the attributes that a strict policy refuses."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.balises: list[str] = []
        self.ids: list[str] = []
        self.liens: set[str] = set()
        self.etiquettes: set[str] = set()
        self.interdits: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.balises.append(tag)
        if tag == "script" and not (dict(attrs).get("src") or "").startswith("/static/"):
            self.interdits.append("script")
        for nom, valeur in attrs:
            if nom == "style" or nom.startswith("on"):
                self.interdits.append(f"{tag} {nom}")
            if nom == "id":
                self.ids.append(valeur or "")
            if nom == "for":
                self.etiquettes.add(valeur or "")
            if nom == "href" and tag == "a":
                self.liens.add(valeur or "")


@pytest.fixture
def visiteur(client: Client) -> Client:
    client.force_login(RattachementFactory(user__email="camille@exemple.fr").user)
    return client


def verifier(page: str) -> Lecteur:
    lecteur = Lecteur(page)
    assert '<html lang="fr">' in page
    assert re.search(r"<title>\S[^<]+ – Mes Points Permis</title>", page)
    assert lecteur.balises.count("h1") == 1
    assert lecteur.balises.count("main") == 1
    assert "ceci n'est pas un service de l'administration" in page
    assert {"/mes-points/", "/mes-documents/", "/stages/"} <= lecteur.liens
    assert "style" not in lecteur.balises
    assert lecteur.interdits == []
    assert len(lecteur.ids) == len(set(lecteur.ids))
    assert lecteur.etiquettes <= set(lecteur.ids)
    assert {lien[1:] for lien in lecteur.liens if lien.startswith("#")} <= set(lecteur.ids)
    return lecteur


@pytest.mark.parametrize("chemin", PUBLIQUES)
def test_une_page_publique(client: Client, chemin: str) -> None:
    verifier(client.get(chemin).content.decode())


@pytest.mark.parametrize("chemin", PRIVEES)
def test_une_page_connectee_montre_le_compte_et_la_sortie(visiteur: Client, chemin: str) -> None:
    page = visiteur.get(chemin).content.decode()
    verifier(page)
    assert "camille@exemple.fr" in page
    assert 'method="post" action="/deconnexion/"' in page


@pytest.mark.parametrize("chemin", [*PUBLIQUES, *PRIVEES])
def test_le_francais_garde_ses_espaces_insecables(visiteur: Client, chemin: str) -> None:
    texte = strip_tags(visiteur.get(chemin).content.decode()).replace("&nbsp;", "\u00a0")
    assert re.findall(r".{20} [:;?!»](?=\s)|« .{10}", texte) == []


def test_aucun_lien_ne_mene_nulle_part(visiteur: Client) -> None:
    for client, depart in ((Client(), PUBLIQUES), (visiteur, PRIVEES)):
        vus, a_voir = set(), set(depart)
        while a_voir:
            chemin = a_voir.pop()
            vus.add(chemin)
            reponse = client.get(chemin)
            assert reponse.status_code < 400 or reponse.status_code == REFUS.get(chemin), chemin
            liens = Lecteur(reponse.content.decode()).liens if "html" in reponse["Content-Type"] else set()
            assert all(lien.startswith(("/", "#")) for lien in liens), chemin
            a_voir |= {lien.split("#")[0] for lien in liens if lien.startswith("/")} - vus


def test_un_ancrage_vers_une_autre_page_y_existe(client: Client) -> None:
    for chemin in PUBLIQUES:
        for lien in Lecteur(client.get(chemin).content.decode()).liens:
            if "#" in lien and not lien.startswith("#"):
                cible, ancre = lien.split("#")
                assert ancre in Lecteur(client.get(cible).content.decode()).ids, lien


def test_la_section_courante_est_dite(client: Client) -> None:
    page = client.get("/stages/").content.decode()
    assert re.findall(r'<a href="([^"]+)" aria-current="true">', page) == ["/stages/"]


def test_la_politique_de_securite_n_autorise_rien_en_ligne(client: Client) -> None:
    politique = client.get("/")["Content-Security-Policy"]
    assert "unsafe" not in politique
    assert "default-src 'none'" in politique
    assert "frame-ancestors 'none'" in politique


def test_les_marques_de_l_etat_n_apparaissent_que_si_on_les_demande(client: Client, settings) -> None:
    for chemin in PUBLIQUES:
        assert "République" not in client.get(chemin).content.decode().replace("procureur de la République", "")
    settings.MESPOINTS_MARQUE_ETAT = True
    assert "fr-logo" in client.get("/").content.decode()


def test_une_adresse_de_compte_est_echappee(client: Client) -> None:
    client.force_login(RattachementFactory(user__email="<b>&\"'@exemple.fr").user)
    assert "&lt;b&gt;&amp;&quot;&#x27;@exemple.fr" in client.get("/aide/").content.decode()


def test_la_mise_en_page_se_rend_en_moins_d_une_milliseconde(rf: RequestFactory) -> None:
    requete = rf.get("/")
    requete.user = RattachementFactory().user
    requete.session = {}
    requete._messages = get_messages(requete)
    render_to_string("layout/base.html", request=requete)
    durees = []
    for _ in range(50):
        debut = time.perf_counter()
        render_to_string("layout/base.html", request=requete)
        durees.append(time.perf_counter() - debut)
    assert median(durees) < 0.001
    assert settings.DEBUG is False
