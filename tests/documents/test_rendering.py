"""The renderer's walls: no file, no network, no system font, no endless work; and a clean failure."""

import io
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from weasyprint.urls import FatalURLFetchingError

from documents.contenus import RenduImpossible
from documents.pdf import atelier, rendering
from tests.documents.dossiers import client_of, make_dossier
from tests.documents.pdf import open_pdf, text_of

MODELE = "adcs/2026-11-21"
POLICES = Path(settings.BASE_DIR) / "static/fonts"
PIED = "Page 1 sur 1"  # the style sheet's
ADRESSES = [
    "file:///etc/passwd",
    "http://127.0.0.1:9/x",
    "data:image/png;base64,AAAA",
    "ftp://127.0.0.1/x",
    "/etc/passwd",
    "bundled:../../../etc/passwd",
    "bundled:OFL.txt",
]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render the context itself, as a page."""
    monkeypatch.setattr(rendering, "render_to_string", lambda _, contexte: contexte["page"])


def render(corps: str, **images: bytes) -> bytes:
    contexte = {"page": f"<html lang=fr><title>x</title><body>{corps}"}
    return rendering.render_pdf(MODELE, contexte, images={f"{nom}.png": octets for nom, octets in images.items()})


@pytest.mark.parametrize("adresse", [*ADRESSES, ""])
def test_the_fetcher_gives_bundled_assets_only(adresse: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        atelier.Atelier([POLICES]).fetcher.fetch(adresse)


def test_a_bundled_font_is_given() -> None:
    response = atelier.Atelier([POLICES]).fetcher.fetch("bundled:PublicSans-Regular.woff2")
    assert response.read()[:4] == b"wOF2"
    assert response.content_type == "font/woff2"


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    "balise", ['<img src="{}">', '<link rel="stylesheet" href="{}">', '<link rel=attachment href="{}">']
)
def test_a_model_that_asks_for_anything_else_makes_no_document(balise: str) -> None:
    for adresse in [a for a in ADRESSES if ":" in a]:
        with pytest.raises(RenduImpossible):
            render(balise.format(adresse))
    assert text_of(render("après")) == f"après {PIED}"  # the process goes on


@pytest.mark.usefixtures("page")
def test_a_page_without_end_is_cut_and_the_next_one_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process is killed while it still renders: nobody waits for its end."""
    render("avant")
    processus = rendering._ouvrier.processus
    assert processus is not None
    monkeypatch.setattr(rendering, "DELAI", 1.0)
    with pytest.raises(RenduImpossible):
        render("<p>mot</p>" * 60_000)
    assert processus.returncode == -signal.SIGKILL
    monkeypatch.undo()
    monkeypatch.setattr(rendering, "render_to_string", lambda _, contexte: contexte["page"])
    assert text_of(render("après")) == f"après {PIED}"


@pytest.mark.usefixtures("page")
def test_a_process_that_died_is_replaced() -> None:
    render("avant")
    processus = rendering._ouvrier.processus
    assert processus is not None
    processus.kill()
    processus.wait()
    assert text_of(render("après")) == f"après {PIED}"


@pytest.mark.usefixtures("page")
def test_only_the_bundled_fonts_are_used() -> None:
    """Letters that they lack are boxes on the paper, on every machine, and stay what they are when read aloud."""
    contenu = render("<p>Été <b>NGUYỄN</b> <i>陈</i> Ω</p>")
    with open_pdf(contenu) as pdf:
        noms = {str(police.BaseFont).partition("+")[2] for police in pdf.pages[0].Resources.Font.values()}
    assert {nom.partition("-")[0] for nom in noms} == {"Public"}
    assert text_of(contenu) == f"Été NGUYỄN 陈 Ω {PIED}"


@pytest.mark.usefixtures("page")
def test_two_threads_may_ask_at_once() -> None:
    with ThreadPoolExecutor(4) as fils:
        fichiers = list(fils.map(lambda n: render(f"<h1>{n}</h1>"), range(8)))
    assert [text_of(contenu) for contenu in fichiers] == [f"{n} {PIED}" for n in range(8)]


def test_the_process_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_DE_TEST", "x")
    ouvrier = rendering.Ouvrier()
    try:
        pid = ouvrier.demarrer().pid
        environ = Path(f"/proc/{pid}/environ").read_bytes()
    finally:
        ouvrier.tuer()
    noms = {variable.partition(b"=")[0].decode() for variable in environ.split(b"\0") if variable}
    assert noms <= set(rendering.HERITE) | {"LC_CTYPE", "FONTCONFIG_FILE"}


def test_a_frame_that_is_cut_is_no_frame() -> None:
    tampon = io.BytesIO()
    atelier.ecrire(tampon, b"abc")
    entier = tampon.getvalue()
    assert atelier.lire(io.BytesIO(entier)) == b"abc"
    assert [atelier.lire(io.BytesIO(entier[:n])) for n in range(len(entier))] == [None] * len(entier)


@pytest.mark.django_db
def test_a_failure_is_a_page_and_not_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "render_to_string", lambda *_: "<img src=file:///etc/passwd>")
    response = client_of(make_dossier()).post("/mes-documents/adcs/")
    assert response.status_code == 503
    assert "documents/echec.html" in [t.name for t in response.templates]
