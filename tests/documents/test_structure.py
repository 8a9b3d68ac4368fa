"""What can be checked by machine of a sealed file's accessibility, for each kind: the tree that a screen reader walks.

Not a PDF/UA validator: neither contrast, nor whether an alternative text says the right thing, nor the glyphs of each
font program, nor the XMP's whole schema. The reading order is compared with the text of the page, not with the eye.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pikepdf
import pytest

from documents import tasks
from documents.models import DocumentEmis
from documents.services import ADCS, RII, RIR
from tests.documents.dossiers import CATEGORIES, file_of, make_dossier
from tests.documents.pdf import open_pdf, read_aloud
from tests.documents.test_courriers import dossier_with, perte
from tests.documents.test_rii import FAITS

pytestmark = pytest.mark.django_db

TITRES = {
    "adcs": "Attestation de droits à conduire sécurisée (ADCS)",
    "rir": "Relevé d'information restreint (RIR)",
    "rii": "Relevé d'information intégral (RII)",
    "lettre": "Lettre 48SI\u00a0: Votre permis de conduire est invalidé",
}
#: Words that come in this order when the file is read aloud.
ORDRE = {
    "adcs": ["Démonstration", "Attestation de", "VALIDE", "MARTIN", "voitures et", "Numéro de dossier", "Scannez"],
    "rir": ["Démonstration", "Relevé d'information", "MARTIN", "VALIDE", "voitures et", "n'est pas un titre"],
    "rii": ["Démonstration", "Relevé d'information", "Solde de points", "MARTIN", "Stage de", "Téléphone tenu", "+12"],
    "lettre": ["Démonstration", "Camille", "est invalidé", "perd sa", "Remettre le permis", "AF, amende", "NEPH"],
}
#: What may stand directly under what; WeasyPrint's own P and Span may be anywhere.
PARENTS = {"/LI": {"/L"}, "/TR": {"/Table", "/THead", "/TBody"}, "/TH": {"/TR"}, "/TD": {"/TR"}}


class Noeud(NamedTuple):
    type: str
    parent: str
    objet: Any


def walk(noeud: Any, parent: str = "") -> Iterator[Noeud]:
    """Every element of the structure, in reading order."""
    if isinstance(noeud, pikepdf.Array):
        for enfant in noeud:
            yield from walk(enfant, parent)
    elif isinstance(noeud, pikepdf.Dictionary) and "/S" in noeud:
        yield Noeud(str(noeud.S), parent, noeud)
        if "/K" in noeud:
            yield from walk(noeud.K, str(noeud.S))


def file(genre: str) -> bytes:
    modeles = {"adcs": ADCS, "rir": RIR, "rii": RII}
    if genre in modeles:
        return file_of(modeles[genre], make_dossier(*FAITS, categories=CATEGORIES))
    dossier_id = dossier_with(perte("i1", 6, 90), perte("i2", 6))
    tasks.editer_les_lettres()
    return bytes(DocumentEmis.objects.get(dossier_id=dossier_id, contenu__reference="48SI").octets)


@pytest.mark.parametrize("genre", list(TITRES))
def test_a_sealed_file_has_the_structure_of_an_accessible_one(genre: str) -> None:
    contenu = file(genre)
    with open_pdf(contenu) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "fr"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo.Title) == TITRES[genre]
        meta = pdf.open_metadata()
        assert (meta.get("pdfuaid:part"), meta.get("dc:title")) == ("1", TITRES[genre])
        assert all(str(page.Tabs) == "/S" for page in pdf.pages)
        noeuds = list(walk(pdf.Root.StructTreeRoot.K))
        types = [noeud.type for noeud in noeuds]
        assert types[0] == "/Document"
        niveaux = [int(t[2:]) for t in types if re.fullmatch(r"/H\d", t)]
        assert niveaux[0] == 1
        assert niveaux.count(1) == 1
        assert all(suivant - niveau <= 1 for niveau, suivant in zip(niveaux, niveaux[1:], strict=False))
        for noeud in noeuds:
            assert noeud.parent in PARENTS.get(noeud.type, {noeud.parent}), noeud
            if noeud.type == "/Figure":
                assert str(noeud.objet.Alt).strip()
        headers(noeuds)
        covered(pdf)


def headers(noeuds: list[Noeud]) -> None:
    """Each table has a head of TH, and each row its own TH."""
    tables = [noeud for noeud in noeuds if noeud.type == "/Table"]
    assert tables
    for table in tables:
        rangs = [noeud for noeud in walk(table.objet.K) if noeud.type == "/TR"]
        tetes = [[n.type for n in walk(rang.objet.K) if n.type in {"/TH", "/TD"}] for rang in rangs]
        assert set(tetes[0]) == {"/TH"}
        assert all(cellules[0] == "/TH" and len(cellules) == len(tetes[0]) for cellules in tetes[1:])
        cellules = [n.objet for rang in rangs[1:] for n in walk(rang.objet.K) if n.type == "/TD"]
        assert all("/A" in c and isinstance(c.A, pikepdf.Dictionary | pikepdf.Array) for c in cellules)  # its headers


def covered(pdf: Any) -> None:
    """Every piece of text is in the structure, or marked as decoration."""
    for page in pdf.pages:
        dedans = 0
        for operandes, operateur in pikepdf.parse_content_stream(page):
            match str(operateur):
                case "BDC" | "BMC":
                    dedans += 1
                    assert str(operandes[0]) == "/Artifact" or "/MCID" in operandes[1] or dedans > 1
                case "EMC":
                    dedans -= 1
                case "Tj" | "TJ":
                    assert dedans
        assert dedans == 0


@pytest.mark.parametrize("genre", list(TITRES))
def test_the_reading_order_is_that_of_the_page(genre: str) -> None:
    """By the structure: the notice, the title, then each heading where its content is."""
    texte = read_aloud(file(genre))
    places = [texte.index(mot) for mot in ORDRE[genre]]
    assert places == sorted(places), list(zip(ORDRE[genre], places, strict=True))
