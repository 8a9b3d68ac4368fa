"""Guessing is hopeless, and nobody is locked out for good."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, connections
from django.test import Client, RequestFactory

from accounts import limites
from accounts.compte.securite import record_essais_repetes
from accounts.limites import (
    CONNEXION,
    CONNEXION_COMPTE,
    CONNEXION_ICI,
    CONNEXION_RESEAU,
    CREATION,
    HEURE,
    JOUR,
    MINUTE,
    Limite,
    Porte,
    compter,
    consommer,
    ici,
    rendre,
)
from accounts.models import Compteur, User
from mespoints.lib.reseau import reseau
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory
from tests.accounts.temps import laisser_passer

CONNEXION_URL = "/connexion/"
UNE_FENETRE = Porte(cible=[Limite("essai.fenetre", 3, HEURE)])


@pytest.fixture(autouse=True)
def sans_effort(settings) -> None:
    """The proof of work has its own tests."""
    settings.EFFORT_APRES = 10_000


@pytest.fixture
def compte(db) -> User:
    return CompteFactory(email="camille@exemple.fr")


def demande(ip: str = "192.0.2.1", **entetes: str):
    return RequestFactory().post("/", REMOTE_ADDR=ip, **entetes)


def essayer(email: str, mot_de_passe: str, ip: str = "192.0.2.1", **entetes: str):
    return Client().post(CONNEXION_URL, {"login": email, "password": mot_de_passe}, REMOTE_ADDR=ip, **entetes)


# --- The counter ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_une_fenetre_refuse_puis_se_rouvre() -> None:
    assert [consommer(UNE_FENETRE, demande(), "a") for _ in range(3)] == [None] * 3
    assert 3590 <= consommer(UNE_FENETRE, demande(), "a") <= 3600
    assert consommer(UNE_FENETRE, demande(), "b") is None, "another target"
    assert consommer(UNE_FENETRE, demande(), " A ") is not None, "the same, typed otherwise"
    laisser_passer(timedelta(minutes=59))
    assert consommer(UNE_FENETRE, demande(), "a") is not None, "what was refused did not count, nor move the window"
    laisser_passer(timedelta(minutes=1))
    assert [consommer(UNE_FENETRE, demande(), "a") for _ in range(3)] == [None] * 3
    assert consommer(UNE_FENETRE, demande(), "a") is not None


@pytest.mark.django_db
def test_l_attente_double_jusqu_a_un_jour_et_n_est_jamais_definitive() -> None:
    porte = Porte(ici=[CONNEXION_ICI])
    for _ in range(5):
        assert consommer(porte, demande(), "a") is None
    attentes = []
    for _ in range(10):
        attente = consommer(porte, demande(), "a")
        attentes.append(round(attente / 60))
        laisser_passer(timedelta(seconds=attente))
        assert consommer(porte, demande(), "a") is None, "the wait that was announced is the wait"
    assert attentes == [15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440]
    laisser_passer(2 * JOUR + MINUTE)
    assert [consommer(porte, demande(), "a") for _ in range(5)] == [None] * 5, "forgotten"


@pytest.mark.django_db
def test_un_bon_essai_est_rendu_et_efface_l_attente_d_ici_pas_celle_du_reseau() -> None:
    for n in range(4):
        assert consommer(CONNEXION, demande(), f"victime{n}") is None
    assert [consommer(CONNEXION, demande(), "moi") for _ in range(3)] == [None] * 3
    assert compter(CONNEXION_ICI, ici(demande(), "moi")) == 3
    rendre(CONNEXION, demande(), "moi")
    assert compter(CONNEXION_ICI, ici(demande(), "moi")) == 0
    assert compter(CONNEXION_COMPTE, "moi") == 2
    assert compter(CONNEXION_RESEAU, reseau(demande())) == 6


@pytest.mark.django_db
def test_la_cle_ne_dit_ni_l_adresse_ni_l_ip() -> None:
    consommer(CREATION, demande("192.0.2.77"), "camille@exemple.fr")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, ' ') FROM accounts_compteur c")
        (tout,) = cursor.fetchone()
    assert not re.search(r"camille|exemple|192", tout)
    assert all(re.fullmatch(r"[0-9a-f]{64}", cle) for cle in Compteur.objects.values_list("cle", flat=True))


@pytest.mark.django_db
def test_la_purge_n_efface_que_ce_qui_ne_compte_plus() -> None:
    consommer(UNE_FENETRE, demande(), "ancien")
    laisser_passer(HEURE)
    consommer(UNE_FENETRE, demande(), "nouveau")
    assert limites.purger() == 1
    assert Compteur.objects.count() == 1


@pytest.mark.django_db
def test_ce_qui_ne_peut_pas_etre_compte_est_refuse(monkeypatch) -> None:
    monkeypatch.setattr(limites, "_COMPTER", "SELECT 1/0 /* %(cle)s %(limite)s %(fenetre)s %(plafond)s */")
    with pytest.raises(Exception, match="division by zero"):
        consommer(UNE_FENETRE, demande(), "a")


# --- The network ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ip", "attendu"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
    ],
)
def test_un_reseau_est_une_adresse_ou_un_abonne_en_ipv6(ip: str, attendu: str) -> None:
    assert reseau(demande(ip)) == attendu


def test_trente_x_forwarded_for_inventes_comptent_ensemble(db) -> None:
    """Nobody stands before this server, so nobody may say who the client is."""
    epuiser_le_reseau("192.0.2.1", reste=20)
    statuts = [
        essayer(f"cible{n}@exemple.fr", "faux", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}").status_code for n in range(30)
    ]
    assert statuts == [HTTPStatus.OK] * 20 + [HTTPStatus.TOO_MANY_REQUESTS] * 10


def epuiser_le_reseau(ip: str, *, reste: int) -> None:
    """Failures on nobody's account, until so many are left to this network."""
    for _ in range(CONNEXION_RESEAU.essais - reste):
        assert consommer(Porte(reseau=[CONNEXION_RESEAU]), demande(ip)) is None


