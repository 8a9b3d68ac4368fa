"""COSE_Sign1 with one algorithm, over one way of writing CBOR: the signed code, the status list and the key list. Pure.

What is read was written by anybody. It is walked before it is decoded (size, depth, no indefinite length, no tag but
the first, no float), decoded, written again and compared byte for byte: one content has one writing (RFC 8949, 4.2),
so that nothing can be added to a good code, or changed in it, that the signature would not see. ``s`` is the low one of
the two that ECDSA accepts, for the same reason.
"""

from typing import Any, NamedTuple

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from documents.code.cles import KID, CleSignature

TAG = 18
MARQUE = bytes([0xC0 | TAG])  # tag 18 in its only short writing
ES256 = -7
ALGORITHME, NOM_DE_CLE = 1, 4  # headers
TAILLE = 2048  # bytes of a code
PROFONDEUR = 6
ORDRE = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
SIGNATURE = 64


class Refus(Exception):
    """What was read is not acceptable; the reason is in French, and repeats nothing of what was read."""

    def __init__(self, raison: str) -> None:
        super().__init__(raison)
        self.raison = raison


class Enveloppe(NamedTuple):
    """A COSE_Sign1 well written by somebody, of whom nothing is known yet."""

    entete: bytes
    algorithme: Any
    kid: Any
    charge: bytes
    signature: bytes


def ecrire(valeur: Any) -> bytes:
    """Write deterministic CBOR."""
    octets: bytes = cbor2.dumps(valeur, canonical=True)
    return octets


def lire(octets: bytes, *, taille: int = TAILLE) -> Any:
    """Read CBOR of which this is the only writing. Raises ``Refus``."""
    if len(octets) > taille:
        raise Refus("trop long")
    _parcourir(octets)
    try:
        valeur = cbor2.loads(octets)
        if ecrire(valeur) == octets:
            return valeur
    except (cbor2.CBORError, ValueError, TypeError, OverflowError):
        pass
    raise Refus("mal écrit")


def signer(charge: bytes, cle: CleSignature) -> bytes:
    """Sign a payload, as COSE_Sign1."""
    entete = ecrire({ALGORITHME: ES256, NOM_DE_CLE: cle.kid})
    r, s = decode_dss_signature(cle.privee.sign(_a_signer(entete, charge), ec.ECDSA(SHA256())))
    signature = r.to_bytes(32, "big") + min(s, ORDRE - s).to_bytes(32, "big")
    return MARQUE + ecrire([entete, {}, charge, signature])


def ouvrir(octets: bytes, *, taille: int = TAILLE) -> Enveloppe:
    """Take a COSE_Sign1 apart, trusting nothing of it. Raises ``Refus``."""
    if len(octets) > taille:
        raise Refus("trop long")
    if octets[:1] != MARQUE:
        raise Refus("pas une signature COSE")
    parties = lire(octets[1:], taille=taille)
    if not isinstance(parties, list) or len(parties) != 4:
        raise Refus("pas une signature COSE")
    entete, libre, charge, signature = parties
    if not all(isinstance(partie, bytes) for partie in (entete, charge, signature)) or len(signature) != SIGNATURE:
        raise Refus("pas une signature COSE")
    if libre != {}:
        raise Refus("un en-tête n'est pas signé")
    protege = lire(entete)
    if not isinstance(protege, dict) or set(protege) != {ALGORITHME, NOM_DE_CLE}:
        raise Refus("en-tête inattendu")
    return Enveloppe(entete, protege[ALGORITHME], protege[NOM_DE_CLE], charge, signature)


def bien_nommee(kid: Any) -> bool:
    """Say whether this may be the name of a key."""
    return isinstance(kid, bytes) and len(kid) == KID


def verifier_algorithme(enveloppe: Enveloppe) -> None:
    """One algorithm, ours, whatever the message says. Raises ``Refus``."""
    if type(enveloppe.algorithme) is not int or enveloppe.algorithme != ES256:
        raise Refus("algorithme refusé")


def verifier_signature(enveloppe: Enveloppe, publique: ec.EllipticCurvePublicKey) -> None:
    """Raises ``Refus`` unless this key signed exactly this."""
    r, s = int.from_bytes(enveloppe.signature[:32], "big"), int.from_bytes(enveloppe.signature[32:], "big")
    if not (0 < r < ORDRE and 0 < s <= ORDRE // 2):
        raise Refus("signature mal écrite")
    try:
        publique.verify(encode_dss_signature(r, s), _a_signer(enveloppe.entete, enveloppe.charge), ec.ECDSA(SHA256()))
    except InvalidSignature:
        raise Refus("signature fausse") from None


def _a_signer(entete: bytes, charge: bytes) -> bytes:
    """Sig_structure of RFC 9052, 4.4."""
    return ecrire(["Signature1", entete, b"", charge])


# --- Walking before decoding ------------------------------------------------------------------------------------------


def _parcourir(octets: bytes) -> None:
    """Refuse what a decoder should not even try: no recursion, one pass. ``restes`` counts what each level awaits."""
    position, fin, restes, attendus = 0, len(octets), [1], 1
    while restes:
        if restes[-1] == 0:
            restes.pop()
            continue
        restes[-1] -= 1
        attendus -= 1
        genre, nombre, position = _tete(octets, position)
        if genre in (2, 3):
            position += nombre
        elif genre in (4, 5):
            if len(restes) >= PROFONDEUR:
                raise Refus("trop profond")
            restes.append(nombre * (genre - 3))
            attendus += restes[-1]
        if attendus > fin - position:
            raise Refus("tronqué")
    if position != fin:
        raise Refus("suivi d'autre chose")


def _tete(octets: bytes, position: int) -> tuple[int, int, int]:
    """Read the head of an item: its major type, its number, and where its body begins."""
    if position >= len(octets):
        raise Refus("tronqué")
    genre, info = octets[position] >> 5, octets[position] & 0x1F
    if genre == 6 or (genre == 7 and info not in (20, 21, 22)) or info > 27:
        raise Refus("forme refusée")
    suite = position + 1
    if info < 24:
        return genre, info, suite
    fin = suite + (1 << (info - 24))
    if fin > len(octets):
        raise Refus("tronqué")
    return genre, int.from_bytes(octets[suite:fin], "big"), fin
