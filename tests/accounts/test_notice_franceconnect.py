"""An account that FranceConnect opens is told of its sign-ins at its contact address, which opens nothing."""

from html import unescape

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts.compte.securite import record_connexion
from accounts.courriels import lien_pas_moi
from accounts.models import Courriel, IdentiteFranceConnect, User
from tests.accounts.factories import CompteFactory

pytestmark = pytest.mark.django_db


def visiteur(email: str) -> User:
    user = User.objects.create_sans_adresse()
    IdentiteFranceConnect.objects.create(user=user, empreinte="a" * 64, pivot="scellé", email=email)
    return user


def test_la_connexion_est_dite_a_l_adresse_de_contact(rf, courriels_partis) -> None:
    record_connexion(visiteur("camille@exemple.fr"), rf.get("/"), porte="FranceConnect")
    (message,) = courriels_partis()
    assert message.to == ["camille@exemple.fr"]
    assert "FranceConnect" in message.body


def test_sans_adresse_de_contact_rien_ne_part_et_rien_ne_casse(rf, courriels_partis) -> None:
    record_connexion(visiteur(""), rf.get("/"), porte="FranceConnect")
    assert courriels_partis() == []


def test_ce_n_etait_pas_moi_ferme_les_sessions_et_ne_donne_rien(rf) -> None:
    """The contact address is no login: it never becomes the account's, nor gets a link for a password."""
    user = visiteur("camille@exemple.fr")
    autre = CompteFactory(email="camille@exemple.fr")
    UserSession.objects.create(user=user, session_key="s" * 32, ip="192.0.2.1", data={})
    record_connexion(user, rf.get("/"), porte="FranceConnect")
    lien = lien_pas_moi(Courriel.objects.get()).partition("/compte/")[2]
    client = Client()
    assert "ouvertes par FranceConnect" in unescape(client.get(f"/compte/{lien}").content.decode())
    page = unescape(client.post(f"/compte/{lien}").content.decode())
    assert "changez sans attendre le mot de passe du compte que vous utilisez avec FranceConnect" in page
    user.refresh_from_db()
    assert user.email is None
    assert not UserSession.objects.filter(user=user).exists()
    assert not Courriel.objects.filter(modele="emails/mot_de_passe_oublie.txt").exists()
    assert autre.email == "camille@exemple.fr"
