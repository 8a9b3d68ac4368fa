"""The read-only mode: everything is shown, nothing changes, and the page says so."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mespoints.maintenance import ALLOWED
from tests.accounts.factories import MOT_DE_PASSE, RattachementFactory
from tests.mespoints.adresses import adresses
from tests.mespoints.test_adresses import ECRITURE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _lecture_seule(settings: Any) -> None:
    settings.MESPOINTS_LECTURE_SEULE = True


def test_on_se_connecte_on_lit_on_se_deconnecte(client: Client) -> None:
    user = RattachementFactory().user
    assert client.post("/connexion/", {"login": user.email, "password": MOT_DE_PASSE}).status_code == 302
    for page in ("/mes-points/", "/mes-points/previsionnel/", "/mes-documents/", "/mes-documents/adcs/", "/compte/"):
        assert client.get(page).status_code == 200, page
    assert client.post("/deconnexion/").status_code == 302
    assert client.get("/mes-points/").status_code == 302


def test_ce_qui_changerait_quelque_chose_est_refuse_en_le_disant(client: Client) -> None:
    client.force_login(RattachementFactory().user)
    refuses = 0
    for adresse in adresses():
        if adresse.nom in ALLOWED | {"admin:login"}:
            continue
        with CaptureQueriesContext(connection) as requetes:
            reponse = client.post(adresse.chemin)
        assert reponse.status_code in {503, 403}, adresse.chemin  # the administration is no driver's
        if reponse.status_code == 503:
            refuses += 1
            assert "Consultation seulement" in reponse.content.decode(), adresse.chemin
            assert reponse["Retry-After"] == "900"
        ecrites = [requete["sql"] for requete in requetes if ECRITURE.match(requete["sql"])]
        assert [sql for sql in ecrites if "django_session" not in sql] == [], adresse.chemin
    assert refuses > 40


def test_sans_ce_mode_rien_n_est_refuse(client: Client, settings: Any) -> None:
    settings.MESPOINTS_LECTURE_SEULE = False
    assert client.post("/signalements/", {"email": "a@exemple.fr"}).status_code != 503
