"""A mail server that is slow, at each stage: what it took is not sent again, what it did not take is."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import get_connection
from django.db import connections
from django.utils.timezone import now

from accounts.courriels import DOUTES_MAX, envoyer_les_dus, record_courriel
from accounts.models import Courriel
from tests.accounts.serveur_lent import ACCUEIL, EHLO, MESSAGE, QUIT, RCPT, Serveur, serveur_lent
from tests.base_de_donnees import environnement

A = "camille@exemple.fr"
COURTES = {"session": 0.3, "command": 0.3, "message": 0.3, "mail": 1, "quit": 0.3}
AMPLES = dict.fromkeys(COURTES, 60)


@pytest.fixture
def serveur(settings: Any) -> Iterator[Serveur]:
    with serveur_lent() as serveur:
        settings.EMAIL_BACKEND = "mespoints.lib.smtp.TimedBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = serveur.server_address[:2]
        settings.EMAIL_TIMEOUT, settings.EMAIL_WAITS = 0.3, COURTES
        yield serveur


def ecrire() -> None:
    record_courriel(a=A, modele="emails/compte_inconnu.txt")


def essayer(fois: int) -> int:
    """That many rounds of the worker, each when the mail is due again; how many went."""
    partis = 0
    for _ in range(fois):
        partis += envoyer_les_dus()
        Courriel.objects.filter(prochain_essai_at__isnull=False).update(prochain_essai_at=now())
    return partis


def test_ce_que_l_adresse_du_serveur_demande_a_ses_delais() -> None:
    from mespoints.settings import base

    assert base.EMAIL_BACKEND == "mespoints.lib.smtp.TimedBackend"
    attentes = base.EMAIL_WAITS
    assert attentes["message"] >= 60 > base.EMAIL_TIMEOUT
    assert attentes["message"] < attentes["mail"]


def test_la_tache_dure_plus_qu_un_envoi_et_moins_que_sa_reservation() -> None:
    """Killed before its mail is over, it would leave a doubt."""
    from accounts.courriels import DUREE_DU_LOT, _bail
    from accounts.tasks import envoyer
    from mespoints.settings import base, work

    attentes = base.EMAIL_WAITS
    envoi = base.EMAIL_TIMEOUT + attentes["session"] + attentes["mail"] + attentes["quit"]
    assert DUREE_DU_LOT + envoi < envoyer.soft_time_limit < envoyer.time_limit < work.CELERY_VISIBILITY_TIMEOUT
    assert timedelta(seconds=attentes["session"] + attentes["mail"]) < _bail()


@pytest.mark.django_db
@pytest.mark.parametrize("etape", [ACCUEIL, EHLO, RCPT, MESSAGE, QUIT])
def test_un_serveur_lent_qui_repond_a_un_seul_exemplaire(serveur: Serveur, settings: Any, etape: str) -> None:
    """Slower at that stage than the wait for a connection, which was the wait for everything."""
    settings.EMAIL_WAITS = AMPLES
    serveur.attentes[etape] = 3 * settings.EMAIL_TIMEOUT
    ecrire()
    assert essayer(3) == 1
    assert serveur.copies == {A: 1}
    courriel = Courriel.objects.get()
    assert courriel.sent_at is not None
    assert (courriel.essais, courriel.doutes) == (1, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("attente", [Serveur.SANS_FIN, Serveur.GOUTTES], ids=["muet", "goutte à goutte"])
@pytest.mark.parametrize("etape", [ACCUEIL, EHLO, RCPT, "DATA"])
def test_un_serveur_muet_avant_le_message_se_reessaie_sans_rien_perdre(
    serveur: Serveur, etape: str, attente: float
) -> None:
    serveur.attentes[etape] = attente
    ecrire()
    assert essayer(4) == 0
    assert Courriel.objects.get().doutes == 0
    serveur.attentes.clear()
    assert essayer(2) == 1
    assert serveur.copies == {A: 1}
    assert Courriel.objects.get().essais == 5


@pytest.mark.django_db
@pytest.mark.parametrize("attente", [Serveur.SANS_FIN, Serveur.GOUTTES], ids=["muet", "goutte à goutte"])
def test_un_serveur_qui_prend_le_message_sans_le_dire_en_a_deux_au_plus(
    serveur: Serveur, attente: float, caplog: pytest.LogCaptureFixture
) -> None:
    serveur.attentes[MESSAGE] = attente
    ecrire()
    assert essayer(1) == 0
    assert Courriel.objects.get().doutes == 1
    assert essayer(5) == 0
    assert serveur.copies == {A: DOUTES_MAX}
    courriel = Courriel.objects.get()
    assert (courriel.essais, courriel.prochain_essai_at, courriel.sent_at, courriel.texte) == (2, None, None, "")
    assert [ligne.message for ligne in caplog.records].count("mail_perhaps_sent") == 1
    assert "camille" not in caplog.text


@pytest.mark.django_db
def test_un_serveur_qui_raccroche_apres_le_message_en_a_deux_au_plus(serveur: Serveur) -> None:
    serveur.reponses[MESSAGE] = ""
    ecrire()
    assert essayer(5) == 0
    assert serveur.copies == {A: 2}


@pytest.mark.django_db
def test_un_serveur_muet_une_fois_puis_qui_repond_en_a_deux(serveur: Serveur) -> None:
    serveur.attentes[MESSAGE] = Serveur.SANS_FIN
    ecrire()
    essayer(1)
    serveur.attentes.clear()
    assert essayer(3) == 1
    assert serveur.copies == {A: 2}


@pytest.mark.django_db
@pytest.mark.parametrize("dit", ["451 plus tard", "421 je ferme", "552 trop plein"])
def test_un_refus_apres_le_message_n_est_pas_un_doute(serveur: Serveur, dit: str) -> None:
    """It says that it did not take it: tried again as long as any other."""
    serveur.reponses[MESSAGE] = dit
    ecrire()
    assert essayer(4) == 0
    courriel = Courriel.objects.get()
    assert (courriel.essais, courriel.doutes) == (4, 0)
    serveur.reponses.clear()
    assert essayer(1) == 1


@pytest.mark.django_db
def test_une_reponse_incomprehensible_apres_le_message_est_un_doute(serveur: Serveur) -> None:
    serveur.reponses[MESSAGE] = "bien recu"
    ecrire()
    assert essayer(5) == 0
    assert serveur.copies == {A: 2}


@pytest.mark.django_db
def test_un_refus_qui_ferme_la_connexion_ne_coute_rien_au_suivant(serveur: Serveur) -> None:
    serveur.reponses[RCPT] = "421 je ferme"
    ecrire()
    record_courriel(a="dominique@exemple.fr", modele="emails/compte_inconnu.txt")
    assert envoyer_les_dus() == 0
    assert list(Courriel.objects.values_list("essais", "doutes")) == [(1, 0)] * 2


@pytest.mark.django_db
def test_la_base_ne_garde_aucune_transaction_pendant_l_envoi(serveur: Serveur, monkeypatch: pytest.MonkeyPatch) -> None:
    """The try is counted, and the mail claimed, before anybody is called."""
    ecrire()
    vus = []

    class Espion:
        def open(self) -> None:
            vus.append(Courriel.objects.filter(prochain_essai_at__gt=now(), essais=1).count())
            raise OSError

        def close(self) -> None:
            pass

    monkeypatch.setattr("accounts.courriels.get_connection", Espion)
    envoyer_les_dus()
    assert vus == [1]


@pytest.mark.django_db(transaction=True)
def test_deux_travailleurs_et_un_serveur_lent_un_exemplaire(serveur: Serveur, settings: Any) -> None:
    """The second comes while the server has not answered the first."""
    settings.EMAIL_WAITS = AMPLES
    serveur.attentes[MESSAGE] = Serveur.SANS_FIN
    ecrire()

    def travailler() -> int:
        try:
            return envoyer_les_dus()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as fils:
        premier = fils.submit(travailler)
        assert serveur.recu.wait(120)
        assert fils.submit(travailler).result(30) == 0
        serveur.attentes.clear()
        serveur.fin.set()
        assert premier.result(30) == 1
    assert serveur.copies == {A: 1}


ENVOYER = """
import django
from django.conf import settings

