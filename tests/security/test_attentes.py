"""A dependency that takes the call and never answers: the page comes all the same, and soon."""

import socket
import threading
import time
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


@pytest.fixture
def muet() -> Iterator[int]:
    """A port that accepts and says nothing."""
    gardees: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as serveur:

        def accepter() -> None:
            with suppress(OSError):
                while True:
                    gardees.append(serveur.accept()[0])

        threading.Thread(target=accepter, daemon=True).start()
        yield serveur.getsockname()[1]
    for prise in gardees:
        prise.close()


def test_un_redis_muet_ne_retient_personne(client: Client, settings: Any, muet: int) -> None:
    """Each try costs ``socket_timeout`` seconds: the test has it shorter, the check holds the real one to 10."""
    options = {**base.REDIS_OPTIONS, "socket_timeout": 0.3}
    client.force_login(RattachementFactory().user)
    un = {"BACKEND": "mespoints.lib.cache.ForgetfulRedisCache", "LOCATION": f"redis://127.0.0.1:{muet}"}
    settings.CACHES = {alias: {**un, "OPTIONS": options} for alias in ("default", "sessions")}
    assert caches["sessions"].get("x") is None
    debut = time.monotonic()
    assert client.get("/mes-points/").status_code == 200
    assert time.monotonic() - debut < 6


def test_un_serveur_de_courrier_muet_ne_retient_pas_le_travailleur(settings: Any, muet: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", muet, 0.3
    Courriel.objects.create(destinataire="a@exemple.fr", modele="m", sujet="s", texte="t", prochain_essai_at=now())
    debut = time.monotonic()
    assert courriels.envoyer_les_dus() == 0
    assert time.monotonic() - debut < 3
    assert Courriel.objects.get().essais == 1
