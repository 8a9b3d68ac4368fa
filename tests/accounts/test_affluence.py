"""Two hundred passwords at the same moment: they take turns, nobody loses a try nor what they typed."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.hashers import get_hasher
from django.test import Client
from django.urls import reverse

from accounts.compte.mots_de_passe import HACHAGE
from accounts.models import Compteur, DemandeCompte, User
from mespoints.lib.bornes import Borne, Encombre
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory
from tests.accounts.parcours import DERNIERE, jusqu_au_mot_de_passe, repondre

pytestmark = pytest.mark.django_db

CONNEXION = "/connexion/"


@pytest.fixture(autouse=True)
def argon2(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hashers of production, made cheap."""
    settings.PASSWORD_HASHERS = import_module("mespoints.settings.base").PASSWORD_HASHERS
    monkeypatch.setattr("accounts.compte.mots_de_passe.Argon2id.time_cost", 1)
    monkeypatch.setattr("accounts.compte.mots_de_passe.Argon2id.memory_cost", 64)
    monkeypatch.setattr(HACHAGE, "patience", 0.0)


@pytest.fixture
def compte() -> User:
    return CompteFactory(email="camille@exemple.fr")


@contextmanager
def affluence() -> Iterator[None]:
    """As many hash as may."""
    with ExitStack() as pile:
        for _ in range(2):
            pile.enter_context(HACHAGE.place())
        yield


def compteurs() -> list[tuple[str, int]]:
    return sorted(Compteur.objects.filter(essais__gt=0).values_list("cle", "essais"))


@pytest.mark.parametrize("algorithme", ["argon2", "pbkdf2_sha256"])
def test_aucun_hachage_ne_se_fait_hors_de_son_tour(settings: Any, algorithme: str) -> None:
    hacheur = get_hasher(algorithme)
    fait = hacheur.encode(MOT_DE_PASSE, "seldecuisine" * 2)
    assert hacheur.verify(MOT_DE_PASSE, fait)
    assert not hacheur.verify("un autre", fait)
    with affluence():
        with pytest.raises(Encombre):
            hacheur.encode(MOT_DE_PASSE, "seldecuisine" * 2)
        with pytest.raises(Encombre):
            hacheur.verify(MOT_DE_PASSE, fait)
    assert (HACHAGE.dedans, Borne.tous) == (0, 0)
    assert {get_hasher(a).algorithm for a in ("argon2", "pbkdf2_sha256")} == {
        h.algorithm for h in map(get_hasher_par_chemin, settings.PASSWORD_HASHERS)
    }, "a hasher that this test does not know"


def get_hasher_par_chemin(chemin: str) -> Any:
    module, _, nom = chemin.rpartition(".")
    return getattr(import_module(module), nom)()


@pytest.mark.parametrize("login", ["camille@exemple.fr", "personne@exemple.fr"])
def test_une_connexion_de_trop_est_renvoyee_sans_compter_d_essai_et_la_meme_passe_ensuite(
    client: Client, compte: User, login: str
) -> None:
    for _ in range(2):
        client.post(CONNEXION, {"login": login, "password": "faux"})
    avant = compteurs()
    with affluence():
        for _ in range(8):  # more than an account may try
            reponse = client.post(CONNEXION, {"login": login, "password": MOT_DE_PASSE})
            assert reponse.status_code == 503
    assert 1 <= int(reponse["Retry-After"]) <= 15
    page = reponse.content.decode()
    assert "Trop de monde" in page
    assert "aucun essai ne vous est compté" in page
    assert MOT_DE_PASSE not in page
    assert "_auth_user_id" not in client.session
    assert compteurs() == avant
    suite = client.post(CONNEXION, {"login": login, "password": MOT_DE_PASSE}).status_code
    assert suite == (302 if login.startswith("camille") else 200)


def test_l_affluence_ne_leve_pas_une_attente_qui_etait_due(client: Client, compte: User) -> None:
    """Else who is being waited for would only have to fill the site to try again."""
    for _ in range(5):
        client.post(CONNEXION, {"login": compte.email, "password": "faux"})
    with affluence():
        assert client.post(CONNEXION, {"login": compte.email, "password": "x"}).status_code == 429
    assert client.post(CONNEXION, {"login": compte.email, "password": MOT_DE_PASSE}).status_code == 429


def test_changer_et_confirmer_attendent_aussi_leur_tour(client: Client, compte: User) -> None:
    client.force_login(compte)
    changer = {"oldpassword": MOT_DE_PASSE, "password1": "trois chevaux bleus", "password2": "trois chevaux bleus"}
    for nom, champs in (("account_change_password", changer), ("account_reauthenticate", {"password": MOT_DE_PASSE})):
        with affluence():
            assert client.post(reverse(nom), champs).status_code == 503, nom
        assert compteurs() == []
    compte.refresh_from_db()
    assert compte.check_password(MOT_DE_PASSE)
    assert client.post(reverse("account_reauthenticate"), {"password": MOT_DE_PASSE}).status_code == 302


def test_la_derniere_question_renvoyee_garde_les_reponses_et_la_meme_passe_ensuite(client: Client) -> None:
    jusqu_au_mot_de_passe(client)
    with affluence():
        assert repondre(client, "mot-de-passe", DERNIERE).status_code == 503
    assert (DemandeCompte.objects.count(), compteurs()) == (0, [])
    assert repondre(client, "mot-de-passe", DERNIERE).status_code == 302
    assert DemandeCompte.objects.count() == 1


def test_un_mot_de_passe_oublie_se_choisit_apres_l_affluence_par_le_meme_lien(client: Client, compte: User) -> None:
    lien = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(compte), "key": default_token_generator.make_token(compte)},
    )
    page = client.get(lien, follow=True).redirect_chain[-1][0]
    champs = {"password1": "trois chevaux bleus", "password2": "trois chevaux bleus"}
    with affluence():
        assert client.post(page, champs).status_code == 503
    assert client.post(page, champs).status_code == 302
    compte.refresh_from_db()
    assert compte.check_password("trois chevaux bleus")
