"""FranceConnect's stand-in, and what each of its refusals must leave: nothing."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import IdentiteFranceConnect, Rattachement, User
from demo.franceconnect.application import Fournisseur
from tests.franceconnect import simulateur


@pytest.fixture
def fc(settings) -> Iterator[Fournisseur]:
    with simulateur(settings) as fournisseur:
        yield fournisseur


def traces() -> tuple[int, ...]:
    """What a refusal must not add to."""
    return (
        User.objects.count(), IdentiteFranceConnect.objects.count(), Rattachement.objects.count(),
        EmailAddress.objects.count(),
    )  # fmt: skip


def est_connecte(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def refuse(fc: Fournisseur, caplog: pytest.LogCaptureFixture) -> Callable[..., Any]:
    """Assert that a way back is refused, leaving nothing, with one line of journal and the neutral page."""

    def verifier(client: Client, adresse: str, issue: str = "recommencer") -> str:
        avant, connecte = traces(), est_connecte(client)
        caplog.clear()
        caplog.set_level(logging.INFO)
        reponse = client.get(adresse)
        assert (reponse.status_code, reponse["Location"]) == (302, f"/franceconnect/echec/?motif={issue}")
        assert "no-store" in reponse["Cache-Control"]
        assert reponse["Referrer-Policy"] == "no-referrer"
        assert (traces(), est_connecte(client)) == (avant, connecte)
        dits = [ligne for ligne in caplog.records if ligne.name.startswith("accounts")]
        assert [ligne.getMessage() for ligne in dits] == ["franceconnect_refused"]
        page = client.get(reponse["Location"])
        assert page.status_code == 200
        assert "/connexion/" in page.content.decode() or "/mes-points/" in page.content.decode()
        return str(dits[0].reason)

    return verifier
