"""Each page: one title, one h1, the notice, the three sections, nothing inline, no dead link, the policy."""

import gzip
import re
from collections.abc import Callable
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.template.base import Node
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import is_valid_path
from django.utils.html import strip_tags
from tinyhtml5.parser import HTMLParser as HTMLParser5

from accounts.selectors import get_titulaire
from tests.accounts.factories import CompteFactory, RattachementFactory

pytestmark = pytest.mark.django_db

PUBLIQUES = [
    *("/aide/numero-de-dossier/", "/aide/documents/", "/aide/employeur/", "/telepoints/", "/plan-du-site/"),
    *("/comprendre/", "/comprendre/lettre-48si/", "/comprendre/retour-des-points/"),
    "/affichage/",
    *("/", "/stages/", "/aide/", "/accessibilite/", "/mentions-legales/", "/donnees-personnelles/", "/connexion/"),
    *("/compte/creer/permis/", "/franceconnect/connexion/", "/franceconnect/echec/"),
    *("/compte/password/reset/", "/compte/password/reset/done/"),
    *("/compte/creer/envoye/", "/compte/creer/renvoyer/", "/compte/activer/a/", "/conditions-d-utilisation/"),
    *("/signalements/", "/signalements/ouvrir/a/", "/signalements/suivi/a/"),
    *("/compte/inactive/", "/compte/confirm-email/", "/compte/password/reset/key/1-abc/", "/nexiste/pas/"),
]
PRIVEES = [
    *(
        "/",
        "/compte/",
        "/compte/acces/",
        "/compte/email/",
        "/compte/password/change/",
        "/compte/sessions/",
        "/deconnexion/",
    ),
    *("/compte/reauthenticate/", "/mes-points/", "/mes-points/previsionnel/"),
]
#: What is refused on purpose: an address that does not exist, and what asks for FranceConnect.
REFUS = {
    **dict.fromkeys(["/compte/activer/a/", "/signalements/ouvrir/a/", "/signalements/suivi/a/"], 410),
    **{"/nexiste/pas/": 404, "/mes-documents/rii/": 403},
}
#: The only other sites that a page leads to: the law, and the administration's own services.
DEHORS = (
    "https://franceconnect.gouv.fr/",
    "https://www.legifrance.gouv.fr/codes/",
    "https://recours.permisdeconduire.gouv.fr/",
    "https://mespoints.permisdeconduire.gouv.fr",
)


