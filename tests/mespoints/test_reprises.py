"""What waits for a confirmation passes, once it is given, every gate that it would pass if it were sent then."""

import time
import uuid
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from demo.codes import code
from dossier.models import Decision
from tests.accounts.agents import SECRET, connecter_agent
from tests.accounts.factories import MOT_DE_PASSE, RattachementFactory
from tests.accounts.signaler import signalement
from tests.dossier.bureau import au_bureau, du_rhone, ouvrir
from tests.dossier.lignes import infraction

pytestmark = pytest.mark.django_db
CONFIRMER, CODES = "/compte/reauthenticate/", "/compte/double-authentification/reauthenticate/"


def vieillir(client: Client) -> None:
    """The proofs of this session were given too long ago."""
    session = client.session
    session["account_authentication_methods"] = [
        preuve | {"at": time.time() - 3600} for preuve in session["account_authentication_methods"]
    ]
    session.save()


def confirmer(client: Client, suite: str, **autres: str) -> Any:
    """Give the second factor, as whoever was sending something is asked to."""
    return client.post(CODES, {"code": code(SECRET, time.time()), "next": suite} | autres)


@pytest.fixture
def suspendu() -> tuple[Client, str, Decision]:
    """An agent who puts a decision aside, and is asked to confirm."""
    pose = du_rhone(infraction("i1", "2026-01-10", "2026-03-01", 3))
    decision = Decision.objects.create(
        dossier=pose, departement="69", acte="stage", faits=[], effet={}, piece="PV", auteur=999_999
    )
    client = au_bureau("validation")
    adresse = f"/admin/dossier/decision/{decision.pk}/"
    vieillir(client)
    detour = client.post(adresse, {"ecarter": "1", "raison": "pièce illisible"})
    assert detour["Location"].startswith(CONFIRMER)
    return client, adresse, decision


def test_confirme_ce_qui_attendait_est_fait(suspendu: tuple[Client, str, Decision]) -> None:
    client, adresse, decision = suspendu
    assert confirmer(client, adresse).status_code == HTTPStatus.FOUND
    decision.refresh_from_db()
    assert decision.statut == "ecartee"
    assert client.post(CODES, {"code": "000000", "next": adresse}).status_code == HTTPStatus.OK


def test_en_lecture_seule_rien_ne_reprend(suspendu: tuple[Client, str, Decision], settings: Any) -> None:
    client, adresse, decision = suspendu
    settings.MESPOINTS_LECTURE_SEULE = True
    reponse = confirmer(client, adresse)
    assert reponse.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "Consultation seulement" in reponse.content.decode()
    decision.refresh_from_db()
    assert decision.statut == "attente"


def test_sous_un_autre_nom_rien_ne_reprend(suspendu: tuple[Client, str, Decision], settings: Any) -> None:
    client, adresse, decision = suspendu
    settings.ADMIN_HOST = "bureau.exemple.fr"
    assert confirmer(client, adresse).status_code == HTTPStatus.NOT_FOUND
    decision.refresh_from_db()
    assert decision.statut == "attente"


def test_un_mauvais_code_garde_ce_qui_attend(suspendu: tuple[Client, str, Decision]) -> None:
    client, adresse, decision = suspendu
    assert client.post(CODES, {"code": "000000", "next": adresse}).status_code == HTTPStatus.OK
    sans_cle = client.post("/compte/double-authentification/webauthn/reauthenticate/", {"next": adresse})
    assert sans_cle["Location"].startswith(CONFIRMER), "another way to confirm, which this account has"
    confirmer(client, adresse)
    decision.refresh_from_db()
    assert decision.statut == "ecartee"


def test_ce_qui_attendait_ailleurs_ne_reprend_pas(suspendu: tuple[Client, str, Decision]) -> None:
    """The confirmation was asked for another page since: what waited is forgotten."""
    client, _, decision = suspendu
    assert confirmer(client, "/admin/")["Location"] == "/admin/"
    decision.refresh_from_db()
    assert decision.statut == "attente"


def test_les_limites_comptent_ce_qui_reprend(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A driver's change of address that waited, sent again once too many were made."""
    connecter_agent(client, RattachementFactory().user)
    vieillir(client)
    adresse = "/compte/email/"
    assert client.post(adresse, {"email": "autre@exemple.fr", "action_add": ""})["Location"].startswith(CONFIRMER)
    monkeypatch.setattr("accounts.middleware.consommer", lambda *_: 60)
    reponse = client.post(CONFIRMER, {"password": MOT_DE_PASSE, "next": adresse})
    assert reponse.status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_un_agent_suspendu_ne_reprend_rien(suspendu: tuple[Client, str, Decision]) -> None:
    client, adresse, decision = suspendu
    User.objects.filter(pk=client.agent.pk).update(is_staff=False)  # type: ignore[attr-defined]
    assert confirmer(client, adresse).status_code == HTTPStatus.FORBIDDEN
    decision.refresh_from_db()
    assert decision.statut == "attente"


def test_ce_qu_un_dossier_montre_en_reprenant_est_au_journal() -> None:
    from dossier.models import Journal

    pose = du_rhone(infraction("i1", "2026-01-10", "2026-03-01", 3))
    signalement(motif="stage", dossier=pose)
    client = au_bureau("instruction")
    adresse = f"{ouvrir(client, pose)}enregistrer/visite-medicale/"
    vieillir(client)
    saisie = {"cle": str(uuid.uuid4()), "date_visite": "02/11/2026", "avis": "apte", "piece": "avis"}
    client.post(adresse, saisie)
    avant = Journal.objects.count()
    page = confirmer(client, adresse)
    assert "02/11/2026" in page.content.decode()
    assert Journal.objects.count() == avant + 1
