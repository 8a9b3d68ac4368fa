"""The renderer's walls: no file, no network, and a clean failure."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client
from pytest_django import Settings
from weasyprint.urls import FatalURLFetchingError

from documents import rendering
from documents.contenus import RenduImpossible
from tests.documents.dossiers import client_of, make_dossier
from tests.documents.pdf import open_pdf

MODELE = "adcs/2026-11-21"
ADRESSES = [
    "file:///etc/passwd",
    "http://127.0.0.1:9/x",
    "https://127.0.0.1:9/x",
    "data:image/png;base64,AAAA",
    "ftp://127.0.0.1/x",
    "/etc/passwd",
]


@pytest.mark.parametrize("adresse", [*ADRESSES, ""])
def test_the_fetcher_gives_bundled_assets_only(adresse: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        rendering.BundledFetcher().fetch(adresse)


@pytest.mark.parametrize("nom", ["autre.woff2", "../../../etc/passwd", "OFL.txt"])
def test_an_unknown_asset_is_left_out(nom: str) -> None:
    with pytest.raises(ValueError, match="no such asset"):
        rendering.BundledFetcher().fetch(f"bundled:{nom}")


def test_a_bundled_font_is_given() -> None:
    response = rendering.BundledFetcher().fetch("bundled:PublicSans-Regular.woff2")
    assert response.read()[:4] == b"wOF2"
    assert response.content_type == "font/woff2"


@pytest.mark.parametrize("adresse", [a for a in ADRESSES if ":" in a])
@pytest.mark.parametrize(
    "balise", ['<img src="{}">', '<link rel="stylesheet" href="{}">', '<link rel=attachment href="{}">']
)
def test_a_model_that_asks_for_anything_else_makes_no_document(
    monkeypatch: pytest.MonkeyPatch, adresse: str, balise: str
) -> None:
    page = f"<html lang=fr><title>x</title><body>{balise.format(adresse)}"
    monkeypatch.setattr(rendering, "render_to_string", lambda *_: page)
    with pytest.raises(RenduImpossible):
        rendering.render_pdf(MODELE, {})


@pytest.mark.django_db
def test_a_failure_is_a_page_and_not_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        return "<img src=file:///etc/passwd>"

    monkeypatch.setattr(rendering, "render_to_string", refuse)
    client: Client = client_of(make_dossier())
    response = client.post("/mes-documents/adcs/")
    assert response.status_code == 503
    assert "documents/echec.html" in [t.name for t in response.templates]


def test_without_the_bundled_fonts_the_document_is_still_made(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "_assets", dict)
    rendering._style.cache_clear()
    monkeypatch.setattr(rendering, "render_to_string", lambda *_: "<html lang=fr><title>x</title><body>été")
    try:
        with open_pdf(rendering.render_pdf(MODELE, {})) as document:
            assert len(document.pages) == 1
    finally:
        rendering._style.cache_clear()


def test_two_threads_may_ask_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "render_to_string", lambda _, page: page)
    pages = [f"<html lang=fr><title>{n}</title><body><h1>{n}</h1>" for n in range(8)]
    with ThreadPoolExecutor(4) as fils:
        fichiers = list(fils.map(lambda page: rendering.render_pdf(MODELE, page), pages))
    for n, contenu in enumerate(fichiers):
        with open_pdf(contenu) as document:
            assert str(document.docinfo.Title) == str(n)
