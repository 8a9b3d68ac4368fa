"""The outbox: with what it tells or not at all, once, in spite of a server that is down."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.db.models import F
from django.test import Client

from accounts import courriels
from accounts.courriels import envoyer_les_dus, record_courriel
from accounts.models import Courriel
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory

MODELE = "emails/compte_inconnu.txt"


class Boite(MessageHandler):
    """What the server received, and what it refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.recus: list[Message] = []
        self.refuse: dict[str, str] = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if refus := self.refuse.get(address):
            return refus
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Message) -> None:
        self.recus.append(message)


@pytest.fixture
def serveur(settings) -> Iterator[Boite]:
    """A real SMTP server, on a free port."""
    boite = Boite()
    with socket.create_server(("127.0.0.1", 0)) as libre:
        port = libre.getsockname()[1]
    controleur = Controller(boite, hostname="127.0.0.1", port=port)
    controleur.start()
    settings.EMAIL_BACKEND = "mespoints.lib.smtp.TimedBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield boite
    controleur.stop()


@pytest.fixture
def personne(settings) -> None:
    """The address of a server that is down."""
    settings.EMAIL_BACKEND = "mespoints.lib.smtp.TimedBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9


def attendre(duree: timedelta) -> None:
    Courriel.objects.update(prochain_essai_at=F("prochain_essai_at") - duree, created_at=F("created_at") - duree)


@pytest.mark.django_db
def test_un_courriel_part_avec_son_texte_et_sa_page_puis_son_contenu_est_oublie(serveur: Boite) -> None:
    record_courriel(
        a="camille@exemple.fr", modele="emails/mot_de_passe_oublie.txt", contexte={"password_reset_url": "x"}
    )
    assert envoyer_les_dus() == 1
    (message,) = serveur.recus
    assert message["To"] == "camille@exemple.fr"
    assert message["Subject"] == "Choisir un nouveau mot de passe - Mes Points Permis"
    texte, html = (partie.get_payload(decode=True).decode().replace("\r\n", "\n") for partie in message.get_payload())
    assert texte.startswith("Bonjour,\n\nPour choisir un nouveau mot de passe, ouvrez ce lien.")
    assert "&#x27;" not in texte
    assert html.startswith("<!DOCTYPE html>")
    assert "<h1>Choisir un nouveau mot de passe" in html
    courriel = Courriel.objects.get()
    assert (courriel.texte, courriel.html, courriel.prochain_essai_at) == ("", "", None)
    assert courriel.sent_at is not None
    assert envoyer_les_dus() == 0


@pytest.mark.django_db
def test_une_transaction_annulee_reprend_son_courriel() -> None:
    with transaction.atomic():
        record_courriel(a="camille@exemple.fr", modele=MODELE)
        transaction.set_rollback(True)
    assert not Courriel.objects.exists()


@pytest.mark.django_db
def test_deux_courriels_d_une_meme_cle_n_en_font_qu_un() -> None:
    assert record_courriel(a="camille@exemple.fr", modele=MODELE, cle="bienvenue-1") is not None
    assert record_courriel(a="camille@exemple.fr", modele=MODELE, cle="bienvenue-1") is None
    assert Courriel.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("adresse", ["", "personne", "a@exemple.fr\r\nBcc: tous@exemple.fr", "a@b@c", "é" * 400])
def test_ce_qui_n_est_pas_une_adresse_est_refuse(adresse: str) -> None:
    with pytest.raises(ValidationError):
        record_courriel(a=adresse, modele=MODELE)


@pytest.mark.django_db
def test_un_contexte_hostile_reste_du_texte(courriels_partis) -> None:
    record_courriel(
        a="camille@exemple.fr",
        modele="emails/mot_de_passe_oublie.txt",
        contexte={"password_reset_url": "<script>alert(1)</script>"},
    )
    (message,) = courriels_partis()
    assert "<script>alert(1)</script>" in message.body
    assert "<script" not in message.alternatives[0][0]


