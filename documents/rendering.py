"""HTML to PDF/UA by WeasyPrint, which may read neither a file nor the network: only what this module hands it.

A model is a dated folder entry under templates/documents/pdf: ``adcs/2026-11-21.html`` and the style sheet beside it.
"""

import logging
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from documents.contenus import RenduImpossible

logger = logging.getLogger(__name__)

MODELES = "documents/pdf"
SCHEME = "bundled:"
TYPES = {".woff2": "font/woff2", ".svg": "image/svg+xml"}

_one_at_a_time = Lock()  # Pango's font maps do not belong to two threads; processes do the work in parallel


class BundledFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint gives no types
    """Gives the bundled assets by name and refuses everything else, loudly.

    An asset that is missing is left out (the text falls back on another font); any other address, even a ``data:`` one,
    stops the rendering: no model of ours asks for one, so that it can only come from what was put into it.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Give an asset. Raises ``FatalURLFetchingError``, a ``BaseException``."""
        if not url.startswith(SCHEME):
            raise FatalURLFetchingError("address refused")
        name = url.removeprefix(SCHEME)
        body = _assets().get(name)
        if body is None:
            raise ValueError("no such asset")
        return URLFetcherResponse(url, body, {"Content-Type": TYPES[Path(name).suffix]})


def render_pdf(modele: str, contexte: dict[str, Any]) -> bytes:
    """Render a model as a tagged PDF/UA-1. Raises ``RenduImpossible``, whatever went wrong."""
    html = render_to_string(f"{MODELES}/{modele}.html", contexte)
    try:
        with _one_at_a_time:
            feuille, polices = _style(modele)
            document = HTML(string=html, url_fetcher=BundledFetcher())
            contenu: bytes = document.write_pdf(stylesheets=[feuille], font_config=polices, pdf_variant="pdf/ua-1")
    except (Exception, FatalURLFetchingError) as erreur:
        logger.exception("pdf_not_made")
        raise RenduImpossible from erreur
    return contenu


@lru_cache(maxsize=16)
def _style(modele: str) -> tuple[CSS, FontConfiguration]:
    """The style sheet of a model and its fonts, read once in a process."""
    polices = FontConfiguration()
    source = _templates() / MODELES / f"{modele}.css"
    return CSS(string=source.read_text(), font_config=polices, url_fetcher=BundledFetcher()), polices


@lru_cache(maxsize=1)
def _assets() -> dict[str, bytes]:
    """The fonts of the site and the pictures of the models, by file name."""
    fonts = (Path(settings.BASE_DIR) / "static/fonts").glob("*.woff2")
    pictures = (_templates() / MODELES).glob("*.svg")
    return {path.name: path.read_bytes() for path in [*fonts, *pictures]}


def _templates() -> Path:
    return Path(settings.TEMPLATES[0]["DIRS"][0])