def test_derriere_un_mandataire_le_dernier_x_forwarded_for_fait_foi(settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    vus = {reseau(demande("10.0.0.1", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}, 203.0.113.9")) for n in range(30)}
    assert vus == {"203.0.113.9"}


# --- The sign-in ----------------------------------------------------------------------------------------------------


def test_quatre_cents_mots_de_passe_de_cinquante_reseaux_sur_un_compte(
    compte: User, monkeypatch, courriels_partis
) -> None:
    """Eight tries every half an hour for a day. At most 100 are looked at; the owner gets in all the same."""
    evalues = []
    reel = User.check_password
    monkeypatch.setattr(User, "check_password", lambda user, brut: evalues.append(brut) or reel(user, brut))
    refus = 0
    for n in range(400):
        refus += essayer(compte.email, f"essai {n}", ip=f"192.0.2.{n % 50}").status_code == HTTPStatus.TOO_MANY_REQUESTS
        if n % 8 == 7:
            laisser_passer(JOUR / 50)
    assert 5 <= len(evalues) <= 100
    assert len(evalues) + refus == 400
    for n in range(50):
        essayer(compte.email, "les derniers", ip=f"203.0.113.{100 + n}")
    assert essayer(compte.email, MOT_DE_PASSE, ip="203.0.113.1").status_code == HTTPStatus.TOO_MANY_REQUESTS

    proprietaire = Client(REMOTE_ADDR="203.0.113.1")
    proprietaire.post("/compte/password/reset/", {"email": compte.email})
    messages = courriels_partis()
    assert [m.subject for m in messages].count("Essais répétés sur votre compte Mes Points Permis") == 1
    lien = re.search(r"http://testserver(/compte/password/reset/key/\S+)", messages[-1].body)[1]
    page = proprietaire.get(lien, follow=True)
    nouveau = "quatre mots pour la route"
    proprietaire.post(page.request["PATH_INFO"], {"password1": nouveau, "password2": nouveau})
    assert essayer(compte.email, nouveau, ip="203.0.113.1")["Location"] == "/mes-points/"


@pytest.mark.django_db
def test_cinquante_essais_lents_par_jour_et_pas_un_de_plus() -> None:
    """Four every quarter of an hour never make the account wait: the day's limit does.

    The door alone: that the page asks it before it looks at a password is the test above.
    """
    passes = 0
    for _ in range(24 * 4):
        for n in range(4):
            passes += consommer(CONNEXION, demande(f"198.51.100.{n}"), "camille@exemple.fr") is None
        laisser_passer(15 * MINUTE)
    assert 50 <= passes <= 100


def test_les_echecs_d_un_reseau_sur_deux_cents_comptes_arretent_ce_reseau_seul(db) -> None:
    epuiser_le_reseau("192.0.2.1", reste=5)
    for n in range(5):
        assert essayer(f"cible{n}@exemple.fr", "faux").status_code == HTTPStatus.OK
    assert essayer("cible99@exemple.fr", "faux").status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert essayer("cible99@exemple.fr", "faux", ip="192.0.2.2").status_code == HTTPStatus.OK


def test_une_connexion_reussie_remet_le_compte_a_zero(compte: User) -> None:
    for tour in range(3):
        for n in range(4):
            assert essayer(compte.email, f"faux {n}", ip=f"192.0.2.{tour}").status_code == HTTPStatus.OK
        assert essayer(compte.email, MOT_DE_PASSE, ip=f"192.0.2.{tour}").status_code == HTTPStatus.FOUND


def test_attendre_ne_dit_pas_si_le_compte_existe(compte: User, courriels_partis) -> None:
    pages = {}
    for email in (compte.email, "personne@exemple.fr"):
        for _ in range(5):
            essayer(email, "faux", ip="192.0.2.9")
        reponse = essayer(email, "faux", ip="192.0.2.9")
        pages[email] = (reponse.status_code, reponse["Retry-After"][:2], len(reponse.content) - len(email))
    assert len(set(pages.values())) == 1
    assert [message.to for message in courriels_partis()] == [[compte.email]], (
        "the owner is warned; nobody else has mail"
    )


def test_le_mot_de_passe_redemande_compte_aussi(client: Client, compte: User) -> None:
    """A session that was taken guesses no password there."""
    client.force_login(compte)
    statuts = [client.post("/compte/reauthenticate/", {"password": f"faux {n}"}) for n in range(6)]
    assert "Trop d'essais" in statuts[-1].context["form"].errors["password"][0]


def test_changer_de_mot_de_passe_compte_aussi(client: Client, compte: User) -> None:
    client.force_login(compte)
    reponses = [client.post("/compte/password/change/", {"oldpassword": f"faux {n}"}) for n in range(11)]
    assert reponses[9].status_code != HTTPStatus.TOO_MANY_REQUESTS
    assert reponses[10].status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_un_mot_de_passe_oublie_ne_se_demande_pas_cent_fois(compte: User, courriels_partis) -> None:
    """Those already sent still work, so nobody is kept out of their account by who asks in their name."""
    statuts = {
        n: Client().post("/compte/password/reset/", {"email": compte.email}, REMOTE_ADDR=f"192.0.2.{n}").status_code
        for n in range(100)
    }
    assert list(statuts.values()).count(HTTPStatus.FOUND) == 5
    assert len(courriels_partis()) == 5
    reponse = Client().post("/compte/password/reset/", {"email": compte.email})
    assert "Attendez 60 minutes" in reponse.content.decode()
    assert 3500 < int(reponse["Retry-After"]) <= 3600


def test_une_adresse_avec_un_saut_de_ligne_est_une_erreur_de_formulaire(client: Client, db, courriels_partis) -> None:
    reponse = client.post("/compte/password/reset/", {"email": "camille@exemple.fr\r\nBcc: tous@exemple.fr"})
    assert reponse.status_code == HTTPStatus.OK
    assert reponse.context["form"].errors
    assert courriels_partis() == []


# --- Redis away, and many at once ---------------------------------------------------------------------------------


@pytest.fixture
def sans_redis(settings, tmp_path) -> None:
    """Nobody listens at the cache's address any more."""
    settings.CACHES = {
        alias: {**reglage, "LOCATION": f"unix://{tmp_path}/personne.sock?db=0"}
        for alias, reglage in settings.CACHES.items()
    }
    settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/personne.sock"
    cache.set("x", 1)
    assert cache.get("x") is None


def test_sans_redis_on_se_connecte_et_les_limites_tiennent(compte: User, sans_redis: None) -> None:
    assert essayer(compte.email, MOT_DE_PASSE)["Location"] == "/mes-points/"
    for _ in range(5):
        assert essayer(compte.email, "faux").status_code == HTTPStatus.OK
    assert essayer(compte.email, MOT_DE_PASSE).status_code == HTTPStatus.TOO_MANY_REQUESTS


def _en_parallele(combien: int, quoi) -> list[int | None]:
    def seul(n: int) -> int | None:
        try:
            return quoi(n)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as fils:
        return list(fils.map(seul, range(combien)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("reseaux", "passent"), [(1, 5), (200, 20)])
def test_deux_cents_essais_au_meme_instant_n_en_font_pas_passer_davantage(reseaux: int, passent: int) -> None:
    def un(n: int) -> int | None:
        return consommer(CONNEXION, demande(f"198.51.100.{n % reseaux}"), "camille@exemple.fr")

    assert _en_parallele(200, un).count(None) == passent


@pytest.mark.django_db(transaction=True)
def test_le_jumeau_qui_lit_puis_ecrit_en_laisse_passer_davantage() -> None:
    """What the atomic statement is for: the same rule, read then written, lets more through."""
    ensemble = Barrier(20, timeout=60)

    def lire_puis_ecrire(n: int) -> int | None:
        compteur, _ = Compteur.objects.get_or_create(
            cle="jumeau", defaults={"essais": 0, "libre_at": "2026-01-01T00:00Z", "oublie_at": "2036-01-01T00:00Z"}
        )
        ensemble.wait()  # all have read; then the password is looked at
        if compteur.essais >= 5:
            return 1
        Compteur.objects.filter(cle="jumeau").update(essais=compteur.essais + 1)
        return None

    assert _en_parallele(20, lire_puis_ecrire).count(None) == 20


@pytest.mark.django_db
def test_une_base_muette_refuse(compte: User, monkeypatch) -> None:
    """Fails closed: a page that says to come back, and nobody is signed in."""

    def panne(*args: object, **kwargs: object) -> None:
        raise OperationalError

    monkeypatch.setattr("accounts.adapter.consommer", panne)
    client = Client(raise_request_exception=False)
    reponse = client.post(CONNEXION_URL, {"login": compte.email, "password": MOT_DE_PASSE})
    assert reponse.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "_auth_user_id" not in client.session


def test_l_avertissement_d_essais_repetes_part_une_fois_quoi_qui_coure_a_cote(compte: User, courriels_partis) -> None:
    """Five wrong passwords at the same moment each see the fifth try counted."""
    for _ in range(5):
        record_essais_repetes(compte.email)
    assert [m.to for m in courriels_partis()] == [["camille@exemple.fr"]]
