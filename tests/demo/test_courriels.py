"""The demonstration's mail server: what the site sends can be read, and nothing in it runs."""

import smtplib
import socket
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from threading import Thread

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

from demo.courriels import Boite, serveur_de_lecture, serveur_smtp


def port_libre() -> int:
    with socket.create_server(("127.0.0.1", 0)) as libre:
        return int(libre.getsockname()[1])


@pytest.fixture
def boite(settings) -> Iterator[Boite]:
    boite = Boite()
    smtp = serveur_smtp(boite, port_libre())
    smtp.start()
    settings.EMAIL_BACKEND = "mespoints.lib.smtp.TimedBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp.port
    yield boite
    smtp.stop()


@pytest.fixture
def lire(boite: Boite):
    serveur = serveur_de_lecture(boite, 0)
    fil = Thread(target=serveur.serve_forever)
    fil.start()

    def demander(chemin: str, hote: str = "localhost") -> tuple[HTTPResponse, str]:
        connexion = HTTPConnection("127.0.0.1", serveur.server_port, timeout=60)
        connexion.request("GET", chemin, headers={"Host": hote})
        reponse = connexion.getresponse()
        corps = reponse.read().decode()
        connexion.close()
        return reponse, corps

    yield demander
    serveur.shutdown()
    serveur.server_close()
    fil.join()


def envoyer(sujet: str, texte: str) -> None:
    message = EmailMultiAlternatives(sujet, texte, "a@exemple.fr", ["camille@exemple.fr"])
    message.attach_alternative("<p>page</p>", "text/html")
    get_connection().send_messages([message])


def test_ce_qui_part_se_lit_et_ses_liens_s_ouvrent(boite: Boite, lire) -> None:
    assert "Aucun courriel" in lire("/")[1]
    envoyer("Votre accès", "Ouvrez :\nhttp://localhost:8000/compte/x/\nà bientôt")
    _, page = lire("/")
    assert '<a href="/1">Votre accès</a>' in page
    _, page = lire("/1")
    assert 'href="http://localhost:8000/compte/x/"' in page
    assert "camille@exemple.fr" in page
    assert "à bientôt" in page


def test_un_courriel_hostile_reste_du_texte(boite: Boite, lire) -> None:
    envoyer("<script>alert(1)</script>", "<img src=x onerror=alert(1)>")
    for chemin in ("/", "/1"):
        reponse, page = lire(chemin)
        assert "<script" not in page
        assert "<img" not in page
        assert "script-src" not in reponse.headers["Content-Security-Policy"]
        assert reponse.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("chemin", ["/2", "/x", "/../etc/passwd", "/" + "9" * 5000])
def test_une_adresse_inventee_n_est_pas_une_panne(boite: Boite, lire, chemin: str) -> None:
    assert lire(chemin)[0].status == HTTPStatus.NOT_FOUND


def test_un_autre_nom_qui_mene_ici_ne_lit_rien(boite: Boite, lire) -> None:
    envoyer("Votre accès", "secret")
    assert lire("/1", hote="mechant.example")[0].status == HTTPStatus.BAD_REQUEST


def test_le_serveur_n_ecoute_que_cette_machine(boite: Boite) -> None:
    autres = {adresse[4][0] for adresse in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    from django.conf import settings

    for adresse in autres - {"127.0.0.1", "127.0.1.1"}:
        with pytest.raises(OSError, match=r"refused|timed out"):
            smtplib.SMTP(adresse, settings.EMAIL_PORT, timeout=1)
