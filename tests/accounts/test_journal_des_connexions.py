"""What the journal says of who comes in: each proof, each entry, each refusal and each exit, and of nobody by name."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from demo.codes import code
from demo.franceconnect.application import Fournisseur
from mespoints.lib.logs import JsonFormatter
from tests.accounts.agents import SECRET, ajouter_une_application
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory
from tests.accounts.test_agents import donner
from tests.franceconnect import CAMILLE, se_connecter

pytestmark = pytest.mark.django_db
Dits = Callable[[], list[tuple[Any, ...]]]


@pytest.fixture
def compte() -> User:
    return CompteFactory(email="camille@exemple.fr")


@pytest.fixture
def dits(caplog: pytest.LogCaptureFixture) -> Iterator[Dits]:
    """The lines of production since they were last asked for: what, by which way, for which account, on which page."""
    caplog.set_level(logging.INFO)
    tout: list[str] = []

    def lire() -> list[tuple[Any, ...]]:
        lues = [JsonFormatter().format(ligne) for ligne in caplog.records if ligne.name.startswith("accounts")]
        tout.extend(lues)
        caplog.clear()
        lignes = [json.loads(lue) for lue in lues]
        return [(l["event"], l.get("reason", ""), l.get("account_id"), l.get("route")) for l in lignes]  # noqa: E741

    yield lire
    assert not [mot for mot in ("camille", "exemple", MOT_DE_PASSE, "MARTIN", CAMILLE.sub) if mot in "".join(tout)]


def test_une_connexion_et_ce_qui_la_refuse_sont_au_journal(compte: User, dits: Dits) -> None:
    client = Client()
    for email in (compte.email, "personne@exemple.fr", MOT_DE_PASSE + "@exemple.fr"):
        client.post("/connexion/", {"login": email, "password": "pas le bon"})
    assert dits() == [("sign_in_refused", "", None, "account_login")] * 3
    client.post("/connexion/", {"login": compte.email, "password": MOT_DE_PASSE})
    assert dits() == [
        ("proof_given", "password", compte.pk, "account_login"),
        ("signed_in", "", compte.pk, "account_login"),
    ]
    client.post("/compte/reauthenticate/", {"password": "pas le bon"})
    client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})
    assert dits() == [
        ("sign_in_refused", "", None, "account_reauthenticate"),
        ("proof_given_again", "password", compte.pk, "account_reauthenticate"),
    ]
    client.post("/deconnexion/")
    assert dits() == [("signed_out", "", compte.pk, "account_logout")]


def test_un_second_facteur_et_ce_qui_le_refuse_aussi(compte: User, dits: Dits) -> None:
    ajouter_une_application(compte)
    client = Client()
    client.post("/connexion/", {"login": compte.email, "password": MOT_DE_PASSE})
    assert dits() == [("proof_given", "password", compte.pk, "account_login")], "nobody is in yet"
    donner(client, "000000")
    assert dits() == [("second_factor_refused", "", compte.pk, "mfa_authenticate")]
    donner(client, code(SECRET, time.time()))
    assert dits() == [
        ("proof_given", "mfa", compte.pk, "mfa_authenticate"),
        ("signed_in", "", compte.pk, "mfa_authenticate"),
    ]


def test_franceconnect_aussi(fc: Fournisseur, dits: Dits) -> None:
    se_connecter(Client())
    (ligne,) = dits()
    assert ligne[0] == "signed_in"
    assert ligne[3] == "franceconnect_retour"
