"""The process that turns HTML into PDF, apart from the site: ``python -m documents.pdf.atelier <assets>``.

It knows no secret and no database, opens nothing but the bundled assets, uses no font but the bundled ones, and may be
killed at any moment: ``documents.pdf.rendering`` starts it, times it and starts another one. A request and its answer
are frames on the standard input and output; the first byte of an answer says whether a PDF follows.
"""

import base64
import gc
import json
import os
import resource
import struct
import sys
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

SCHEME = "bundled:"
TYPES = {".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}
MEMOIRE = 2 * 1024**3  # bytes of address space: a page that asks for more is no document of ours
FAIT, RATE = b"\x01", b"\x00"
_TAILLE = struct.Struct(">I")


def ecrire(flux: BinaryIO, octets: bytes) -> None:
    """Write a frame."""
    flux.write(_TAILLE.pack(len(octets)) + octets)
    flux.flush()


def lire(flux: BinaryIO) -> bytes | None:
    """Read a frame; None when the other end is gone."""
    entete = flux.read(_TAILLE.size)
    if len(entete) < _TAILLE.size:
        return None
    (taille,) = _TAILLE.unpack(entete)
    octets = flux.read(taille)
    return octets if len(octets) == taille else None


def demande(html: str, feuille: str, images: dict[str, bytes]) -> bytes:
    """A request: the page, the path of its style sheet, the pictures made for it alone."""
    encodees = {nom: base64.b64encode(octets).decode() for nom, octets in images.items()}
    return json.dumps({"html": html, "feuille": feuille, "images": encodees}).encode()


class Atelier:
    """WeasyPrint with the bundled assets, and no other door."""

    def __init__(self, dossiers: list[Path]) -> None:
        self.fichiers = {p.name: p.read_bytes() for d in dossiers for p in d.iterdir() if p.suffix in TYPES}
        self.fetcher = self._fetcher()
        self.style = lru_cache(maxsize=32)(self._style)
        self.images: dict[str, bytes] = {}

    def _fetcher(self) -> Any:
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

        atelier = self

        class BundledFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint gives no types
            """Gives the bundled assets by name and refuses everything else, loudly, even a ``data:`` address: no
            model of ours asks for one, so that it can only come from what was put into it."""

            def fetch(self, url: str, headers: Any = None) -> Any:
                nom = url.removeprefix(SCHEME)
                corps = atelier.images.get(nom) or atelier.fichiers.get(nom)
                if nom == url or corps is None:
                    raise FatalURLFetchingError("address refused")
                return URLFetcherResponse(url, corps, {"Content-Type": TYPES[Path(nom).suffix]})

        return BundledFetcher(allowed_protocols=(), allow_redirects=False)

    def _style(self, feuille: str) -> tuple[Any, Any]:
        """A style sheet and its fonts, read once in a process."""
        from weasyprint import CSS
        from weasyprint.text.fonts import FontConfiguration

        polices = FontConfiguration()
        css = CSS(string=Path(feuille).read_text(), font_config=polices, url_fetcher=self.fetcher)
        return css, polices

    def rendre(self, html: str, feuille: str, images: dict[str, bytes]) -> bytes:
        """A tagged PDF/UA-1. Raises whatever WeasyPrint raises, ``BaseException`` included."""
        from weasyprint import HTML

        self.images = images
        css, polices = self.style(feuille)
        document = HTML(string=html, url_fetcher=self.fetcher)
        contenu: bytes = document.write_pdf(stylesheets=[css], font_config=polices, pdf_variant="pdf/ua-1")
        return contenu

    def repondre(self, requete: bytes) -> bytes:
        """The answer to a request: never an exception, never what the page said."""
        try:
            lue = json.loads(requete)
            images = {nom: base64.b64decode(texte) for nom, texte in lue["images"].items()}
            return FAIT + self.rendre(lue["html"], lue["feuille"], images)
        except (Exception, _fatale()) as erreur:  # noqa: BLE001 the type goes back
            return RATE + type(erreur).__name__.encode()


def _fatale() -> type[BaseException]:
    """WeasyPrint's refusal of an address, which no ``except Exception`` catches."""
    from weasyprint.urls import FatalURLFetchingError

    fatale: type[BaseException] = FatalURLFetchingError
    return fatale


def main(dossiers: list[str]) -> None:
    """Answer until the other end closes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE, MEMOIRE))
    warnings.simplefilter("ignore")  # « No fonts configured »: that is the point
    atelier = Atelier([Path(nom) for nom in dossiers])
    sortie = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints does not end up in an answer
    import weasyprint  # noqa: F401  # a second, paid before the first request

    gc.collect()
    gc.freeze()  # what was loaded lives as long as the process

    while (requete := lire(sys.stdin.buffer)) is not None:
        ecrire(sortie, atelier.repondre(requete))


if __name__ == "__main__":
    main(sys.argv[1:])
