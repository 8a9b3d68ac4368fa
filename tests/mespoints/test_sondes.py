"""What an orchestrator is told: a process that lives, one that may be sent visitors, and what was counted."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from accounts.models import Courriel, DemandeCompte
from dossier.models import Dossier, Incident, Passage, VerificationDuLivre
from mespoints import figures
from mespoints.lib.http import site_address
from tests.accounts.factories import DossierFactory, RattachementFactory

INTERNE = {"SERVER_PORT": "9100"}


@pytest.fixture
def interne(settings: Any) -> Callable[[], dict[str, float]]:
    """The figures, as Prometheus reads them on the internal port."""
    settings.METRICS_PORT = 9100

    def lire() -> dict[str, float]:
        reponse = Client().get("/metrics", **INTERNE)
        assert reponse.status_code == 200
        assert reponse["Content-Type"].startswith("text/plain")
        lignes = [ligne for ligne in reponse.content.decode().splitlines() if not ligne.startswith("#")]
        return {nom: float(valeur) for nom, _, valeur in (ligne.rpartition(" ") for ligne in lignes)}

    return lire


def test_livez_ne_touche_a_rien(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """No database mark: a query would fail. Neither host, TLS, session nor cookie are looked at."""
    client.cookies["sid"] = "n-importe-quoi"
    reponse = client.get("/livez", HTTP_HOST="10.1.2.3:8000")
    assert (reponse.status_code, reponse.content) == (200, b"ok\n")
    assert "no-store" in reponse["Cache-Control"]
    assert not reponse.cookies


@pytest.mark.django_db
def test_readyz_attend_la_base_et_ses_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/readyz", HTTP_HOST="10.1.2.3").status_code == 200
    derniere = next(noeud for noeud in MigrationLoader(connection).graph.leaf_nodes() if noeud[0] == "stages")
    MigrationRecorder(connection).record_unapplied(*derniere)
    assert client.get("/readyz").status_code == 200, "what was new enough once stays so: one query a probe"
    neuf = Client()
    reponse = neuf.get("/readyz")
    assert (reponse.status_code, reponse.content) == (503, b"migrations\n")
    MigrationRecorder(connection).record_applied(*derniere)
    assert neuf.get("/readyz").status_code == 200

    def coupee(*_: Any, **__: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", coupee)
    reponse = client.get("/readyz")
    assert (reponse.status_code, reponse.content) == (503, b"database\n")
    assert client.get("/livez").status_code == 200


@pytest.mark.django_db
def test_ni_redis_ni_le_courrier_ne_rendent_un_serveur_indisponible(client: Client, settings: Any) -> None:
    settings.CELERY_BROKER_URL = "unix:///nulle/part"
    settings.EMAIL_HOST = "nulle.part.invalid"
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("ou", ["/metrics", "/metrics/"])
def test_les_mesures_n_existent_pas_a_l_adresse_publique(client: Client, settings: Any, ou: str) -> None:
    settings.METRICS_PORT = 9100
    for entetes in ({}, {"HTTP_HOST": "testserver:9100"}, {"HTTP_X_FORWARDED_PORT": "9100"}):
        reponse = client.get(ou, **entetes)
        assert b"mespoints_requests" not in reponse.content
        assert reponse.status_code in {302, 404}


def test_rien_d_autre_n_existe_a_l_adresse_interne(client: Client, settings: Any) -> None:
    settings.METRICS_PORT = 9100
    for adresse in ("/", "/connexion/", "/admin/", "/metrics/", "/livez"):
        assert client.get(adresse, **INTERNE).status_code == 404, adresse


@pytest.mark.django_db
def test_une_requete_est_comptee_par_le_nom_de_sa_route(interne: Callable[[], dict[str, float]]) -> None:
    rattachement = RattachementFactory()
    client = Client()
    client.force_login(rattachement.user)
    cle = 'mespoints_requests_total{method="GET",route="dossier:historique",status="200"}'
    avant = interne().get(cle, 0.0)
    client.get("/mes-points/", {"q": "ZZCANARI"})
    client.get("/nexiste/pas/ZZCANARI/")
    apres = interne()
    assert apres[cle] == avant + 1
    assert apres['mespoints_request_seconds_count{route="dossier:historique"}'] >= avant + 1
    assert not [nom for nom in apres if "ZZCANARI" in nom]
    etiquettes = {mot for nom in apres for mot in re.findall(r'(\w+)="', nom)}
    assert etiquettes <= {"route", "method", "status", "le", "issue", "queue", "key"}


@pytest.mark.django_db
def test_les_retours_de_franceconnect_sont_comptes(interne: Callable[[], dict[str, float]], client: Client) -> None:
    cle = 'mespoints_franceconnect_returns_total{issue="recommencer"}'
    avant = interne().get(cle, 0.0)
    client.get(site_address("franceconnect_retour"), {"state": "inconnu", "code": "ZZCANARI"})
    assert interne()[cle] == avant + 1


@pytest.mark.django_db
def test_les_figures_disent_ce_qui_attend_et_ce_qui_est_mort(interne: Callable[[], dict[str, float]]) -> None:
    with redis.Redis.from_url(figures.queues_url()) as file:
        file.delete("pdf")  # what other tests have told the worker
    calme = interne()
    assert calme["mespoints_figures_read"] == calme["mespoints_redis_up"] == 1
    assert calme["mespoints_batch_overdue_dossiers"] == calme["mespoints_outbox_oldest_seconds"] == 0
    assert calme['mespoints_queue_messages{queue="pdf"}'] == 0

    hier, heure = timezone.localdate() - timedelta(days=3), timezone.now() - timedelta(hours=1)
    dossier = DossierFactory()
    Dossier.objects.filter(pk=dossier.pk).update(prochaine_echeance=hier)
    passage = Passage.objects.create(jour=timezone.localdate())
    Incident.objects.create(passage=passage, dossier=dossier, raison="grand livre incohérent")
    attend = Courriel.objects.create(destinataire="a@exemple.fr", modele="m", sujet="s", prochain_essai_at=heure)
    Courriel.objects.filter(pk=attend.pk).update(created_at=heure)
    Courriel.objects.create(destinataire="b@exemple.fr", modele="m", sujet="s")
    demande = DemandeCompte.objects.create(email="c@exemple.fr", prenoms=["C"])
    DemandeCompte.objects.filter(pk=demande.pk).update(created_at=heure)

    dit = interne()
    assert dit["mespoints_batch_overdue_dossiers"] == dit["mespoints_dead_night_dossiers"] == 1
    assert dit["mespoints_batch_lag_days"] == 3
    assert dit["mespoints_outbox_oldest_seconds"] == pytest.approx(3600, abs=60)
    assert dit["mespoints_dead_mails"] == dit["mespoints_stalled_demandes"] == dit["mespoints_outbox_mails"] == 1


@pytest.mark.django_db
def test_la_derive_du_grand_livre_est_celle_de_la_derniere_verification(
    interne: Callable[[], dict[str, float]],
) -> None:
    assert "mespoints_ledger_different_dossiers" not in interne(), "never verified is not « no drift »"
    DossierFactory(etat="valide", prochaine_echeance=timezone.localdate())  # no fact says so
    with pytest.raises(SystemExit):
        call_command("verify_ledger")
    assert interne()["mespoints_ledger_different_dossiers"] == 1
    assert VerificationDuLivre.objects.get().verifies == 1


@pytest.mark.django_db
def test_sans_redis_les_figures_restent(interne: Callable[[], dict[str, float]], settings: Any) -> None:
    settings.CELERY_BROKER_URL = "redis+socket:///nulle/part.sock?virtual_host=3"
    dit = interne()
    assert (dit["mespoints_redis_up"], dit["mespoints_figures_read"]) == (0, 1)
    assert 'mespoints_queue_messages{queue="pdf"}' not in dit
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url("unix:///nulle/part.sock?db=3").ping()