class Lecteur(HTMLParser):
    """Counts the tags, and gathers ids, links, label targets and the attributes that a strict policy refuses."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.balises: list[str] = []
        self.ids: list[str] = []
        self.liens: set[str] = set()
        self.scripts: list[str] = []
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
            if nom == "src" and tag == "script":
                self.scripts.append(valeur or "")
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
    assert lecteur.balises.count("script") == len(lecteur.scripts) == page.count("defer></script>")  # none inline
    assert all(adresse.startswith("/static/js/") for adresse in lecteur.scripts)
    assert lecteur.interdits == []
    assert len(lecteur.ids) == len(set(lecteur.ids))
    assert lecteur.etiquettes <= set(lecteur.ids)
    assert {lien[1:] for lien in lecteur.liens if lien.startswith("#")} <= set(lecteur.ids)
    return lecteur


@pytest.mark.parametrize("chemin", PUBLIQUES)
def test_une_page_publique(client: Client, chemin: str) -> None:
    verifier(client.get(chemin).content.decode())


@pytest.mark.parametrize("chemin", PRIVEES)
def test_une_page_connectee_montre_le_nom_et_la_sortie(visiteur: Client, chemin: str) -> None:
    page = visiteur.get(chemin).content.decode()
    verifier(page)
    assert "Mon compte&nbsp;: </span>Camille MARTIN</a>" in page
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
            assert all(lien.startswith(("/", "#", *DEHORS)) for lien in liens), chemin
            a_voir |= {lien.split("#")[0] for lien in liens if lien.startswith("/")} - vus


def test_un_ancrage_vers_une_autre_page_y_existe(client: Client) -> None:
    for chemin in PUBLIQUES:
        for lien in Lecteur(client.get(chemin).content.decode()).liens:
            if "#" in lien and not lien.startswith("#"):
                cible, ancre = lien.split("#")
                assert ancre in Lecteur(client.get(cible).content.decode()).ids, lien


def test_une_page_publique_pese_au_plus_14_ko_compressee(client: Client) -> None:
    poids = {chemin: len(gzip.compress(client.get(chemin).content, 6)) for chemin in PUBLIQUES}
    assert {chemin: octets for chemin, octets in poids.items() if octets > 14_000} == {}


@pytest.mark.parametrize(
    "faux",
    [
        "79 pour la Corse",
        "centaines de milliers",
        "Alicem",
        "09 70 40 11 11",
        "points et de voir votre permis de conduire",
    ],
)
def test_ce_que_les_sources_disent_de_faux_n_est_pas_repris(client: Client, faux: str) -> None:
    for chemin in PUBLIQUES:
        assert faux not in client.get(chemin).content.decode().replace("&nbsp;", " "), chemin


@pytest.mark.parametrize("chemin", ["/aide/", "/aide/numero-de-dossier/", "/telepoints/", "/accessibilite/"])
def test_une_impasse_indique_le_courrier(client: Client, chemin: str) -> None:
    assert "#courrier" in client.get(chemin).content.decode()


def test_chaque_dessin_de_permis_dit_le_numero_qu_il_montre(client: Client) -> None:
    page = client.get("/aide/numero-de-dossier/").content.decode()
    dessins = re.findall(r'<svg class="mp-permis".*?</svg>', page, re.DOTALL)
    assert len(dessins) == 5
    for dessin in dessins:
        texte = re.search(r'aria-label="([^"]+)"', dessin)[1]
        numeros = re.findall(r'class="mp-permis__numero"[^>]*>([^<]+)<', dessin)
        assert numeros
        assert all(numero in texte for numero in numeros)


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
        assert "fr-connect" not in client.get(chemin).content.decode()
    settings.MESPOINTS_MARQUE_ETAT = True
    for chemin in ("/", "/connexion/", "/nexiste/pas/"):
        page = client.get(chemin).content.decode()
        assert page.count('<p class="fr-logo">République<br>Française</p>') == 2
        assert "mp-anneau" not in page
        assert "émonstration" not in page
        assert "Aucune marque de l'État" not in page
    assert '<span class="fr-connect__brand">FranceConnect</span>' in client.get("/connexion/").content.decode()


def test_un_nom_est_echappe(client: Client) -> None:
    client.force_login(RattachementFactory(dossier__nom_naissance="<b>&\"'").user)
    assert "Camille &lt;b&gt;&amp;&quot;&#x27;</a>" in client.get("/aide/").content.decode()


def test_un_compte_sans_dossier_est_nomme_par_son_adresse(client: Client) -> None:
    client.force_login(CompteFactory(email="seul@exemple.fr"))
    assert "</span>seul@exemple.fr</a>" in client.get("/aide/").content.decode()


def test_deux_pages_n_ont_ni_le_meme_titre_ni_le_meme_h1(visiteur: Client) -> None:
    pages = {chemin: visiteur.get(chemin).content.decode() for chemin in PRIVEES}
    perimes = {chemin for chemin, code in REFUS.items() if code == 410}  # one page says it of every link
    pages |= {chemin: Client().get(chemin).content.decode() for chemin in set(PUBLIQUES) - perimes}
    for expression in (r"<title>(.+?)</title>", r"(?s)<h1[^>]*>(.+?)</h1>"):
        textes: dict[str, set[str]] = {}
        for chemin, page in pages.items():
            if "h1" in expression and chemin == "/mes-points/previsionnel/":  # a tab of the page of that h1
                continue
            textes.setdefault(re.search(expression, page)[1], set()).add(chemin)
        assert [chemins for chemins in textes.values() if len(chemins) > 1] == []


@pytest.mark.parametrize("chemin", [*PUBLIQUES, *PRIVEES])
def test_le_html_est_bien_forme_et_leger(visiteur: Client, chemin: str) -> None:
    for client in (Client(), visiteur):
        page = client.get(chemin, follow=True).content
        analyse = HTMLParser5()
        analyse.parse(BytesIO(page))
        assert analyse.errors == [], chemin
        assert len(gzip.compress(page)) <= 14_000


def test_le_pied_mene_a_chaque_page_d_information_qui_existe(client: Client) -> None:
    pied = client.get("/").content.decode().rpartition("<footer")[2]
    for chemin in (*("/plan-du-site/", "/comprendre/", "/telepoints/", "/aide/", "/accessibilite/"), "/affichage/"):
        assert (f'href="{chemin}' in pied) == bool(is_valid_path(chemin)), chemin


def test_la_mise_en_page_ne_demande_rien_a_personne(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Callable[..., Any]
) -> None:
    """Neither to the database, nor to Redis, nor to a file: it is its own text, not long (``make timing`` times it)."""
    requete = rf.get("/")
    requete.user = RattachementFactory().user
    requete.titulaire = get_titulaire(requete.user)
    requete.session = {}
    requete._messages = get_messages(requete)
    render_to_string("layout/base.html", request=requete)
    rendus, rendre = [], Node.render_annotated
    monkeypatch.setattr(Node, "render_annotated", lambda noeud, contexte: rendus.append(1) or rendre(noeud, contexte))
    for porte in (
        "builtins.open",
        "io.open",
        "redis.Redis.execute_command",
        "django.template.Template.compile_nodelist",
    ):
        monkeypatch.setattr(porte, lambda *_a, porte=porte, **_k: pytest.fail(porte))
    with django_assert_num_queries(0):
        render_to_string("layout/base.html", request=requete)
    assert len(rendus) < 300
    assert settings.DEBUG is False
