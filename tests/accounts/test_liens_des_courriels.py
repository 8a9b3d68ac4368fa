"""A mailed link does one thing for one address, once: each link, in each state of the account, for each mailbox."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.db.models import F
from django.test import Client
from django.utils.timezone import now

from accounts.compte.securite import (
    fermer_compte,
    record_connexion,
    record_evenement,
    record_lien_de_mot_de_passe,
    record_mot_de_passe_oublie,
)
from accounts.models import Agent, Courriel, User
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory, RattachementFactory

pytestmark = pytest.mark.django_db

LIEN = re.compile(r"http://testserver(/compte/(?:pas-moi|password/reset/key|confirm-email)/\S+)")
SIENNE, VOLEUR, ATTENTE = "camille@exemple.fr", "voleur@exemple.fr", "attente@exemple.fr"
NOUVEAU = "quatre mots pour la route"


@pytest.fixture
def compte() -> User:
    return RattachementFactory(user__email=SIENNE).user


def fermer(compte: User) -> None:
    fermer_compte(compte, request=None)


def desactiver(compte: User) -> None:
    """What an operator does: the owner closed nothing."""
    User.objects.filter(pk=compte.pk).update(desactive_at=now())


def bloquer(compte: User) -> None:
    User.objects.filter(pk=compte.pk).update(bloque_at=now())


def embaucher(compte: User) -> None:
    compte.rattachements.update(revoked_at=now())
    User.objects.filter(pk=compte.pk).update(is_staff=True)
    Agent.objects.create(user=compte, departement="69")


def embaucher_puis_desactiver(compte: User) -> None:
    embaucher(compte)
    desactiver(compte)


ETATS = {
    "actif": lambda compte: None,
    "fermé par son titulaire": fermer,
    "désactivé par un exploitant": desactiver,
    "bloqué par deux agents": bloquer,
    "agent": embaucher,
    "agent désactivé": embaucher_puis_desactiver,
}


def voler(compte: User) -> None:
    """The address is changed by who knew the password: both addresses are told, as allauth has it."""
    EmailAddress.objects.filter(user=compte).delete()
    EmailAddress.objects.create(user=compte, email=VOLEUR, verified=True, primary=True)
    User.objects.filter(pk=compte.pk).update(email=VOLEUR)
    compte.refresh_from_db()
    record_evenement(compte, "L'adresse a changé.", request=None, ancienne=SIENNE)


def lien(courriels_partis, a: str, contient: str) -> str | None:
    """The last link of this kind that was mailed to this address."""
    trouves = [m[1] for message in courriels_partis() if message.to == [a] for m in LIEN.finditer(message.body)]
    return next((chemin for chemin in reversed(trouves) if contient in chemin), None)


def suivre(chemin: str) -> str:
    """Follow a link to its end, as who holds the mailbox does."""
    client = Client()
    page = client.get(chemin, follow=True)
    if "reset" in chemin:
        page = client.post(page.request["PATH_INFO"], {"password1": NOUVEAU, "password2": NOUVEAU})
    else:
        page = client.post(chemin, follow=True)
    return page.content.decode()


def ouvre(email: str, mot_de_passe: str) -> bool:
    return Client().post("/connexion/", {"login": email, "password": mot_de_passe}).status_code == 302


@pytest.mark.parametrize(
    ("etat", "agit"),
    [
        ("actif", True),
        ("fermé par son titulaire", True),
        ("désactivé par un exploitant", False),
        ("bloqué par deux agents", False),
        ("agent", False),
        ("agent désactivé", False),
    ],
)
def test_ce_n_etait_pas_moi_selon_l_etat_du_compte(compte: User, courriels_partis, rf, etat: str, agit: bool) -> None:
    record_connexion(compte, rf.get("/"), porte="votre adresse")
    ETATS[etat](compte)
    compte.refresh_from_db()
    avant = (compte.is_active, compte.is_staff, compte.password)
    page = suivre(lien(courriels_partis, SIENNE, "pas-moi"))
    compte.refresh_from_db()
    assert ("Votre compte est protégé" in page) is agit
    assert ("Ce lien ne peut plus servir" in page) is not agit
    assert ((compte.is_active, compte.is_staff, compte.password) == avant) is not agit
    assert (lien(courriels_partis, SIENNE, "reset") is not None) is agit
    if agit:
        assert compte.is_active
        assert not ouvre(SIENNE, MOT_DE_PASSE)


@pytest.mark.parametrize("etat", ETATS)
def test_aucun_lien_ne_rouvre_ce_qu_un_autre_a_ferme(compte: User, courriels_partis, rf, etat: str) -> None:
    """Every link that the account was ever mailed, one after the other."""
    record_connexion(compte, rf.get("/"), porte="votre adresse")
    record_evenement(compte, "Un fait.", request=None)
    record_lien_de_mot_de_passe(compte, a=SIENNE)
    ETATS[etat](compte)
    compte.refresh_from_db()
    actif = compte.is_active
    for chemin in [m[1] for message in courriels_partis() for m in LIEN.finditer(message.body)]:
        suivre(chemin)
    compte.refresh_from_db()
    assert compte.is_active is (actif or etat == "fermé par son titulaire")


def test_la_nouvelle_adresse_ne_recoit_aucun_lien_de_reprise(compte: User, courriels_partis) -> None:
    voler(compte)
    assert lien(courriels_partis, VOLEUR, "pas-moi") is None
    assert lien(courriels_partis, SIENNE, "pas-moi")
    (message,) = [m for m in courriels_partis() if m.to == [VOLEUR]]
    assert "lien" not in message.body.lower()


@pytest.mark.parametrize("premier", [SIENNE, VOLEUR])
def test_un_voleur_ne_reprend_rien_qu_il_conteste_avant_ou_apres(
    compte: User, courriels_partis, rf, premier: str
) -> None:
    """Whoever answers first, the account is at the end its first owner's."""
    voler(compte)
    record_connexion(compte, rf.get("/"), porte="votre adresse")  # the thief's own sign-in, told to the thief
    liens = {a: lien(courriels_partis, a, "pas-moi") for a in (SIENNE, VOLEUR)}
    for a in (premier, *({SIENNE, VOLEUR} - {premier})):
        suivre(liens[a])
    compte.refresh_from_db()
    assert compte.email == SIENNE
    assert list(EmailAddress.objects.filter(user=compte).values_list("email", flat=True)) == [SIENNE]
    suivre(lien(courriels_partis, SIENNE, "reset"))
    assert ouvre(SIENNE, NOUVEAU)
    if reprise := lien(courriels_partis, VOLEUR, "reset"):
        suivre(reprise.replace("\n", ""))
    assert ouvre(SIENNE, NOUVEAU)
    assert not ouvre(VOLEUR, NOUVEAU)


