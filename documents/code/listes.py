"""The status list and the key list, signed as the codes are: what a verifier without network keeps. Pure.

Two bits a document, at the rank that its code gives, compressed; the list may be asked again after a quarter of an
hour. The key list is signed by one of the keys that its reader already has.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509

from documents.code import cose
from documents.code.cles import CleRefusee, CleSignature, Trousseau, lire_certificat
from documents.code.cose import Refus
from documents.code.jeton import DERIVE, PAYS, FaitsSignes, StatutConnu
from documents.rules.statut import Statut

SUIVANTE = timedelta(minutes=15)
TAILLE = 8 * 1024 * 1024  # bytes of a signed list
DEPLIEE = 64 * 1024 * 1024  # bytes of its bits: 256 million documents
PAR_OCTET = 4  # statuses in a byte
ISS, IAT, DUREE, STATUTS, CLES = 1, 6, 65534, 65533, -65538  # claims


@dataclass(frozen=True, slots=True)
class ListeDeStatuts:
    """The statuses as they were at ``publiee_at``; a newer one may be had from ``suivante_at``. To be asked as
    ``jeton.Statuts``.
    """

    publiee_at: datetime
    suivante_at: datetime
    bits: bytes

    def __call__(self, faits: FaitsSignes) -> StatutConnu | None:
        """The status of a document; None for one that was issued after the list."""
        octet, rang = divmod(faits.index_statut, PAR_OCTET)
        if octet >= len(self.bits) or faits.emis_at > self.publiee_at:
            return None
        return StatutConnu(Statut((self.bits[octet] >> 2 * rang) & 3), self.publiee_at)


def signer_statuts(nombre: int, changes: Iterable[tuple[int, int]], *, cle: CleSignature, au: datetime) -> bytes:
    """The list of ``nombre`` documents, all good but ``changes`` (rank, status)."""
    bits = bytearray(-(-nombre // PAR_OCTET))
    for index, statut in changes:
        octet, rang = divmod(index, PAR_OCTET)
        bits[octet] |= statut << 2 * rang
    return _signer({STATUTS: {"bits": 2, "lst": zlib.compress(bytes(bits), 6)}}, cle, au)


def signer_cles(trousseau: Trousseau, *, cle: CleSignature, au: datetime) -> bytes:
    """The list of the public keys, with the periods that their certificates give."""
    return _signer({CLES: [cle_publique.certificat for cle_publique in trousseau]}, cle, au)


def lire_statuts(octets: bytes, *, cles: Trousseau, maintenant: datetime) -> ListeDeStatuts:
    """Read a status list. Raises ``cose.Refus``."""
    revendications = _lire(octets, cles, maintenant)
    liste = revendications.get(STATUTS)
    if not isinstance(liste, dict) or liste.get("bits") != 2 or not isinstance(liste.get("lst"), bytes):
        raise Refus("ce n'est pas une liste de statuts")
    depliage = zlib.decompressobj()
    try:
        bits = depliage.decompress(liste["lst"], DEPLIEE)
    except zlib.error:
        raise Refus("liste de statuts abîmée") from None
    if not depliage.eof or depliage.unused_data:
        raise Refus("liste de statuts abîmée")
    publiee_at = _au(revendications)
    return ListeDeStatuts(publiee_at, publiee_at + _duree(revendications), bits)


def lire_cles(octets: bytes, *, cles: Trousseau, maintenant: datetime) -> Trousseau:
    """Read a key list signed by one of ``cles``. Raises ``cose.Refus``."""
    certificats = _lire(octets, cles, maintenant).get(CLES)
    if not isinstance(certificats, list):
        raise Refus("ce n'est pas une liste de clés")
    try:
        return Trousseau(lire_certificat(x509.load_der_x509_certificate(der)) for der in certificats)
    except (CleRefusee, ValueError, TypeError):
        raise Refus("liste de clés abîmée") from None


def _signer(contenu: dict[int, Any], cle: CleSignature, au: datetime) -> bytes:
    revendications = {ISS: PAYS, IAT: int(au.timestamp()), DUREE: int(SUIVANTE.total_seconds())}
    return cose.signer(cose.ecrire(revendications | contenu), cle)


def _lire(octets: bytes, cles: Trousseau, maintenant: datetime) -> dict[Any, Any]:
    enveloppe = cose.ouvrir(octets, taille=TAILLE)
    cose.verifier_algorithme(enveloppe)
    cle = cles.get(enveloppe.kid) if cose.bien_nommee(enveloppe.kid) else None
    if cle is None:
        raise Refus("clé inconnue")
    cose.verifier_signature(enveloppe, cle.publique)
    revendications = cose.lire(enveloppe.charge, taille=TAILLE)
    if not isinstance(revendications, dict) or revendications.get(ISS) != PAYS:
        raise Refus("contenu inattendu")
    publiee_at = _au(revendications)
    if publiee_at > maintenant + DERIVE or not cle.vaut_le(publiee_at):
        raise Refus("liste datée hors de son temps")
    return revendications


def _au(revendications: dict[Any, Any]) -> datetime:
    secondes = revendications.get(IAT)
    if type(secondes) is not int or not 0 <= secondes < 1 << 33:
        raise Refus("date impossible")
    return datetime.fromtimestamp(secondes, UTC)


def _duree(revendications: dict[Any, Any]) -> timedelta:
    secondes = revendications.get(DUREE)
    if type(secondes) is not int or not 0 < secondes < 1 << 33:
        raise Refus("durée impossible")
    return timedelta(seconds=secondes)
