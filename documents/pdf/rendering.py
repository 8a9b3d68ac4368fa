"""HTML to PDF/UA by a process of its own, which is killed when it takes too long (``documents.pdf.atelier``).

A model is a dated file under templates/documents/pdf, ``adcs/2026-11-21.html``; those of a day share one style sheet,
``2026-11-21.css``.
"""

import atexit
import logging
import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Lock, Timer
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from documents.contenus import RenduImpossible
from documents.pdf import atelier

logger = logging.getLogger(__name__)

MODELES = "documents/pdf"
DELAI = 20.0  # seconds for one document, waiting for the one before included
#: All that the process inherits: no secret, no address of a database.
HERITE = ("PATH", "LANG", "HOME", "LD_LIBRARY_PATH", "TMPDIR")


class Ouvrier:
    """The process that renders, one document at a time; made when it is first needed, and again when it was killed."""

    def __init__(self) -> None:
        self.verrou = Lock()
        self.processus: subprocess.Popen[bytes] | None = None
        self.pid = 0

    def demarrer(self) -> subprocess.Popen[bytes]:
        """The living process of this one; a fork leaves its parent's alone."""
        if self.processus is None or self.pid != os.getpid() or self.processus.poll() is not None:
            self.tuer()
            self.processus = subprocess.Popen(  # noqa: S603 our own program
                [sys.executable, "-m", "documents.pdf.atelier", str(_polices()), str(_modeles())],
                cwd=settings.BASE_DIR,
                env={nom: os.environ[nom] for nom in HERITE if nom in os.environ}
                | {"FONTCONFIG_FILE": str(_modeles() / "fonts.conf")},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is the site's to handle
            )
            self.pid = os.getpid()
        return self.processus

    def rendre(self, requete: bytes) -> bytes:
        """The answer to a request. Raises ``OSError`` (``TimeoutError`` is one) when it did not come in time."""
        fin = time.monotonic() + DELAI
        if not self.verrou.acquire(timeout=DELAI):
            raise TimeoutError
        try:
            processus = self.demarrer()
            assert processus.stdin is not None  # noqa: S101 both are pipes
            assert processus.stdout is not None  # noqa: S101
            garde = Timer(max(0.0, fin - time.monotonic()), processus.kill)
            garde.start()
            try:
                atelier.ecrire(processus.stdin, requete)  # type: ignore[arg-type]
                reponse = atelier.lire(processus.stdout)  # type: ignore[arg-type]
            finally:
                garde.cancel()
            if reponse is None:
                raise BrokenPipeError
            return reponse
        except BaseException:
            self.tuer()
            raise
        finally:
            self.verrou.release()

    def tuer(self) -> None:
        """End the process, whatever it is doing; the next document gets another one."""
        processus, self.processus = self.processus, None
        if processus is not None:
            if self.pid == os.getpid():  # a fork closes its copies of the pipes and leaves the process to its parent
                processus.kill()
                processus.wait()
            for flux in (processus.stdin, processus.stdout):
                try:
                    if flux is not None:
                        flux.close()
                except OSError:  # what was written and not read
                    pass


_ouvrier = Ouvrier()
atexit.register(_ouvrier.tuer)


def render_pdf(modele: str, contexte: dict[str, Any], *, images: dict[str, bytes] | None = None) -> bytes:
    """Render a model as a tagged PDF/UA-1. Raises ``RenduImpossible``, whatever went wrong."""
    html = render_to_string(f"{MODELES}/{modele}.html", contexte)
    try:
        reponse = _ouvrier.rendre(atelier.demande(html, str(_feuille(modele)), images or {}))
    except OSError as erreur:
        logger.error("pdf_not_made", extra={"reason": type(erreur).__name__})
        raise RenduImpossible from None
    if reponse[:1] != atelier.FAIT:
        logger.error("pdf_not_made", extra={"reason": reponse[1:80].decode(errors="replace")})
        raise RenduImpossible
    return reponse[1:]


def prepare() -> None:
    """Start the process ahead of the first document, which then does not wait for it."""
    with _ouvrier.verrou:
        _ouvrier.demarrer()


def _feuille(modele: str) -> Path:
    return _modeles() / f"{modele.rpartition('/')[2]}.css"


def _modeles() -> Path:
    return Path(settings.TEMPLATES[0]["DIRS"][0]) / MODELES


def _polices() -> Path:
    return Path(settings.BASE_DIR) / "static/fonts"