def test_une_adresse_quittee_puis_reprise_n_est_plus_a_l_autre(compte: User, courriels_partis, rf) -> None:
    """The account came back to its first address by an ordinary change: the other's links are worth nothing."""
    voler(compte)
    record_connexion(compte, rf.get("/"), porte="votre adresse")
    User.objects.filter(pk=compte.pk).update(email=SIENNE)
    assert "Ce lien ne peut plus servir" in suivre(lien(courriels_partis, VOLEUR, "pas-moi"))
    assert User.objects.get(pk=compte.pk).email == SIENNE


def test_une_adresse_prise_depuis_par_un_autre_compte_ferme_le_compte_vole(compte: User, courriels_partis) -> None:
    """It cannot be given back to its owner's mailbox, and nothing goes to the thief's."""
    voler(compte)
    autre = CompteFactory(email=SIENNE)
    page = suivre(lien(courriels_partis, SIENNE, "pas-moi"))
    assert "Votre ancien compte est fermé" in page
    assert "lien pour choisir un nouveau mot de passe" not in page
    record_mot_de_passe_oublie(VOLEUR)
    assert lien(courriels_partis, VOLEUR, "reset") is None
    compte.refresh_from_db()
    assert (compte.is_active, compte.email) == (False, VOLEUR)
    assert not ouvre(VOLEUR, MOT_DE_PASSE)
    assert not compte.rattachements.filter(revoked_at=None).exists()
    autre.refresh_from_db()
    assert (autre.is_active, autre.email) == (True, SIENNE)
    assert ouvre(SIENNE, MOT_DE_PASSE)
    for chemin in [
        m[1] for message in courriels_partis() for m in LIEN.finditer(message.body) if message.to == [VOLEUR]
    ]:
        suivre(chemin)
    assert not User.objects.get(pk=compte.pk).is_active


def test_contester_tue_les_autres_liens_du_compte(compte: User, courriels_partis, rf) -> None:
    record_connexion(compte, rf.get("/"), porte="votre adresse")
    premier = lien(courriels_partis, SIENNE, "pas-moi")
    record_connexion(compte, rf.get("/"), porte="votre adresse")
    second = lien(courriels_partis, SIENNE, "pas-moi")
    record_lien_de_mot_de_passe(compte, a=SIENNE)
    mot_de_passe = lien(courriels_partis, SIENNE, "reset")
    en_attente = EmailAddress.objects.create(user=compte, email=ATTENTE)
    confirmation = f"/compte/confirm-email/{EmailConfirmationHMAC(en_attente).key}/"
    suivre(second)
    assert "Ce lien ne peut plus servir" in suivre(premier)
    suivre(confirmation)
    assert User.objects.get(pk=compte.pk).email == SIENNE
    Client().get(mot_de_passe, follow=True)
    assert not ouvre(SIENNE, NOUVEAU)
    assert not EmailAddress.objects.filter(email=ATTENTE).exists()


def test_un_lien_perime_ou_d_une_ligne_effacee_ne_vaut_rien(compte: User, courriels_partis, rf) -> None:
    record_connexion(compte, rf.get("/"), porte="votre adresse")
    chemin = lien(courriels_partis, SIENNE, "pas-moi")
    Courriel.objects.update(created_at=F("created_at") - timedelta(hours=73))
    assert "Ce lien ne peut plus servir" in suivre(chemin)
    Courriel.objects.all().delete()
    assert "Ce lien ne peut plus servir" in suivre(chemin)
