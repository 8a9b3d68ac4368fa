"""The public keys of the codes: certificates, each with its key and the period in which it may sign. Pure.

A key is named by the first eight bytes of the SHA-256 of its certificate, as in the EU DCC. One key a year, two that
overlap, and never the one that seals the PDF.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

KID = 8  # bytes
#: A certificate of ours signs and commits its holder (what PAdES asks of a seal), and does nothing else.
USAGES = {"digital_signature": True, "content_commitment": True}
AUTRES_USAGES = (
    *("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"),
    *("encipher_only", "decipher_only"),
)


class CleRefusee(ValueError):
    """A key or a list of keys that cannot be used, with the reason in French."""


@dataclass(frozen=True, slots=True)
class Cle:
    """A public key and the moments between which what it signed is accepted."""

    kid: bytes
    publique: ec.EllipticCurvePublicKey
    debut: datetime
    fin: datetime
    certificat: bytes  # DER

    def vaut_le(self, moment: datetime) -> bool:
        return self.debut <= moment <= self.fin


@dataclass(frozen=True, slots=True)
class CleSignature:
    """The private key that signs now, with its name."""

    kid: bytes
    privee: ec.EllipticCurvePrivateKey


class Trousseau:
    """Public keys by name. Two keys of one name are refused as a whole: nobody could say which one signed."""

    def __init__(self, cles: Iterable[Cle]) -> None:
        self._cles: dict[bytes, Cle] = {}
        for cle in cles:
            if cle.kid in self._cles:
                raise CleRefusee(f"deux clés portent le nom {cle.kid.hex()}")
            self._cles[cle.kid] = cle

    def __iter__(self) -> Iterator[Cle]:
        return iter(self._cles.values())

    def __len__(self) -> int:
        return len(self._cles)

    def get(self, kid: bytes) -> Cle | None:
        return self._cles.get(kid)


def fabriquer(debut: datetime, fin: datetime, nom: str) -> tuple[bytes, bytes]:
    """A new key and its self-signed certificate, in PEM, of the codes or of the seal: for the demonstration, the tests,
    and the next year's."""
    privee = ec.generate_private_key(ec.SECP256R1())
    attributs = ((NameOID.COUNTRY_NAME, "FR"), (NameOID.ORGANIZATION_NAME, "Mes Points Permis"))
    sujet = x509.Name([x509.NameAttribute(oid, dit) for oid, dit in (*attributs, (NameOID.COMMON_NAME, nom))])
    certificat = (
        x509.CertificateBuilder()
        .subject_name(sujet)
        .issuer_name(sujet)
        .public_key(privee.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(debut)
        .not_valid_after(fin)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**USAGES, **dict.fromkeys(AUTRES_USAGES, False)), critical=True)
        .sign(privee, SHA256())
    )
    pem = privee.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem, certificat.public_bytes(Encoding.PEM)


def lire_certificat(certificat: x509.Certificate) -> Cle:
    """The key of a certificate. Raises ``CleRefusee`` unless it is a P-256 one."""
    publique = certificat.public_key()
    if not isinstance(publique, ec.EllipticCurvePublicKey) or not isinstance(publique.curve, ec.SECP256R1):
        raise CleRefusee("une clé P-256 est attendue")
    der = certificat.public_bytes(Encoding.DER)
    return Cle(
        kid=sha256(der).digest()[:KID],
        publique=publique,
        debut=certificat.not_valid_before_utc,
        fin=certificat.not_valid_after_utc,
        certificat=der,
    )


def lire_trousseau(pem: bytes) -> Trousseau:
    """The keys of PEM certificates, one after the other. Raises ``CleRefusee``."""
    try:
        certificats = x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise CleRefusee("des certificats PEM sont attendus") from None
    return Trousseau(lire_certificat(certificat) for certificat in certificats)


def lire_cle(pem: bytes, trousseau: Trousseau) -> CleSignature:
    """The private key, with the name of its certificate in the list. Raises ``CleRefusee``."""
    try:
        privee = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise CleRefusee("une clé privée PEM, sans mot de passe, est attendue") from None
    if not isinstance(privee, ec.EllipticCurvePrivateKey):
        raise CleRefusee("une clé P-256 est attendue")
    for cle in trousseau:
        if cle.publique == privee.public_key():
            return CleSignature(cle.kid, privee)
    raise CleRefusee("aucun certificat de la liste n'est celui de la clé privée")
