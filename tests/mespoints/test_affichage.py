"""/affichage/: the choice is kept by a cookie, written by the server into every page, and leads back."""

import re

import pytest
from django.test import Client

from tests.accounts.factories import CompteFactory

pytestmark = pytest.mark.django_db
ADRESSE = "/affichage/"


def theme_de(page: bytes) -> tuple[str | None, str]:
    """What <html> and the color-scheme of the page say."""
    texte = page.decode()
    html = re.search(r'<html lang="fr"(?: data-fr-theme="(\w+)")?>', texte)
    return html[1], re.search(r'<meta name="color-scheme" content="([\w ]+)">', texte)[1]


def coche(page: bytes) -> list[str]:
    return re.findall(r'value="(\w+)" checked', page.decode())


def choisir(client: Client, theme: str | None = None, **champs: str):
    return client.post(ADRESSE, champs | ({} if theme is None else {"theme": theme}))


def test_sans_choix_la_page_suit_l_appareil(client: Client) -> None:
    reponse = client.get(ADRESSE)
    assert theme_de(reponse.content) == (None, "light dark")
    assert coche(reponse.content) == ["appareil"]
    assert reponse.cookies.keys() <= {"csrf"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_un_choix_vaut_pour_toutes_les_pages_et_ramene_d_ou_l_on_venait(client: Client, theme: str) -> None:
    reponse = choisir(client, theme, next="/connexion/?next=/stages/")
    assert (reponse.status_code, reponse["Location"]) == (302, "/connexion/?next=/stages/")
    for chemin in ("/connexion/", "/nexiste/pas/", "/aide/"):
        assert theme_de(client.get(chemin).content) == (theme, theme)
    assert coche(client.get(ADRESSE).content) == [theme]


def test_le_cookie_dure_un_an_sans_etre_lu_d_un_script(client: Client, settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    cookie = choisir(client, "dark").cookies["theme"]
    assert cookie.value == "dark"
    assert cookie["max-age"] == 365 * 24 * 3600
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["path"]) == (True, "Lax", True, "/")


def test_comme_mon_appareil_efface_le_choix(client: Client) -> None:
    choisir(client, "dark")
    reponse = choisir(client, "appareil")
    assert (reponse.cookies["theme"].value, reponse.cookies["theme"]["max-age"]) == ("", 0)
    page = client.get("/").content
    assert theme_de(page) == (None, "light dark")
    assert "L'affichage suit votre appareil." in page.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("valeur", ["", "system", "DARK", 'dark"><script>', "x" * 4000, "\x00", "é"])
def test_un_cookie_qui_dit_autre_chose_ne_dit_rien(client: Client, valeur: str) -> None:
    client.cookies["theme"] = valeur
    assert theme_de(client.get("/").content) == (None, "light dark")


@pytest.mark.parametrize("theme", [None, "", "rouge", "x" * 10_000, "<script>"])
def test_un_choix_impossible_est_redemande_sans_rien_perdre(client: Client, theme: str | None) -> None:
    client.cookies["theme"] = "dark"
    reponse = choisir(client, theme, next="/stages/")
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert "<title>Erreur" in page
    assert "Choisissez l&#x27;un des trois affichages." in page
    assert '<input type="hidden" name="next" value="/stages/">' in page
    assert "theme" not in reponse.cookies
    assert coche(reponse.content) == ["dark"]
    assert theme_de(reponse.content) == ("dark", "dark")


@pytest.mark.parametrize(
    "suite",
    [
        *("", "//evil", "///evil", "/\\evil", "\\\\evil", "https:evil", "https://evil", "javascript:alert(1)"),
        *(" //evil", "/\t/evil", "http://testserver@evil/", "http://testserver/aide/", "evil", "accueil"),
        *("/x\r\nX-Y: z", "/\u2028"),
    ],
)
def test_on_ne_repart_jamais_ailleurs(client: Client, suite: str) -> None:
    assert b'name="next"' not in client.get(ADRESSE, {"next": suite}).content
    assert choisir(client, "dark", next=suite)["Location"] == "/"


def test_un_chemin_etrange_reste_un_chemin_du_site(client: Client) -> None:
    lieu = choisir(client, "dark", next="/é?ü=€")["Location"]
    assert re.fullmatch(r"/[!-~]+", lieu)


@pytest.mark.parametrize("chemin", ["/", "/connexion/?next=/mes-points/%3Fa%3D1%26b%3D2", "/nexiste/%C3%A9/?q=%22%3E"])
def test_le_lien_du_pied_garde_l_adresse_entiere(client: Client, chemin: str) -> None:
    lien = re.search(r'href="(/affichage/\?next=[^"]+)"', client.get(chemin).content.decode())[1]
    cache = re.search(r'name="next" value="([^"]+)"', client.get(lien).content.decode())[1]
    assert choisir(client, "dark", next=cache.replace("&amp;", "&"))["Location"] == chemin


@pytest.mark.parametrize("methode", ["put", "delete", "patch"])
def test_rien_d_autre_qu_un_formulaire(client: Client, methode: str) -> None:
    assert getattr(client, methode)(ADRESSE).status_code == 405


def test_sans_jeton_le_choix_est_refuse_par_une_page() -> None:
    reponse = choisir(Client(enforce_csrf_checks=True), "dark")
    assert reponse.status_code == 403
    assert "Ce formulaire a expiré" in reponse.content.decode()


def test_choisir_ne_touche_pas_la_base(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert choisir(client, "dark").status_code == 302


def test_un_visiteur_connecte_choisit_et_reste_connecte(client: Client) -> None:
    client.force_login(CompteFactory())
    assert choisir(client, "light", next="/compte/")["Location"] == "/compte/"
    assert theme_de(client.get("/compte/").content) == ("light", "light")


@pytest.mark.urls("tests.mespoints.urls_pannes")
@pytest.mark.parametrize("chemin", ["/panne/500/", "/panne/503-base/", "/panne/403/"])
def test_une_page_de_panne_suit_le_choix(chemin: str) -> None:
    client = Client(raise_request_exception=False)
    choisir(client, "dark")
    assert theme_de(client.get(chemin).content) == ("dark", "dark")
