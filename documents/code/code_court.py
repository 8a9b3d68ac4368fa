"""The code printed beside the QR, for who has no camera: four groups of four characters. Pure.

Fifteen drawn characters are 75 bits: trying them out leads nowhere. The last one checks the others (Luhn's algorithm,
modulo 32): one wrong character is told as a mistake of typing, not as a forgery.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O or U to misread
LONGUEUR = 16
_LUS_POUR = str.maketrans(
    {"I": "1", "L": "1", "O": "0", " ": "", "-": "", "\u00a0": "", "\u202f": "", ".": "", "–": ""}
)


class CodeIllisible(ValueError):
    """Not a short code, or one with a mistake in it; why, in French."""


def tirer() -> str:
    """Draw a new code."""
    tire = "".join(secrets.choice(ALPHABET) for _ in range(LONGUEUR - 1))
    return tire + _controle(tire)


def en_groupes(code: str) -> str:
    """As it is printed: ``7K3Q-MXW2-PA9T-0FZ4``."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def lire(texte: str) -> str:
    """A code as somebody typed it. Raises ``CodeIllisible``."""
    code = texte.upper().translate(_LUS_POUR)
    if len(code) != LONGUEUR or not set(code) <= set(ALPHABET):
        raise CodeIllisible("Ce code n'a pas seize lettres et chiffres. Recopiez-le tel qu'il est imprimé sous le QR.")
    if _controle(code[:-1]) != code[-1]:
        raise CodeIllisible("Un caractère de ce code est faux. Comparez-le, groupe par groupe, avec celui du document.")
    return code


def _controle(code: str) -> str:
    base = len(ALPHABET)
    somme = 0
    for rang, caractere in enumerate(reversed(code)):
        valeur = ALPHABET.index(caractere) * (2 if rang % 2 == 0 else 1)
        somme += valeur // base + valeur % base
    return ALPHABET[-somme % base]
