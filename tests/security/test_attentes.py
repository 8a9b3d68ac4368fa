"""A dependency that takes the call and never answers: the page comes all the same, while it is still silent."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils.timezone import now

from accounts import courriels
from accounts.models import Courriel
from mespoints.settings import base
from tests.accounts.factories import RattachementFactory

pytestmark = pytest.mark.django_db


class Muet:
    """A port where calls arrive and nobody answers: they stay in the queue of the system, and are counted after."""

    def __init__(self) -> None:
        self.prise = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.prise.setblocking(False)
        self.port: int = self.prise.getsockname()[1]

    def appels(self) -> int:
        """How many came since they were last counted."""
        nombre = 0
        with suppress(BlockingIOError):
            while True:
                self.prise.accept()[0].close()
                nombre += 1
        return nombre


@pytest.fixture
def muet() -> Iterator[Muet]:
    muet = Muet()
    with muet.prise:
        yield muet


def test_un_redis_muet_ne_retient_personne(client: Client, settings: Any, muet: Muet) -> None:
    """Each try costs ``socket_timeout`` seconds: the test has it shorter, the check holds the real one to 10.

    What a page may cost is how many times it tries: each is a connection, given up and never used again.
    """
    options = {**base.REDIS_OPTIONS, "socket_timeout": 0.3}
    client.force_login(RattachementFactory().user)
    un = {"BACKEND": "mespoints.lib.cache.ForgetfulRedisCache", "LOCATION": f"redis://127.0.0.1:{muet.port}"}
    settings.CACHES = {alias: {**un, "OPTIONS": options} for alias in ("default", "sessions")}
    assert caches["sessions"].get("x") is None
    assert muet.appels() == 1
    assert client.get("/mes-points/").status_code == 200
    assert 1 <= muet.appels() <= 3


def test_un_serveur_de_courrier_muet_ne_retient_pas_le_travailleur(settings: Any, muet: Muet) -> None:
    settings.EMAIL_BACKEND = "mespoints.lib.smtp.TimedBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", muet.port, 0.3
    settings.EMAIL_WAITS = dict.fromkeys(settings.EMAIL_WAITS, 0.3)
    Courriel.objects.create(destinataire="a@exemple.fr", modele="m", sujet="s", texte="t", prochain_essai_at=now())
    assert courriels.envoyer_les_dus() == 0
    assert muet.appels() == 1
    assert Courriel.objects.get().essais == 1
