"""The keys of the codes, as the settings give them: those that verify, and the one that signs now.

Without a key that can sign no ADCS is issued; without certificates every code is one of an unknown key.
"""

from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings

from documents.code.cles import Cle, CleRefusee, CleSignature, Trousseau, lire_cle, lire_trousseau
from documents.code.jeton import Jeton, fin_de_vie, signer
from documents.contenus import AttestationDroits, CachetIndisponible
from mespoints.lib.http import site_address

#: Notice of the end of a certificate, of the codes or of the seal: time enough to have the next one signed.
PREAVIS = timedelta(days=30)


def trousseau() -> Trousseau:
    """The public keys that are known; none at all where the settings give none. Raises ``CleRefusee``."""
    return _trousseau(settings.ADCS_CERTIFICATS)


def cle_de_signature(au: datetime) -> CleSignature:
    """The key that signs. Raises ``CachetIndisponible``."""
    cle, publique = _en_service()
    if not publique.vaut_le(au):
        raise CachetIndisponible("the certificate of the codes is not valid today")
    return cle


def fin() -> datetime:
    """When the certificate of the key that signs is over, be it passed. Raises ``CachetIndisponible``."""
    return _en_service()[1].fin


def _en_service() -> tuple[CleSignature, Cle]:
    try:
        cle = _cle(settings.ADCS_CERTIFICATS, settings.ADCS_CLE)
    except CleRefusee as raison:
        raise CachetIndisponible(f"the key of the codes: {raison}") from raison
    publique = trousseau().get(cle.kid)
    assert publique is not None  # noqa: S101 lire_cle found it there
    return cle, publique


def attester(attestation: AttestationDroits, *, cti: bytes, index_statut: int) -> Jeton:
    """The signed code of an ADCS, with the address that its QR carries. Raises ``CachetIndisponible``."""
    return signer(
        attestation,
        cle=cle_de_signature(attestation.emise_at),
        cti=cti,
        index_statut=index_statut,
        emis_at=attestation.emise_at,
        expire_at=fin_de_vie(attestation),
        base=site_address("documents:verification"),
    )


@lru_cache(maxsize=4)
def _trousseau(certificats: str) -> Trousseau:
    return lire_trousseau(certificats.encode()) if certificats else Trousseau([])


@lru_cache(maxsize=4)
def _cle(certificats: str, cle: str) -> CleSignature:
    if not cle:
        raise CleRefusee("ADCS_CLE manque")
    return lire_cle(cle.encode(), _trousseau(certificats))
