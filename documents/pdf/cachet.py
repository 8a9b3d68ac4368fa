"""The electronic seal of a file: certified PAdES B-B, which no later change of the file survives (DocMDP P1).

The key and its certificate come from the settings. Without them nothing can be sealed, and nothing is issued. A
certificate whose holder's name says « démonstration » makes demonstration documents.
"""

import io
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from django.conf import settings

from documents.contenus import CachetIndisponible
from mespoints.lib.boucle import sans_boucle

CHAMP = "Cachet"
RESERVE = 12_000  # bytes kept for the signature: it takes 3,000 with one certificate
DEMONSTRATION = "démonstration"
#: asn1crypto reads a certificate bit by bit, the first time that each bit is asked for: one thread at a time may.
_un_seul = Lock()


def sceller(contenu: bytes, *, raison: str) -> bytes:
    """The same file, certified. Raises ``CachetIndisponible``."""
    verifier()
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # a second to import, once
    from pyhanko.sign import signers
    from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter

    metadonnees = signers.PdfSignatureMetadata(
        field_name=CHAMP,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=raison,
    )
    # Hidden as well as without a size: a screen reader has nothing to find there (PDF/UA-1, 7.18.1).
    champ = SigFieldSpec(
        CHAMP,
        invis_sig_settings=InvisSigSettings(set_print_flag=False, set_hidden_flag=True),
        readable_field_name="Cachet électronique",
    )
    ecrivain = IncrementalPdfFileWriter(io.BytesIO(contenu))
    with _un_seul:
        signataire = signers.PdfSigner(
            metadonnees, signer=_signataire(settings.CACHET_CERTIFICAT, settings.CACHET_CLE), new_field_spec=champ
        )
        sortie: io.BytesIO = sans_boucle(lambda: signataire.sign_pdf(ecrivain, bytes_reserved=RESERVE))
    return sortie.getvalue()


def verifier() -> None:
    """Raises ``CachetIndisponible`` unless something can be sealed now."""
    _cles_du_jour()


def prepare() -> None:
    """Load what sealing needs, a second the first time. Raises ``CachetIndisponible``."""
    verifier()
    _signataire(settings.CACHET_CERTIFICAT, settings.CACHET_CLE)


def est_de_demonstration() -> bool:
    """Whether the seal is one of demonstration. Raises ``CachetIndisponible``."""
    return DEMONSTRATION in _certificat().subject.rfc4514_string().casefold()


def empreinte() -> str:
    """The SHA-256 of the certificate, as it is published. Raises ``CachetIndisponible``."""
    return _certificat().fingerprint(hashes.SHA256()).hex()


def fin() -> datetime:
    """When the certificate of the seal is over, be it passed. Raises ``CachetIndisponible``."""
    return _certificat().not_valid_after_utc


def _certificat() -> x509.Certificate:
    return _cles(settings.CACHET_CERTIFICAT, settings.CACHET_CLE)[0][0]


def _cles_du_jour() -> tuple[list[x509.Certificate], Any]:
    chaine, cle = _cles(settings.CACHET_CERTIFICAT, settings.CACHET_CLE)
    if not chaine[0].not_valid_before_utc <= datetime.now(UTC) < chaine[0].not_valid_after_utc:
        raise CachetIndisponible("the certificate of the seal is not valid today")
    return chaine, cle


@lru_cache(maxsize=2)
def _cles(certificats: str, cle: str) -> tuple[list[x509.Certificate], Any]:
    """The certificates, the seal's first and then its chain, and the private key: read once."""
    if not (certificats and cle):
        raise CachetIndisponible("no key of the seal is set")
    try:
        privee = serialization.load_pem_private_key(cle.encode(), password=None)
        chaine = x509.load_pem_x509_certificates(certificats.encode())
    except (ValueError, TypeError) as erreur:
        raise CachetIndisponible("the key of the seal cannot be read") from erreur
    if privee.public_key() != chaine[0].public_key():
        raise CachetIndisponible("the key of the seal is not that of its certificate")
    return chaine, privee


@lru_cache(maxsize=2)
def _signataire(certificats: str, cle: str) -> Any:
    """pyHanko's signer, made once."""
    from asn1crypto import keys
    from asn1crypto import x509 as asn1
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    chaine, privee = _cles(certificats, cle)
    der = privee.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    lus = [asn1.Certificate.load(c.public_bytes(serialization.Encoding.DER)) for c in chaine]
    return SimpleSigner(
        signing_cert=lus[0],
        signing_key=keys.PrivateKeyInfo.load(der),
        cert_registry=SimpleCertificateStore.from_certs(lus),  # type: ignore[no-untyped-call]
    )
