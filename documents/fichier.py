"""An ADCS as a file, checked without network: its seal, then the signed code that it carries.

The seal must be ours, be the only one, cover every byte and forbid any change: a file that was added to after it still
opens « intact » in readers that only look at the part which was signed. The code is read from the link that the QR
bears; nothing of a file whose seal is bad is read.
"""

import io
import logging
import warnings
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from documents.cose import Refus
from documents.jeton import PREFIXE, lire_adresse

TAILLE = 5 * 1024 * 1024  # bytes
PAGES = 20


def verifier_cachet(octets: bytes, *, certificats: Sequence[x509.Certificate], au: datetime) -> str:
    """Who sealed this file, if one of ``certificats`` did and nothing changed since. Raises ``Refus``."""
    from pyhanko.sign.fields import MDPPerm  # a second to import: only who checks a file pays for it
    from pyhanko.sign.validation import SignatureCoverageLevel

    lecteur = _ouvrir(octets)
    cachets = lecteur.embedded_signatures
    if not cachets:
        raise Refus("ce fichier n'a pas de cachet électronique")
    if len(cachets) > 1:
        raise Refus("ce fichier a plusieurs cachets")
    etat = _valider(cachets[0], certificats, au)
    if not (etat.intact and etat.valid):
        raise Refus("ce fichier a été modifié depuis son émission")
    if not etat.trusted:
        raise Refus("ce fichier n'est pas scellé par le cachet de ce service")
    certifie = etat.docmdp_ok and cachets[0].docmdp_level == MDPPerm.NO_CHANGES
    if not (etat.bottom_line and certifie and etat.coverage == SignatureCoverageLevel.ENTIRE_FILE):
        raise Refus("quelque chose a été ajouté à ce fichier depuis son émission")
    nom: str = etat.signing_cert.subject.human_friendly
    return nom


def code_du_fichier(octets: bytes) -> bytes:
    """The signed code that the file carries, one and only one. Raises ``Refus``."""
    codes = set(_adresses(_ouvrir(octets)))
    if len(codes) != 1:
        raise Refus("ce fichier ne porte pas le code d'une attestation" if not codes else "ce fichier porte deux codes")
    return lire_adresse(codes.pop())


def _ouvrir(octets: bytes) -> Any:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    if len(octets) > TAILLE:
        raise Refus("ce fichier est trop gros")
    try:
        return PdfFileReader(io.BytesIO(octets))
    except (PdfError, ValueError, TypeError, KeyError, IndexError, RecursionError):
        raise Refus("ce fichier n'est pas un PDF, ou il est abîmé") from None


def _valider(cachet: Any, certificats: Sequence[x509.Certificate], au: datetime) -> Any:
    """pyHanko's opinion. Whatever it trips over was not made by us."""
    from asn1crypto import x509 as asn1
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    racines = [asn1.Certificate.load(c.public_bytes(Encoding.DER)) for c in certificats]
    contexte = ValidationContext(trust_roots=racines, moment=au, allow_fetching=False)
    logging.getLogger("pyhanko").setLevel(
        logging.CRITICAL
    )  # it logs a trace for each bad seal: we say it in a sentence
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return validate_pdf_signature(cachet, signer_validation_context=contexte)
    except Exception:  # noqa: BLE001 a forged file may break the reader anywhere
        raise Refus("le cachet de ce fichier ne peut pas être lu") from None


def _adresses(lecteur: Any) -> Iterator[str]:
    """The addresses of the links that carry a code."""
    pages = lecteur.root["/Pages"]
    for rang in range(min(int(pages["/Count"]), PAGES)):
        page = lecteur.find_page_for_modification(rang)[0].get_object()
        for lien in page.get("/Annots", ()):
            action = lien.get_object().get("/A", {})
            adresse = str(action.get("/URI", "")) if hasattr(action, "get") else ""
            if f"#{PREFIXE}" in adresse:
                yield adresse