django.setup()
settings.EMAIL_BACKEND = "mespoints.lib.smtp.TimedBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "{hote}", {port}
settings.EMAIL_TIMEOUT, settings.EMAIL_WAITS = 30, {attentes}
from accounts.courriels import envoyer_les_dus

envoyer_les_dus()
"""


@pytest.mark.django_db(transaction=True)
def test_un_travailleur_tue_entre_l_envoi_et_sa_note_en_envoie_deux_au_plus(serveur: Serveur, settings: Any) -> None:
    settings.EMAIL_WAITS = AMPLES
    serveur.attentes[MESSAGE] = Serveur.SANS_FIN
    ecrire()
    for mort in range(1, 4):
        serveur.recu.clear()
        # a process of its own: one forked from this one, full of threads, may wait for a lock that nobody holds there
        hote, port = serveur.server_address[:2]
        programme = ENVOYER.format(hote=hote, port=port, attentes=AMPLES)
        enfant = subprocess.Popen([sys.executable, "-c", programme], env=os.environ | environnement())
        if mort <= DOUTES_MAX:
            assert serveur.recu.wait(120)
            enfant.kill()
        assert enfant.wait(120) == (-signal.SIGKILL if mort <= DOUTES_MAX else 0)
        courriel = Courriel.objects.get()
        assert courriel.doutes == min(mort, DOUTES_MAX)
        if mort <= DOUTES_MAX:  # claimed: nobody takes it at once
            assert courriel.prochain_essai_at is not None
            assert courriel.prochain_essai_at > now()
        Courriel.objects.filter(prochain_essai_at__isnull=False).update(prochain_essai_at=now())
    assert serveur.copies == {A: DOUTES_MAX}
    assert Courriel.objects.get().prochain_essai_at is None


@pytest.mark.django_db
def test_qui_a_perdu_sa_reservation_n_envoie_pas_le_message(serveur: Serveur) -> None:
    """A machine that slept: when it wakes up, another worker has claimed the mail."""
    from accounts.courriels import _envoyer, _reclamer

    ecrire()
    endormi = _reclamer()
    assert endormi is not None
    assert essayer(0) == 0
    Courriel.objects.update(prochain_essai_at=now())
    assert envoyer_les_dus() == 1
    connexion = get_connection()
    assert _envoyer(endormi, connexion) == 0
    assert serveur.copies == {A: 1}
