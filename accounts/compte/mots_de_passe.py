"""What a password must be: long, not common, not made of what is known of its owner. No class of characters asked."""

import re
import unicodedata
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher
from django.core.exceptions import ValidationError

from accounts.selectors import list_mots_du_dossier
from mespoints.lib.bornes import Borne

LONGUEUR_MAXIMALE = 256  # refused before hashing, which is slow on purpose
#: Letters that must be left once all that could be guessed is taken away.
RESTE = 6
MOTS_DU_SERVICE = ("mespointspermis", "points", "permis", "conduire", "telepoints", "motdepasse", "azerty", "qwerty")


#: Whatever door a password comes by. Two hundred at the same moment take turns, and the pages are served meanwhile.
HACHAGE = Borne(patience=1.0)


class Argon2id(Argon2PasswordHasher):
    """Argon2id as RFC 9106 advises where memory is shared (§4, second choice), on one lane: workers have one core."""

    time_cost = 3
    memory_cost = 64 * 1024  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Django's, in its turn. Raises ``Encombre``."""
        with HACHAGE.place():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Django's, in its turn. Raises ``Encombre``."""
        with HACHAGE.place():
            return super().verify(password, encoded)


class Pbkdf2(PBKDF2PasswordHasher):
    """Django's first choice, for accounts that would come from elsewhere: rehashed at their first sign-in."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Django's, in its turn; it verifies by making another. Raises ``Encombre``."""
        with HACHAGE.place():
            return super().encode(password, salt, iterations)


class LongueurMaximale:
    """Refuses what is too long to be hashed."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > LONGUEUR_MAXIMALE:
            raise ValidationError(f"Un mot de passe a {LONGUEUR_MAXIMALE} caractères au plus.", code="trop_long")

    def get_help_text(self) -> str:
        return f"Le mot de passe a {LONGUEUR_MAXIMALE} caractères au plus."


class RienDePersonnel:
    """Refuses a password made of its owner's address, names, birth date or NEPH, of the service's name and of digits.

    An account that has no dossier yet may be given what is known of its owner as ``user.mots_personnels``, a list.
    """

    def validate(self, password: str, user: Any = None) -> None:
        brut = normaliser(password)
        reste = brut
        for mot in sorted({*MOTS_DU_SERVICE, *_mots_connus(user)}, key=len, reverse=True):
            reste = reste.replace(mot, "")
        if reste != brut and len(re.sub(r"[^a-z]", "", reste)) < RESTE:
            raise ValidationError(
                "Ce mot de passe est fait de ce que l'on sait de vous ou du service (nom, adresse, numéro de dossier,"
                " date de naissance, « permis »). Choisissez d'autres mots.",
                code="personnel",
            )

    def get_help_text(self) -> str:
        return "Le mot de passe n'est pas fait de votre nom, de votre adresse ou de votre numéro de dossier."


def normaliser(texte: str) -> str:
    """Lower-case letters without accents, and digits."""
    sans_accents = unicodedata.normalize("NFKD", texte.lower())
    return re.sub(r"[^a-z0-9]", "", sans_accents)


def _mots_connus(user: Any) -> set[str]:
    if user is None:
        return set()
    morceaux = [*re.split(r"[@._+-]", getattr(user, "email", "") or ""), *getattr(user, "mots_personnels", [])]
    if getattr(user, "pk", None):
        morceaux += list_mots_du_dossier(user)
    return {mot for mot in map(normaliser, morceaux) if len(mot) >= 4}
