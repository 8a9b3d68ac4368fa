"""The secrets of second factors: encrypted at rest with a key derived from SECRET_KEY, read with its fallbacks too.

They outlive a SECRET_KEY only if they are encrypted again before it is forgotten: ``manage.py rotate_second_factors``.
"""

import base64
import logging
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.crypto import salted_hmac

logger = logging.getLogger(__name__)

#: What allauth keeps encrypted of an application of codes and of the spare codes; a passkey has no secret.
CHAMPS = ("secret", "seed", "migrated_codes")
PAR_LOT = 200


def _lire_sans_noter(codes: RecoveryCodes) -> None:
    """Nothing: a GET never writes. allauth notes that codes were seen for MFA_RECOVERY_CODES_SHOW_ONCE alone, which
    is off, and offers no other way not to.
    """


RecoveryCodes.mark_as_viewed = _lire_sans_noter


class SecretIllisible(PermissionDenied):
    """A SECRET_KEY that is in the settings no more encrypted this: no code can be checked against it."""


class Rotation(NamedTuple):
    """Factors, by what became of them."""

    rechiffres: int
    a_jour: int
    illisibles: int


def sceller(texte: str) -> str:
    """Encrypt with the present key."""
    return _coffre().encrypt(texte.encode()).decode()


def ouvrir(scelle: str) -> str:
    """Read what the present key, or a fallback, encrypted. Raises ``SecretIllisible``, which is said."""
    try:
        return _coffre().decrypt(scelle.encode()).decode()
    except InvalidToken:
        logger.warning("second_factor_unreadable", extra={"reason": "no key of the settings"})
        raise SecretIllisible from None


def rotate() -> Rotation:
    """Encrypt again with the present key what a fallback encrypted.

    A batch is a transaction, and what is done is known by its key: cut anywhere, it may be run again.
    """
    dernier, rechiffres, a_jour, illisibles = 0, 0, 0, 0
    while True:
        with transaction.atomic():
            attendus = Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN)
            lot = list(attendus.filter(pk__gt=dernier).order_by("pk")[:PAR_LOT])
            changes = []
            for facteur in lot:
                try:
                    neuves = _rechiffrer(facteur.data)
                except InvalidToken:
                    illisibles += 1
                    continue
                if neuves != facteur.data:
                    facteur.data = neuves
                    changes.append(facteur)
                else:
                    a_jour += 1
            Authenticator.objects.bulk_update(changes, ["data"])
        rechiffres += len(changes)
        if not lot:
            return Rotation(rechiffres, a_jour, illisibles)
        dernier = lot[-1].pk


def _rechiffrer(donnees: dict[str, Any]) -> dict[str, Any]:
    """The same with every secret under the present key; those that already are do not change. Raises
    ``InvalidToken``."""
    neuves = dict(donnees)
    for champ in CHAMPS:
        tenu = donnees.get(champ)
        if tenu is not None:
            neuves[champ] = [_renouveler(un) for un in tenu] if isinstance(tenu, list) else _renouveler(tenu)
    return neuves


def _renouveler(scelle: str) -> str:
    try:
        Fernet(_cle(settings.SECRET_KEY)).decrypt(scelle.encode())
    except InvalidToken:
        return _coffre().rotate(scelle.encode()).decode()
    return scelle


def _coffre() -> MultiFernet:
    return MultiFernet([Fernet(_cle(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _cle(secret: str) -> bytes:
    derivee = salted_hmac("accounts.compte.second_facteur", "cle", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(derivee)
