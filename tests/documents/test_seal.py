"""The seal: what it certifies, what breaks it, what a file keeps under it, and a key that cannot be used."""

import io
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from django.core.checks import run_checks
from django.utils import timezone
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pytest_django import Settings

from documents import checks
from documents.contenus import CachetIndisponible
from documents.pdf import cachet
from tests.documents.cachets import fabriquer_cachet
from tests.documents.pdf import open_pdf, tags_of, text_of


@pytest.fixture(scope="module")
def scelle(tagged: bytes) -> bytes:
    return cachet.sceller(tagged, raison="Essai")


@pytest.fixture(scope="module")
def tagged() -> bytes:
    from documents.pdf import atelier, rendering

    page = "<html lang=fr><title>Titre</title><body><h1>Un</h1><p>deux</p>"
    feuille = str(rendering._feuille("adcs/2026-11-21"))
    reponse = rendering._ouvrier.rendre(atelier.demande(page, feuille, {}))
    assert reponse[:1] == atelier.FAIT
    return reponse[1:]


def status(contenu: bytes) -> Any:
    lecteur = PdfFileReader(io.BytesIO(contenu))
    (signature,) = lecteur.embedded_signatures
    contexte = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    return validate_pdf_signature(signature, contexte)


def holds(contenu: bytes) -> bool:
    """Whether a reader would say that the file is as it was sealed; one that cannot be read is not."""
    try:
        return bool(status(contenu).bottom_line)
    except (PdfError, ValueError):
        return False


def test_a_sealed_file_is_certified_whole(scelle: bytes) -> None:
    vu = status(scelle)
    assert vu.bottom_line
    assert vu.modification_level == ModificationLevel.NONE
    assert vu.coverage.name == "ENTIRE_FILE"
    with open_pdf(scelle) as pdf:
        (champ,) = pdf.Root.AcroForm.Fields
        assert str(champ.V.SubFilter) == "/ETSI.CAdES.detached"
        assert champ.V.objgen == pdf.Root.Perms.DocMDP.objgen
        assert int(champ.V.Reference[0].TransformParams.P) == 1
        assert int(champ.F) & 2  # hidden: nothing there for a screen reader
        assert str(champ.TU) == "Cachet électronique"


def test_the_marks_of_accessibility_outlive_the_seal(tagged: bytes, scelle: bytes) -> None:
    assert tags_of(scelle) == tags_of(tagged)
    assert text_of(scelle) == text_of(tagged)
    with open_pdf(scelle) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "fr"
        assert pdf.open_metadata().get("pdfuaid:part") == "1"


def test_one_byte_breaks_it(scelle: bytes) -> None:
    for place in (200, len(scelle) // 3, len(scelle) - 200):
        touche = bytearray(scelle)
        touche[place] ^= 1
        assert not holds(bytes(touche)), place


def test_a_page_replaced_by_an_update_breaks_it(scelle: bytes) -> None:
    """The seal itself stays intact: only what was added since tells (DocMDP)."""
    ecrivain = IncrementalPdfFileWriter(io.BytesIO(scelle))
    page = ecrivain.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(180)
    ecrivain.update_container(page)
    sortie = io.BytesIO()
    ecrivain.write(sortie)
    vu = status(sortie.getvalue())
    assert vu.intact
    assert not vu.bottom_line


def test_saving_the_file_again_breaks_it(scelle: bytes) -> None:
    with pikepdf.open(io.BytesIO(scelle)) as pdf:
        sortie = io.BytesIO()
        pdf.save(sortie)
    assert not holds(sortie.getvalue())


def test_a_seal_of_somebody_else_is_not_ours(scelle: bytes, settings: Settings) -> None:
    lecteur = PdfFileReader(io.BytesIO(scelle))
    (signature,) = lecteur.embedded_signatures
    assert signature.signer_cert.sha256.hex() == cachet.empreinte()
    _, certificat = fabriquer_cachet(timezone.now())
    cle, autre = fabriquer_cachet(timezone.now())
    settings.CACHET_CLE, settings.CACHET_CERTIFICAT = cle.decode(), autre.decode()
    assert signature.signer_cert.sha256.hex() != cachet.empreinte()


# --- Keys that cannot be used -----------------------------------------------------------------------------------------


def ids() -> set[str]:
    return {str(message.id) for message in run_checks(tags=[checks.TAG], include_deployment_checks=True)}


def test_the_checks_name_what_is_wrong(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ids() == set()
    settings.MESPOINTS_MARQUE_ETAT = True
    assert ids() == {"documents.E002"}
    settings.MESPOINTS_MARQUE_ETAT = False
    settings.CACHET_CLE, _ = (pem.decode() for pem in fabriquer_cachet(timezone.now()))
    assert ids() == {"documents.E001"}  # not that of the certificate
    settings.CACHET_CLE = "autre chose"
    assert ids() == {"documents.E001"}
    presque_fini = fabriquer_cachet(timezone.now() - timedelta(days=705))
    settings.CACHET_CLE, settings.CACHET_CERTIFICAT = (pem.decode() for pem in presque_fini)
    assert ids() == {"documents.W001"}  # the next one is to be prepared
    settings.CACHET_CLE = settings.CACHET_CERTIFICAT = ""
    assert ids() == {"documents.I001"}
    monkeypatch.setattr(checks, "POLICES", ("absente.woff2",))
    assert ids() == {"documents.I001", "documents.E003"}


@pytest.mark.parametrize("decalage", [timedelta(days=-800), timedelta(days=30)])
def test_a_certificate_out_of_its_days_seals_nothing(settings: Settings, decalage: timedelta) -> None:
    cle, certificat = fabriquer_cachet(timezone.now() + decalage)
    settings.CACHET_CLE, settings.CACHET_CERTIFICAT = cle.decode(), certificat.decode()
    with pytest.raises(CachetIndisponible):
        cachet.sceller(b"%PDF", raison="Essai")
