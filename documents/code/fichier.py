"""An ADCS as a file, checked without network: its seal, then the signed code that it carries.

The seal must be ours, be the only one, cover every byte and forbid any change: a file that was added to after it still
opens « intact » in readers that only look at the part which was signed. The code is read from the link that the QR
bears; nothing of a file whose seal is bad is read.
"""

import io
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from documents.code.cose import Refus
from documents.code.jeton import PREFIXE, lire_adresse
from mespoints.lib.boucle import sans_boucle

TAILLE = 5 * 1024 * 1024  # bytes
PAGES = 20


def verifier_cachet(octets: bytes, *, certificats: Sequence[x509.Certificate], au: datetime) -> str:
    """Who sealed this file, if the first of ``certificats`` did and nothing changed since. Raises ``Refus``.

    The others are its chain, which the seal may carry.
    """
    from pyhanko.sign.fields import MDPPerm  # a second to import: only who checks a file pays for it
    from pyhanko.sign.validation import SignatureCoverageLevel

    with _lu(octets) as lecteur:
        cachets = lecteur.embedded_signatures
        if not cachets:
            raise Refus("ce fichier n'a pas de cachet électronique")
        if len(cachets) > 1:
            raise Refus("ce fichier a plusieurs cachets")
        etat = _valider(cachets[0], certificats, au)
        if not (etat.intact and etat.valid and _rien_a_cote(octets, cachets[0])):
            raise Refus("ce fichier a été modifié depuis son émission")
        if not (etat.trusted and _tel_que_nous_l_ecrivons(cachets[0], certificats)):
            raise Refus("ce fichier n'est pas scellé par le cachet de ce service")
        certifie = etat.docmdp_ok and cachets[0].docmdp_level == MDPPerm.NO_CHANGES
        if not (etat.bottom_line and certifie and etat.coverage == SignatureCoverageLevel.ENTIRE_FILE):
            raise Refus("quelque chose a été ajouté à ce fichier depuis son émission")
        sujet = etat.signing_cert.subject
        return str(sujet.native.get("common_name", sujet.human_friendly))


def code_du_fichier(octets: bytes) -> bytes:
    """The signed code that the file carries, one and only one. Raises ``Refus``."""
    with _lu(octets) as lecteur:
        codes = set(_adresses(lecteur))
    if len(codes) != 1:
        raise Refus("ce fichier ne porte pas le code d'une attestation" if not codes else "ce fichier porte deux codes")
    return lire_adresse(codes.pop())


@contextmanager
def _lu(octets: bytes) -> Iterator[Any]:
    """A reader of the file. A forged one may break it anywhere: whatever it trips over was not made by us."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    if len(octets) > TAILLE:
        raise Refus("ce fichier est trop gros")
    try:
        yield PdfFileReader(io.BytesIO(octets))
    except Refus:
        raise
    except Exception:  # noqa: BLE001
        raise Refus("ce fichier n'est pas un PDF, ou il est abîmé") from None


def _valider(cachet: Any, certificats: Sequence[x509.Certificate], au: datetime) -> Any:
    """pyHanko's opinion."""
    from asn1crypto import x509 as asn1
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    racines = [asn1.Certificate.load(c.public_bytes(Encoding.DER)) for c in certificats[:1]]
    contexte = ValidationContext(trust_roots=racines, moment=au, allow_fetching=False)
    logging.getLogger("pyhanko").setLevel(
        logging.CRITICAL
    )  # it logs a trace for each bad seal: we say it in a sentence
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sans_boucle(lambda: validate_pdf_signature(cachet, signer_validation_context=contexte))


def _tel_que_nous_l_ecrivons(cachet: Any, certificats: Sequence[x509.Certificate]) -> bool:
    """Whether what the seal carries beside what it signs is what we write, byte for byte: its certificates, no more."""
    connus = [certificat.public_bytes(Encoding.DER) for certificat in certificats]
    donnees, signataire = cachet.signed_data, cachet.signer_info
    portes = [certificat.dump() for certificat in donnees["certificates"]]
    return (
        connus[0] in portes
        and set(portes) <= set(connus)
        and donnees["version"].native == signataire["version"].native == "v1"
        and [dict(a.native) for a in donnees["digest_algorithms"]] == [{"algorithm": "sha256", "parameters": None}]
        and not len(signataire["unsigned_attrs"])
    )


def _rien_a_cote(octets: bytes, cachet: Any) -> bool:
    """Whether the place kept for the seal, which no seal can cover, holds it and zeros, written in the only way."""
    from asn1crypto.cms import ContentInfo

    debut, fin = int(cachet.byte_range[1]), int(cachet.byte_range[2])
    place, brut = octets[debut:fin], cachet.pkcs7_content
    longueur = len(ContentInfo.load(brut, strict=False).dump())
    hexadecimal = brut.hex().encode()
    return not any(brut[longueur:]) and place in (b"<%b>" % hexadecimal, b"<%b>" % hexadecimal.upper())


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
