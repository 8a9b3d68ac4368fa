"""The error pages: in French, in the layout, without a trace of what broke."""

import re
from io import BytesIO

import pytest
from django.db import OperationalError, connection
from django.test import Client
from tinyhtml5.parser import HTMLParser

from tests.accounts.factories import RattachementFactory
from tests.mespoints.urls_pannes import CANARI

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.mespoints.urls_pannes")]

CAS = [
    ("/panne/400/", 400, "Cette demande n'a pas pu être lue"),
    ("/panne/403/", 403, "Vous n'avez pas accès à cette page"),
    ("/panne/403-niveau/", 403, "Cette page demande FranceConnect"),
    ("/panne/403-dossier/", 403, "Aucun dossier n'est rattaché à votre compte"),
    ("/panne/404/", 404, "Page introuvable"),
    ("/nexiste/pas/", 404, "Page introuvable"),
    ("/panne/405/", 405, "Cette adresse ne s'ouvre pas ainsi"),
    ("/panne/429/", 429, "Trop d'essais en peu de temps"),
    ("/panne/500/", 500, "Une erreur est survenue"),
    ("/panne/503-base/", 503, "Service momentanément indisponible"),
    ("/panne/503-affluence/", 503, "Trop de monde à cet instant"),
    ("/panne/503-redis/", 503, "Service momentanément indisponible"),
]


@pytest.fixture
def visiteur() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(RattachementFactory().user)
    return client


@pytest.mark.parametrize(("chemin", "code", "titre"), CAS)
@pytest.mark.parametrize("connecte", [True, False])
def test_la_page_dit_ce_qui_arrive_ce_qui_est_garde_et_que_faire(
    visiteur: Client, chemin: str, code: int, titre: str, connecte: bool
) -> None:
    client = visiteur if connecte else Client(raise_request_exception=False)
    reponse = client.get(chemin)
    page = reponse.content.decode()
    assert reponse.status_code == code
    assert f"<h1>{titre}</h1>" in page
    assert '<html lang="fr">' in page
    assert "Démonstration" in page
    assert "Mes Points Permis</title>" in page
    assert page.index(f"<h1>{titre}") < page.index("mp-garde") < page.index("Que faire") < page.index("Autrement")
    garde = page[page.index("mp-garde") : page.index("Que faire")]
    assert re.search(r"[Rr]ien n'a été|n'a pas été enregistré", garde)
    assert "préfecture" in page[page.index("Autrement") :]
    assert page.count(f"Erreur {code}") == 1
    analyse = HTMLParser()
    analyse.parse(BytesIO(reponse.content))
    assert analyse.errors == []
    assert not any(trace in page for trace in (CANARI, "Traceback", "Exception", "ZeroDivision", "urls_pannes"))


def test_chaque_panne_a_son_titre() -> None:
    client = Client(raise_request_exception=False)
    titres = {re.search("<title>(.+)</title>", client.get(chemin).content.decode())[1] for chemin, _, _ in CAS}
    assert len(titres) == len({titre for _, _, titre in CAS})


def test_une_instance_de_l_etat_porte_ses_marques_meme_en_panne(settings) -> None:
    settings.MESPOINTS_MARQUE_ETAT = True
    page = Client(raise_request_exception=False).get("/panne/500/").content.decode()
    assert "fr-logo" in page
    assert "Démonstration" not in page


def test_le_refus_du_niveau_offre_franceconnect_et_la_voie_postale(visiteur: Client) -> None:
    page = visiteur.get("/panne/403-niveau/").content.decode()
    assert 'action="/franceconnect/connexion/"' in page
    assert "préfecture" in page


@pytest.mark.parametrize("chemin", ["/panne/429/", "/panne/503-base/", "/panne/503-redis/"])
def test_une_panne_passagere_dit_quand_revenir(client: Client, chemin: str) -> None:
    client.raise_request_exception = False
    assert int(client.get(chemin)["Retry-After"]) > 0


def test_les_pages_de_panne_ne_lisent_pas_la_base(visiteur: Client, django_assert_num_queries) -> None:
    """They must show when the database is what failed."""

    def refuser(*args, **kwargs):
        raise AssertionError("read")

    anonyme = Client(raise_request_exception=False)
    with connection.execute_wrapper(refuser):
        for chemin in ("/panne/500/", "/panne/503-base/"):
            assert anonyme.get(chemin).status_code >= 500


@pytest.mark.parametrize("hote", ["evil.example", "a b", "x" * 300])
def test_un_hote_inconnu_est_refuse_par_une_page(client: Client, hote: str) -> None:
    reponse = client.get("/", headers={"host": hote})
    assert reponse.status_code == 400
    assert hote not in reponse.content.decode()


@pytest.mark.parametrize(
    "chemin", ["/%00", "/%ff%fe", "/" + "a" * 5_000, "/mes-points/%2e%2e/", "/?a=%00&b=%ff", "//evil/"]
)
def test_une_adresse_impossible_n_est_pas_une_panne(client: Client, chemin: str) -> None:
    assert client.get(chemin).status_code in {200, 301, 302, 400, 404}


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("mespoints.urls")
def test_sans_postgresql_la_page_d_un_conducteur_connecte_est_bien_celle_de_la_panne(
    visiteur: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who the visitor is cannot be read either: the page of the failure asks nobody."""
    assert visiteur.get("/mes-points/").status_code == 200

    def perdue(*_: object, **__: object) -> None:
        raise OperationalError

    connection.close()
    with monkeypatch.context() as coupe:
        coupe.setattr(connection, "connect", perdue)
        reponse = visiteur.get("/mes-points/")
    assert reponse.status_code == 503
    assert "Service momentanément indisponible" in reponse.content.decode()
    assert reponse["Retry-After"]
