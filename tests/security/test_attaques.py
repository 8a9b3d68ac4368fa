"""A short attack on the whole site, and what shows that it would see a fault. ``make attaques`` is the long one."""

import itertools
import logging
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tests.bancs.attaques.attaque import attaquer, terrain
from tests.bancs.attaques.bilan import Bilan
from tests.bancs.attaques.garde import Demande, Garde, Journal
from tests.bancs.attaques.pages import routes
from tests.bancs.attaques.promenades import PROMENADES
from tests.bancs.attaques.visiteurs import NOM, VISITEURS, Monde, peupler

pytestmark = pytest.mark.django_db

REQUETES = 1_200


@login_not_required
def tomber(request: HttpRequest) -> HttpResponse:
    if "\u200f" in request.GET.get("q", ""):
        raise ValueError("planted")
    return HttpResponse()


@login_not_required
def ecrire(request: HttpRequest) -> HttpResponse:
    Group.objects.create(name="x")
    return HttpResponse()


@login_not_required
def montrer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<p>{NOM.title()}</p>")


@login_not_required
def bavarder(request: HttpRequest) -> HttpResponse:
    logging.getLogger("accounts").warning(f"seen {NOM}")
    return HttpResponse()


urlpatterns = [
    path("plante/tomber/", tomber, name="tomber"),
    path("plante/ecrire/", ecrire, name="ecrire"),
    path("plante/montrer/", montrer, name="montrer"),
    path("plante/bavarder/", bavarder, name="bavarder"),
    path("", include("mespoints.urls")),
]


@pytest.fixture
def monde() -> Monde:
    return peupler()


@pytest.fixture
def journal(settings: Any) -> Iterator[Journal]:
    with terrain(settings) as (journal, _):
        yield journal


def test_rien_ne_cede(monde: Monde, settings: Any) -> None:
    """The seed is that of the run: pytest prints it."""
    graine = int(os.environ["MESPOINTS_SEED"])
    with terrain(settings) as (journal, fournisseur):
        bilan = attaquer(
            graine, REQUETES, monde=monde, journal=journal, fournisseur=fournisseur, marches=itertools.count()
        )
    assert bilan.requetes >= REQUETES
    assert [f"{faute} --graine {graine} --marche {faute.marche}" for faute in bilan.fautes.values()] == []
    atteintes = sum(n for statut, n in bilan.statuts.items() if statut in {200, 302, 422})
    assert atteintes > REQUETES / 2
    assert bilan.statuts[429] < REQUETES / 20
    assert len({nom for nom, dizaine in bilan.routes if dizaine in {2, 3}}) > 60


@pytest.mark.urls("tests.security.test_attaques")
@pytest.mark.parametrize(
    ("chemin", "quoi", "detail"),
    [
        ("tomber", "panne", "ValueError: 'planted'"),
        ("ecrire", "un GET écrit", "auth_group"),
        ("montrer", "canari montré", "zzcanari"),
        ("bavarder", "canari au journal", "zzcanari"),
    ],
)
def test_ce_qui_cede_se_voit(journal: Journal, chemin: str, quoi: str, detail: str) -> None:
    """The failing twin: each fault planted is found, and said with what plays it again."""
    bilan = Bilan()
    garde = Garde(bilan, journal, 12, "anonyme", voit=False)
    garde.demander(Demande("GET", f"/plante/{chemin}/", [("q", "\u200f")]))
    [faute] = bilan.fautes.values()
    assert (faute.quoi, faute.route, faute.marche) == (quoi, chemin, 12)
    assert faute.detail.startswith(detail)
    assert f"/plante/{chemin}/" in faute.demande


@pytest.mark.urls("tests.security.test_attaques")
def test_ce_qui_ne_cede_pas_n_est_pas_dit(journal: Journal) -> None:
    bilan = Bilan()
    garde = Garde(bilan, journal, 1, "conducteur", voit=True)
    for demande in (
        Demande("GET", "/plante/tomber/", [("q", "a")]),
        Demande("POST", "/plante/ecrire/"),
        Demande("GET", "/plante/montrer/"),
        Demande("GET", "/aide/", [("q", b"\xff\x00")]),
    ):
        garde.demander(demande)
    assert bilan.fautes == {}
    assert bilan.statuts == {200: 3, 400: 1}


def test_l_attaque_connait_tout_le_site() -> None:
    noms = {route.nom for route in routes()}
    assert {"accueil", "admin:index", "admin:dossier_dossier_saisir", "mfa_add_webauthn", "account_email"} <= noms
    assert {"franceconnect_retour", "creation_etape", "account_reset_password_from_key", "pas_moi"} <= noms
    assert len(PROMENADES) == 6


@pytest.mark.parametrize("nom", VISITEURS)
def test_chaque_visiteur_est_ou_il_dit(nom: str, monde: Monde, journal: Journal) -> None:
    """Signed in as far as it says: an attack from the door only would find nothing."""
    garde = Garde(Bilan(), journal, 1, nom, voit=True)
    VISITEURS[nom].entrer(garde, monde)
    chemin, statut = OU[nom]
    assert garde.get(chemin).status_code == statut


FICHE = "/admin/dossier/dossier/"
#: A page that says who is there, and what it answers.
OU = {
    "anonyme": ("/mes-points/", 302),
    "conducteur": ("/mes-points/", 200),
    "autre conducteur": ("/mes-points/", 200),
    "conducteur sans dossier": ("/compte/", 200),
    "conducteur qui vient de prouver": ("/compte/double-authentification/totp/activate/", 200),
    "FranceConnect, à confirmer": ("/franceconnect/confirmation/", 200),
    "FranceConnect, sans dossier": ("/franceconnect/confirmation/", 200),
    "conducteur à deux facteurs": ("/mes-points/", 200),
    "code attendu": ("/compte/double-authentification/authenticate/", 200),
    "code attendu d'un agent": ("/compte/double-authentification/authenticate/", 200),
    "agent sans code": ("/admin/", 302),
    "lecture": (FICHE, 200),
    "instruction": ("/admin/dossier/decision/", 200),
    "validation": ("/admin/dossier/decision/", 200),
    "agent d'ailleurs": (FICHE, 200),
    "administration": ("/admin/dossier/journal/", 200),
}
