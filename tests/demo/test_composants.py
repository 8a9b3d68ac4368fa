"""/composants/ shows what there is, by the site's own presenters and templates; a real instance has no such page."""

import re
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils.timezone import localdate

from demo.composants import PLAFONDS, situation
from dossier import presenters


@pytest.fixture
def _demonstration(settings) -> None:
    settings.ROOT_URLCONF = "demo.urls"


@pytest.mark.usefixtures("_demonstration")
def test_tout_y_est_sans_base(client: Client) -> None:
    reponse = client.get("/composants/")
    assert reponse.status_code == HTTPStatus.OK
    texte = reponse.content.decode()
    assert all(f">{etat.badge}<" in texte for etat in presenters.ETATS.values())
    assert len(re.findall(r'class="mp-jauge"', texte)) >= sum(plafond + 1 for plafond in PLAFONDS)
    for presente in ("fr-alert--success", "fr-alert--error", "fr-error-text", 'id="erreurs"', "mp-jeton--moins"):
        assert presente in texte


@pytest.mark.usefixtures("_demonstration")
@pytest.mark.parametrize("cle", ["lea", "ines", "karim", "sebastien"])
def test_le_haut_de_page_de_chaque_persona(client: Client, cle: str) -> None:
    montree = situation(cle, localdate())
    texte = client.get("/composants/", {"persona": cle}).content.decode()
    panneau = texte[texte.index('id="mon-solde"') :]
    assert presenters.solde(montree).etat.badge in panneau
    assert texte.count('id="mon-solde"') == 1


@pytest.mark.usefixtures("_demonstration")
@pytest.mark.parametrize("demande", ["?persona=personne", "?persona=", "?persona=%E9", ""])
def test_un_persona_inconnu_en_montre_un_autre(client: Client, demande: str) -> None:
    assert client.get(f"/composants/{demande}").status_code == HTTPStatus.OK


@pytest.mark.django_db
def test_une_instance_reelle_ne_l_a_pas(client: Client) -> None:
    assert client.get("/composants/").status_code == HTTPStatus.NOT_FOUND
