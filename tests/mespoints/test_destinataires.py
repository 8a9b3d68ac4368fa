"""Whom L. 225-5 names, told whole on the page about personal data."""

import pytest
from django.test import Client
from django.urls import reverse

from mespoints.pages.destinataires import L225_5

#: The numbers of the article of the Code de la route, read on 22 August 2026.
NUMEROS = ["1°", "2°", "3°", "4°", "5°", "5° bis", "5° ter", "5° quater", *(f"{n}°" for n in range(6, 13))]


def test_la_liste_a_chaque_numero_de_l_article() -> None:
    assert [d.numero for d in L225_5] == NUMEROS


@pytest.mark.django_db
def test_la_page_nomme_chaque_destinataire(client: Client) -> None:
    page = client.get(reverse("donnees_personnelles")).content.decode()
    for destinataire in L225_5:
        assert f"<li>{destinataire.qui} ({destinataire.numero})</li>" in page
    assert "L.&nbsp;225-4" in page
