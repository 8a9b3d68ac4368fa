"""How often an account may be asked for, and with which effort."""

import pytest
from django.test import Client

from accounts import effort
from accounts.models import Compteur, DemandeCompte
from tests.accounts.parcours import CREER, DERNIERE, demander, jusqu_au_mot_de_passe, repondre, texte
from tests.accounts.test_effort import resoudre

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _facile(monkeypatch) -> None:
    monkeypatch.setattr(effort, "TOURS", 10)


def test_six_comptes_a_une_adresse_en_une_heure_attendent(client: Client) -> None:
    """The tries are counted, and the page says when to come back; nothing typed is lost."""
    for _ in range(5):
        DemandeCompte.objects.all().delete()
        assert demander(Client()).status_code == 302
    DemandeCompte.objects.all().delete()
    reponse = demander(client)
    assert reponse.status_code == 429
    assert int(reponse["Retry-After"]) > 0
    assert not DemandeCompte.objects.exists()
    assert client.get(f"{CREER}mot-de-passe/").status_code == 200, "the other answers are kept"


def test_sans_javascript_deux_essais_par_heure(settings) -> None:
    settings.EFFORT_A_LA_CREATION = True
    for attendu in (302, 302, 200):
        DemandeCompte.objects.all().delete()
        reponse = demander(Client())
        assert reponse.status_code == attendu
    assert "La vérification automatique n'a pas abouti" in texte(reponse)


def test_avec_l_effort_la_creation_n_est_pas_ralentie(settings, client: Client) -> None:
    settings.EFFORT_A_LA_CREATION = True
    jusqu_au_mot_de_passe(client)
    page = client.get(f"{CREER}mot-de-passe/")
    assert page.context["form"].effort_requis()
    reponse = repondre(client, "mot-de-passe", DERNIERE | {"effort": resoudre(page.context["form"].question())})
    assert reponse.status_code == 302
    assert not Compteur.objects.filter(essais__gt=1).exists()
