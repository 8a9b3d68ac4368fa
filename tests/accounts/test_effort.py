"""The proof of work: asked after three failures, answered once, in time, by the same browser."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus

import pytest
from altcha import Challenge, Payload, solve_challenge
from django.db import connections
from django.test import Client, RequestFactory

from accounts import effort
from accounts.compte.forms import EffortMixin
from accounts.models import User
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory
from tests.accounts.temps import laisser_passer

CONNEXION = "/connexion/"


@pytest.fixture(autouse=True)
def facile(monkeypatch) -> None:
    monkeypatch.setattr(effort, "TOURS", 10)


@pytest.fixture
def compte(db) -> User:
    return CompteFactory(email="camille@exemple.fr")


def essayer(
    client: Client, mot_de_passe: str = "faux", ip: str = "192.0.2.1", email: str = "camille@exemple.fr", **champs
):
    return client.post(CONNEXION, {"login": email, "password": mot_de_passe, **champs}, REMOTE_ADDR=ip)


def resoudre(question: dict) -> str:
    posee = Challenge.from_dict(question)
    return Payload(posee, solve_challenge(posee)).to_base64()


def demande(cookie: str = "a" * 32):
    requete = RequestFactory().post("/")
    requete.META["CSRF_COOKIE"] = cookie
    return requete


def test_rien_n_est_demande_avant_trois_echecs(compte: User) -> None:
    client = Client()
    for _ in range(2):
        assert "data-effort" not in essayer(client).content.decode()
    assert "data-effort" in essayer(client).content.decode()
    assert "data-effort" in client.get(CONNEXION, REMOTE_ADDR="192.0.2.1").content.decode(), (
        "this network has failed three times"
    )
    assert "data-effort" not in Client().get(CONNEXION, REMOTE_ADDR="192.0.2.9").content.decode()


def test_avec_la_reponse_on_se_connecte(compte: User) -> None:
    client = Client()
    for _ in range(3):
        page = essayer(client)
    reponse = resoudre(page.context["form"].question())
    assert essayer(client, MOT_DE_PASSE, effort=reponse)["Location"] == "/mes-points/"


def test_sans_javascript_la_voie_lente_reste_ouverte(compte: User) -> None:
    client = Client()
    for _ in range(3):
        essayer(client)
    assert essayer(client, MOT_DE_PASSE)["Location"] == "/mes-points/", "no answer, and still a try"

    for n in range(3):
        essayer(Client(), ip=f"198.51.100.{n}")
    for _ in range(2):
        essayer(Client(), ip="198.51.100.9")  # those of the hour on this address from there
    refuse = essayer(Client(), MOT_DE_PASSE, ip="198.51.100.9")
    assert refuse.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "Activez JavaScript" in refuse.context["form"].non_field_errors()[0]
    laisser_passer(timedelta(hours=1))
    assert essayer(Client(), MOT_DE_PASSE, ip="198.51.100.9")["Location"] == "/mes-points/"


def test_ce_qui_est_demande_ne_dit_pas_si_le_compte_existe(compte: User) -> None:
    for email in ("camille@exemple.fr", "personne@exemple.fr"):
        for n in range(3):
            page = essayer(Client(), ip=f"198.51.100.{n}", email=email)
        assert "data-effort" in page.content.decode()


@pytest.mark.django_db
def test_une_reponse_ne_sert_qu_une_fois_meme_recopiee_autrement() -> None:
    reponse = resoudre(effort.poser(demande()))
    assert effort.verifier(demande(), reponse)
    assert not effort.verifier(demande(), reponse)
    relue = json.loads(base64.b64decode(reponse))
    relue["challenge"]["signature"] = relue["challenge"]["signature"].upper()
    for autre in (relue, {**relue, "z": 1}):
        assert not effort.verifier(demande(), base64.b64encode(json.dumps(autre, indent=1).encode()).decode())


@pytest.mark.django_db
def test_la_reponse_d_un_autre_navigateur_ne_sert_pas() -> None:
    assert not effort.verifier(demande("b" * 32), resoudre(effort.poser(demande("a" * 32))))


@pytest.mark.django_db
def test_une_reponse_tardive_ne_sert_pas(monkeypatch) -> None:
    """By our clock, whatever the visitor's says."""
    monkeypatch.setattr(effort, "VALIDITE", -1)
    assert not effort.verifier(demande(), resoudre(effort.poser(demande())))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "reponse",
    ["", "x", "e30=", "W10=", "bnVsbA==", "é", "A" * 3_999, "A" * 100_000, base64.b64encode(b"[" * 2_000).decode()],
)
def test_une_reponse_inventee_ne_sert_pas(reponse: str) -> None:
    assert not effort.verifier(demande(), reponse)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chemin", "valeur"),
    [
        (("challenge", "parameters", "cost"), 1),
        (("challenge", "parameters", "keyPrefix"), ""),
        (("challenge", "parameters", "expiresAt"), 9_999_999_999),
        (("challenge", "signature"), None),
        (("challenge", "signature"), ""),
        (("solution", "counter"), -1),
        (("solution", "counter"), "0"),
        (("solution", "counter"), 10**30),
        (("solution", "derivedKey"), "00" * 32),
        (("solution",), []),
    ],
)
def test_une_reponse_retouchee_ne_sert_pas(chemin: tuple[str, ...], valeur: object) -> None:
    reponse = json.loads(base64.b64decode(resoudre(effort.poser(demande()))))
    lieu = reponse
    for cle in chemin[:-1]:
        lieu = lieu[cle]
    lieu[chemin[-1]] = valeur
    assert not effort.verifier(demande(), base64.b64encode(json.dumps(reponse).encode()).decode())


@pytest.mark.django_db(transaction=True)
def test_cinquante_envois_simultanes_d_une_reponse_n_en_font_qu_un() -> None:
    reponse = resoudre(effort.poser(demande()))

    def envoyer(_: int) -> bool:
        try:
            return effort.verifier(demande(), reponse)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as fils:
        assert sum(fils.map(envoyer, range(50))) == 1


@pytest.mark.django_db
def test_un_autre_formulaire_peut_le_demander() -> None:
    """As the steps of /compte/creer/ do."""
    form = EffortMixin({"effort": ""}, request=demande())
    assert form.effort_requis()
    assert form.is_valid(), "the slow lane"
    assert EffortMixin({"effort": resoudre(form.question())}, request=form.request).is_valid()
