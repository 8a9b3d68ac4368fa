"""Reading a PDF of ours as a reader would: its text in order, and its structure. No other program is needed."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

_PAIRES = re.compile(r"<([0-9a-fA-F]+)> <([0-9a-fA-F]+)>")


def open_pdf(contenu: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(contenu))


def text_of(contenu: bytes) -> str:
    """The text of all pages, in the order of the content streams, spaces made plain and single."""
    with open_pdf(contenu) as pdf:
        return plain(" ".join(morceau for page in pdf.pages for morceau in _page(page)))


def plain(texte: str) -> str:
    """No-break spaces as spaces, one space for several."""
    return " ".join(texte.replace("\u00a0", " ").split())


def read_aloud(contenu: bytes) -> str:
    """The text as a screen reader says it: in the order of the structure, decoration left out."""
    with open_pdf(contenu) as pdf:
        marques: dict[tuple[Any, int], list[str]] = {}
        for page in pdf.pages:
            for mcid, morceau in _marques(page):
                if mcid is not None:
                    marques.setdefault((page.objgen, mcid), []).append(morceau)
        return plain(" ".join(_dire(pdf.Root.StructTreeRoot.K, None, marques)))


def _dire(noeud: Any, page: Any, marques: dict[tuple[Any, int], list[str]]) -> Iterator[str]:
    """The texts under an element; ``page`` is that of the marked contents which do not name theirs."""
    if isinstance(noeud, pikepdf.Array):
        for enfant in noeud:
            yield from _dire(enfant, page, marques)
    elif isinstance(noeud, pikepdf.Dictionary):
        page = noeud.Pg.objgen if "/Pg" in noeud else page
        if "/MCID" in noeud:
            yield from marques.get((page, int(noeud.MCID)), [])
        elif "/K" in noeud:
            yield from _dire(noeud.K, page, marques)
    elif noeud is not None:
        yield from marques.get((page, int(noeud)), [])


def _page(page: Any) -> Iterator[str]:
    return (morceau for _, morceau in _marques(page))


def _marques(page: Any) -> Iterator[tuple[int | None, str]]:
    """Each piece of text, with the number of the marked content it is in; None for decoration."""
    polices = {nom: _unicode(police) for nom, police in page.Resources.Font.items()}
    table: dict[str, str] = {}
    actuel: str | None = None  # ActualText: what stands for the glyphs until the end of the marked content
    ouverts: list[int | None] = []
    for operandes, operateur in pikepdf.parse_content_stream(page):
        match str(operateur):
            case "Tf":
                table = polices[str(operandes[0])]
            case "BDC" | "BMC":
                proprietes = operandes[1] if len(operandes) > 1 else None
                connues = proprietes if isinstance(proprietes, pikepdf.Dictionary) else {}
                dehors = ouverts[-1] if ouverts else None
                ouverts.append(int(connues["/MCID"]) if "/MCID" in connues else dehors)
                if "/ActualText" in connues:
                    actuel = str(connues["/ActualText"])
                    yield ouverts[-1], actuel
            case "EMC":
                ouverts.pop()
                actuel = None
            case "Tj" | "TJ" if actuel is None:
                suite = operandes[0] if str(operateur) == "TJ" else [operandes[0]]
                texte = "".join(_decode(bytes(s), table) for s in suite if isinstance(s, pikepdf.String))
                yield (ouverts[-1] if ouverts else None), texte


def _unicode(police: Any) -> dict[str, str]:
    """Glyph, in hexadecimal, to text."""
    carte = police.ToUnicode.read_bytes().decode()
    return {
        glyphe.lower(): bytes.fromhex(texte).decode("utf-16-be")
        for bloc in re.findall(r"beginbfchar(.*?)endbfchar", carte, re.DOTALL)
        for glyphe, texte in _PAIRES.findall(bloc)
    }


def _decode(octets: bytes, table: dict[str, str]) -> str:
    return "".join(table.get(octets[i : i + 2].hex(), "\ufffd") for i in range(0, len(octets), 2))


def alternatives(contenu: bytes) -> list[str]:
    """The alternative texts of the figures, in reading order."""

    def walk(noeud: Any) -> Iterator[str]:
        if isinstance(noeud, pikepdf.Array):
            for enfant in noeud:
                yield from walk(enfant)
        elif isinstance(noeud, pikepdf.Dictionary) and "/S" in noeud:
            if str(noeud.S) == "/Figure":
                yield str(noeud.get("/Alt", ""))
            if "/K" in noeud:
                yield from walk(noeud.K)

    with open_pdf(contenu) as pdf:
        return list(walk(pdf.Root.StructTreeRoot.K))


def tags_of(contenu: bytes) -> list[tuple[str, str]]:
    """The structure as (parent, child) types, in reading order."""

    def walk(noeud: Any, parent: str) -> Iterator[tuple[str, str]]:
        if isinstance(noeud, pikepdf.Array):
            for enfant in noeud:
                yield from walk(enfant, parent)
        elif isinstance(noeud, pikepdf.Dictionary) and "/S" in noeud:
            yield parent, str(noeud.S)
            if "/K" in noeud:
                yield from walk(noeud.K, str(noeud.S))

    with open_pdf(contenu) as pdf:
        return list(walk(pdf.Root.StructTreeRoot.K, ""))


def liens_of(contenu: bytes) -> set[str]:
    """The addresses that the links of all pages lead to."""
    with open_pdf(contenu) as pdf:
        liens = [lien for page in pdf.pages for lien in page.get("/Annots", [])]
        return {str(lien.A.URI) for lien in liens if "/A" in lien and "/URI" in lien.A}
