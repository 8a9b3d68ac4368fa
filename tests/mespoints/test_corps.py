"""What each route takes: its bytes, its files; declared at the view, listed here."""

from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from mespoints.lib import webworker
from mespoints.lib.http import takes
from mespoints.settings import base
from mespoints.urls import handler400, handler403, handler404, handler500  # noqa: F401
from mespoints.urls import urlpatterns as celles_du_site
from tests.mespoints.adresses import adresses

MO = 1024 * 1024
#: Routes that take more than the others, or files: what each takes. The others take 1 MB, and no file.
DECLAREES: dict[str, tuple[int, bool]] = {}


@login_not_required
@takes(3 * MO)
def grand(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.read())))


@login_not_required
@takes(3 * MO, files=True)
def fichier(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.FILES["f"].read()[:3])


@login_not_required
def ordinaire(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.read())))


urlpatterns = [
    *celles_du_site, path("corps/grand/", grand), path("corps/fichier/", fichier), path("corps/ordinaire/", ordinaire),
]  # fmt: skip


def test_ce_que_prend_chaque_route_est_ce_qui_est_dit() -> None:
    prises = {adresse.nom: getattr(adresse.vue, "takes", None) for adresse in adresses()}
    assert len(prises) > 60, "the walk found next to nothing"
    assert {nom: prise for nom, prise in prises.items() if prise} == DECLAREES
    assert base.BODY_MAXIMUM == MO
    assert base.FILE_UPLOAD_HANDLERS == ["mespoints.lib.http.RefuseFiles"]
    assert webworker.BODY_HELD >= base.BODY_MAXIMUM, "a body that every route takes would be waited for by a thread"


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("chemin", "octets", "statut"),
    [
        ("/corps/ordinaire/", MO, 200), ("/corps/ordinaire/", MO + 1, 400),
        ("/corps/grand/", 3 * MO, 200), ("/corps/grand/", 3 * MO + 1, 400),
        ("/nulle/part/", MO + 1, 400), ("/connexion/", MO + 1, 400),
    ],
)  # fmt: skip
def test_un_corps_plus_grand_que_dit_est_refuse(client: Client, chemin: str, octets: int, statut: int) -> None:
    reponse = client.post(chemin, b"a" * octets, content_type="text/plain")
    assert reponse.status_code == statut
    assert statut != 200 or reponse.content == str(octets).encode()


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("chemin", "statut"), [("/corps/fichier/", 200), ("/corps/ordinaire/", 400), ("/", 400)])
def test_un_fichier_ne_passe_que_la_ou_une_vue_en_prend(chemin: str, statut: int) -> None:
    client: Any = Client(enforce_csrf_checks=True)
    jeton = client.get("/connexion/").cookies["csrf"].value
    envoi = {"csrfmiddlewaretoken": jeton, "f": SimpleUploadedFile("f.bin", b"abc" * 200_000)}
    reponse = client.post(chemin, envoi)
    assert reponse.status_code == statut
    assert statut != 200 or reponse.content == b"abc"
