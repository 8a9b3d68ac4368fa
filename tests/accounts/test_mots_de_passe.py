"""What a password may be: long, unknown to the lists, and nothing personal."""

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from tests.accounts.factories import MOT_DE_PASSE, RattachementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def compte() -> User:
    return RattachementFactory(
        user__email="camille.martin@exemple.fr", dossier__neph="990175100001", dossier__nom_usage="DURAND"
    ).user


@pytest.mark.parametrize(
    "mot_de_passe",
    [
        "quatre mots pour la route",
        "correcthorsebatterystaple",
        "a" * 11 + "zkqw",  # long enough, one class of characters
        "🚗🚙🚕🏍🛵🚲🛴🚌🚎🏎🚓🚑",
        " espaces au début et à la fin ",
        "é" * 6 + "ùàçôî-xy",
        "permis de ne rien oublier jamais",  # « permis » among other words
        "x7" * 32,
        "y3k " * 64,  # 256
    ],
)
def test_est_accepte(compte: User, mot_de_passe: str) -> None:
    validate_password(mot_de_passe, compte)


@pytest.mark.parametrize(
    ("mot_de_passe", "raison"),
    [
        ("Permis2026!", "trop court"),
        ("court", "trop court"),
        ("Permis2026!!!", "ce que l'on sait de vous"),
        ("mespointspermis", "ce que l'on sait de vous"),
        ("990175100001", "ce que l'on sait de vous"),
        ("Martin-1979-!!", "ce que l'on sait de vous"),
        ("camille311279.", "ce que l'on sait de vous"),
        ("DURAND.durand.2026", "ce que l'on sait de vous"),
        ("Càmîlle-martin1", "ce que l'on sait de vous"),
        ("camille.martin@exemple.fr", "adresse"),
        ("password1234", "trop courant"),
        ("z9" * 128 + "z", "256 caractères au plus"),
        ("a" * 100_000, "256 caractères au plus"),
    ],
)
def test_est_refuse_avec_la_raison(compte: User, mot_de_passe: str, raison: str) -> None:
    with pytest.raises(ValidationError) as refus:
        validate_password(mot_de_passe, compte)
    assert raison in " ".join(refus.value.messages)


def test_un_compte_pas_encore_rattache_peut_dire_ce_que_l_on_sait() -> None:
    compte = User(email="x@exemple.fr")
    compte.mots_personnels = ["LEFÈVRE", "080469100002"]
    with pytest.raises(ValidationError, match="ce que l'on sait de vous"):
        validate_password("Lefevre-080469100002", compte)


def test_le_formulaire_garde_chaque_caractere(compte: User) -> None:
    """73 bytes, outer spaces, an emoji: nothing is cut."""
    client = Client()
    client.force_login(compte)
    nouveau = " " + "é" * 36 + "🚗 "
    client.post("/compte/password/change/", {"oldpassword": MOT_DE_PASSE, "password1": nouveau, "password2": nouveau})
    compte.refresh_from_db()
    assert compte.check_password(nouveau)
    assert not compte.check_password(nouveau.strip())
    assert not compte.check_password(nouveau[:-1])


@pytest.mark.parametrize("saisi", ["court", "Permis2026!!!", "x" * 257])
def test_un_refus_est_une_erreur_du_champ_sans_le_mot_de_passe(compte: User, saisi: str) -> None:
    client = Client()
    client.force_login(compte)
    reponse = client.post(
        "/compte/password/change/", {"oldpassword": MOT_DE_PASSE, "password1": saisi, "password2": saisi}
    )
    assert reponse.context["form"].errors.keys() & {"password1", "password2"}
    assert f'value="{saisi}"' not in reponse.content.decode()
    compte.refresh_from_db()
    assert compte.check_password(MOT_DE_PASSE)


def test_les_parametres_d_argon2id_sont_ceux_du_rfc(settings) -> None:
    settings.PASSWORD_HASHERS = ["accounts.compte.mots_de_passe.Argon2id"]
    encode = make_password(MOT_DE_PASSE)
    assert identify_hasher(encode).algorithm == "argon2"
    assert "argon2id$v=19$m=65536,t=3,p=1$" in encode
