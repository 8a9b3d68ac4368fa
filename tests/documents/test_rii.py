"""The RII: refused to a password session, with the way to have it."""

import html

import pytest

from mespoints.lib.session import NIVEAU_FC
from tests.documents.dossiers import client_of, make_dossier

pytestmark = pytest.mark.django_db

PAGE = "/mes-documents/rii/"


def test_a_password_session_is_refused_and_offered_franceconnect() -> None:
    response = client_of(make_dossier()).get(PAGE)
    texte = html.unescape(response.content.decode())
    assert response.status_code == 403
    assert "403_niveau.html" in [t.name for t in response.templates]
    assert "S'identifier avec FranceConnect" in texte or "S'identifier avec FranceConnect" in texte
    assert 'href="/franceconnect/connexion/"' in texte


def test_a_password_session_without_dossier_is_refused_too() -> None:
    assert client_of(None).get(PAGE).status_code == 403


def test_a_franceconnect_session_reads_that_it_comes_later() -> None:
    client = client_of(make_dossier())
    session = client.session
    session["niveau"] = NIVEAU_FC
    session.save()
    response = client.get(PAGE)
    assert response.status_code == 200
    assert "prochaine version" in response.content.decode()


def test_a_session_of_an_unknown_level_is_refused() -> None:
    client = client_of(make_dossier())
    session = client.session
    session["niveau"] = "agent"
    session.save()
    assert client.get(PAGE).status_code == 403