@pytest.mark.django_db
def test_serveur_absent_les_essais_s_espacent_puis_tout_part_une_fois(
    personne: None, request: pytest.FixtureRequest
) -> None:
    """The server is down for two hours, then up: each mail once."""
    for n in range(3):
        record_courriel(a=f"camille{n}@exemple.fr", modele=MODELE)
    instants = 0
    for _ in range(24):
        assert envoyer_les_dus() == 0
        attendre(timedelta(minutes=5))
        instants += 1
    essais = list(Courriel.objects.values_list("essais", flat=True))
    assert 15 <= sum(essais) <= instants
    serveur = request.getfixturevalue("serveur")
    attendre(timedelta(hours=1))
    assert envoyer_les_dus() == 3
    assert sorted(message["To"] for message in serveur.recus) == [f"camille{n}@exemple.fr" for n in range(3)]
    assert envoyer_les_dus() == 0


@pytest.mark.django_db
def test_au_bout_d_un_jour_on_renonce_et_on_le_dit(personne: None, caplog) -> None:
    record_courriel(a="camille@exemple.fr", modele=MODELE)
    for _ in range(40):
        envoyer_les_dus()
        attendre(timedelta(hours=1))
    courriel = Courriel.objects.get()
    assert (courriel.sent_at, courriel.prochain_essai_at, courriel.texte) == (None, None, "")
    assert [ligne.message for ligne in caplog.records].count("mail_given_up") == 1
    assert "camille" not in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize(("refus", "encore"), [("550 5.1.1 No such user", False), ("451 4.3.0 Later", True)])
def test_un_refus_ne_retient_pas_les_suivants(serveur: Boite, refus: str, encore: bool) -> None:
    serveur.refuse["partie@exemple.fr"] = refus
    record_courriel(a="partie@exemple.fr", modele=MODELE)
    record_courriel(a="camille@exemple.fr", modele=MODELE)
    assert envoyer_les_dus() == 1
    assert [message["To"] for message in serveur.recus] == ["camille@exemple.fr"]
    assert (Courriel.objects.get(destinataire="partie@exemple.fr").prochain_essai_at is not None) is encore


@pytest.mark.django_db(transaction=True)
def test_quatre_travailleurs_n_envoient_chaque_courriel_qu_une_fois(serveur: Boite) -> None:
    for n in range(20):
        record_courriel(a=f"camille{n}@exemple.fr", modele=MODELE)

    def travailler(_: int) -> int:
        try:
            return envoyer_les_dus()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as fils:
        assert sum(fils.map(travailler, range(4))) == 20
    assert sorted(m["To"] for m in serveur.recus) == sorted(f"camille{n}@exemple.fr" for n in range(20))


@pytest.mark.django_db
def test_la_connexion_n_appelle_aucun_serveur_de_courrier(
    settings, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    """Then none can make it wait: what it has to say is a row, and the worker is told."""
    compte = CompteFactory()
    settings.EMAIL_BACKEND = "mespoints.lib.smtp.TimedBackend"
    with socket.create_server(("127.0.0.1", 0)) as ecoute:
        settings.EMAIL_HOST, settings.EMAIL_PORT = ecoute.getsockname()[:2]
        with django_capture_on_commit_callbacks(execute=True):
            reponse = Client().post("/connexion/", {"login": compte.email, "password": MOT_DE_PASSE})
        ecoute.setblocking(False)
        with pytest.raises(BlockingIOError):
            ecoute.accept()
    assert reponse["Location"] == "/mes-points/"
    assert Courriel.objects.filter(user=compte, sent_at=None, essais=0).count() == 1


@pytest.mark.django_db
def test_le_balai_repart_de_ce_qui_est_ecrit(serveur: Boite) -> None:
    """The message to the worker may be lost: the beat's own call finds the row."""
    from accounts.tasks import envoyer

    record_courriel(a="camille@exemple.fr", modele=MODELE)
    envoyer.run()
    assert len(serveur.recus) == 1


@pytest.mark.django_db
def test_les_lignes_anciennes_s_effacent_pas_celles_qui_attendent(serveur: Boite) -> None:
    record_courriel(a="camille@exemple.fr", modele=MODELE)
    envoyer_les_dus()
    record_courriel(a="dominique@exemple.fr", modele=MODELE)
    Courriel.objects.update(created_at=F("created_at") - timedelta(days=8))
    assert courriels.purger() == 1
    assert Courriel.objects.get().destinataire == "dominique@exemple.fr"
