"""Values that the database and the session keep without being able to read them: sealed, or known by their print alone.

Both keys come from ``FRANCECONNECT_CLE_IDENTITES``, which is not ``SECRET_KEY``: changing that one signs everybody out,
changing this one would make every FranceConnect identity unknown.
"""

import base64
import hmac
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def prendre_empreinte(valeur: str) -> str:
    """The print of a value, 64 hexadecimal digits: found again, never read back."""
    cle = _derivee(settings.FRANCECONNECT_CLE_IDENTITES, "empreinte")
    return hmac.new(cle, valeur.encode(), "sha256").hexdigest()


def sceller(valeur: Any) -> str:
    """Encrypt and sign any JSON value."""
    return _fernet().encrypt(json.dumps(valeur, ensure_ascii=False).encode()).decode()


def ouvrir(scelle: str) -> Any:
    """What was sealed; None for what this key did not seal."""
    try:
        return json.loads(_fernet().decrypt(scelle.encode()))
    except InvalidToken:
        return None


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derivee(settings.FRANCECONNECT_CLE_IDENTITES, "coffre")))


@lru_cache(maxsize=8)
def _derivee(cle: str, usage: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"mespoints.{usage}".encode()).derive(cle.encode())
