"""Readers of single values of the feed: each takes what JSON gave and returns the clean value, or says what is wrong.

The message of ``ValueError`` is the end of a French sentence that starts with the field's name. It quotes the value
only where it is short and plain: a file of refusals is read on a screen.
"""

import re
import unicodedata
from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date
from typing import Any

Lecteur = Callable[[Any], Any]

ANNEE_MIN, ANNEE_MAX = 1900, 2199
TEXTE_MAX = 300
NOM_MAX = 120
LISTE_MAX = 50

_NOM_SIMPLE = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœŸ' .-]+").fullmatch
_TEXTE_SIMPLE = re.compile(r"[ -~À-ÿŒœŸ\u2019€°–]+").fullmatch
_NEPH = re.compile(r"[A-Z0-9]{5,19}").fullmatch
_HEURE = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]").fullmatch
_INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}").fullmatch
_NAISSANCE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})").fullmatch
_LETTRES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc"})
#: Letters and marks that print nothing: fillers, joiners, variation selectors.
_BLANCS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | {chr(c) for c in range(0xFE00, 0xFE10)}
_INVISIBLES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def extrait(valeur: object) -> str:
    """A value as it may be quoted in a message: short, printable."""
    texte = ascii(valeur) if not isinstance(valeur, str) else valeur
    texte = "".join(c if c.isprintable() else "�" for c in texte[:41])
    return f"« {texte[:40]}… »" if len(texte) > 40 else f"« {texte} »"


def chaine(valeur: Any) -> str:
    if not isinstance(valeur, str):
        raise ValueError("doit être un texte")
    return valeur


def texte(valeur: Any) -> str:
    """Free text on one line, at most 300 characters, no control or format character; returned in NFC."""
    contenu = chaine(valeur)
    if len(contenu) > TEXTE_MAX:
        raise ValueError(f"dépasse {TEXTE_MAX} caractères")
    if _TEXTE_SIMPLE(contenu):
        return contenu
    for caractere in contenu:
        if unicodedata.category(caractere) in _INVISIBLES or caractere in _BLANCS:
            raise ValueError(f"contient un caractère invisible ou de contrôle (U+{ord(caractere):04X})")
    return unicodedata.normalize("NFC", contenu)


def nom(valeur: Any) -> str:
    """A name: letters of any script, apostrophe, hyphen, space, dot; 1 to 120 characters; returned in NFC."""
    contenu = unicodedata.normalize("NFC", chaine(valeur).strip())  # before the length: it may lengthen a text
    if not 1 <= len(contenu) <= NOM_MAX or not any(map(str.isalpha, contenu)):
        raise ValueError(f"doit porter des lettres, {NOM_MAX} caractères au plus")
    if _NOM_SIMPLE(contenu):
        return contenu
    for caractere in contenu:
        lettre = unicodedata.category(caractere) in _LETTRES and unicodedata.normalize("NFKC", caractere) == caractere
        lettre = lettre and caractere not in _BLANCS
        if not (lettre or caractere in "'\u2019 -.·"):
            raise ValueError(f"contient un caractère qu'un nom ne peut pas porter (U+{ord(caractere):04X})")
    return contenu


def identifiant(valeur: Any) -> str:
    contenu = texte(valeur)
    if not 1 <= len(contenu.strip()) <= 64:
        raise ValueError("doit compter de 1 à 64 caractères")
    return contenu


def jour(valeur: Any) -> date:
    """An existing civil day, ``AAAA-MM-JJ``, 1900 to 2199."""
    if isinstance(valeur, str) and len(valeur) == 10 and valeur[4] == "-" == valeur[7]:
        try:
            lu = date.fromisoformat(valeur)
        except ValueError:
            raise ValueError(f"{extrait(valeur)} n'est pas un jour du calendrier") from None
        if ANNEE_MIN <= lu.year <= ANNEE_MAX:
            return lu
        raise ValueError(f"{extrait(valeur)} est hors des années {ANNEE_MIN} à {ANNEE_MAX}")
    raise ValueError(f"{extrait(valeur)} n'est pas une date (AAAA-MM-JJ attendu)")


def jour_d_option(valeur: str) -> date:
    """A day of the command line."""
    try:
        return jour(valeur)
    except ValueError as erreur:
        raise ArgumentTypeError(str(erreur)) from None


def naissance(valeur: Any) -> str:
    """A birth date, ``00`` for an unknown day or month; kept as text."""
    parties = _NAISSANCE(chaine(valeur))
    if not parties:
        raise ValueError(f"{extrait(valeur)} n'est pas une date (AAAA-MM-JJ attendu, 00 pour un jour ou mois inconnu)")
    annee, mois, quantieme = (int(p) for p in parties.groups())
    jour(f"{annee:04d}-{mois or 1:02d}-{quantieme or 1:02d}")
    return parties[0]


def entier(mini: int, maxi: int) -> Lecteur:
    def lire(valeur: Any) -> int:
        if type(valeur) is not int or not mini <= valeur <= maxi:
            raise ValueError(f"doit être un nombre entier de {mini} à {maxi}")
        return valeur

    return lire


def choix(*valeurs: str) -> Lecteur:
    permis = {valeur: valeur for valeur in valeurs}

    def lire(valeur: Any) -> str:
        if not isinstance(valeur, str) or valeur not in permis:
            raise ValueError(f"{extrait(valeur)} n'est pas une valeur admise ({', '.join(valeurs)})")
        return permis[valeur]

    return lire


def liste(element: Lecteur) -> Lecteur:
    def lire(valeur: Any) -> list[Any]:
        if not isinstance(valeur, list) or len(valeur) > LISTE_MAX:
            raise ValueError(f"doit être une liste d'au plus {LISTE_MAX} valeurs")
        return [element(v) for v in valeur]

    return lire


def forme(reconnait: Callable[[str], object], attendu: str) -> Lecteur:
    def lire(valeur: Any) -> str:
        contenu = chaine(valeur)
        if not reconnait(contenu):
            raise ValueError(f"{extrait(contenu)} n'a pas la forme attendue ({attendu})")
        return contenu

    return lire


def neph(valeur: Any) -> str:
    """The key: spaces and dots removed, upper case; 5 to 19 letters or digits, ASCII only."""
    contenu = chaine(valeur)
    if len(contenu) > 64:
        raise ValueError("le numéro NEPH compte de 5 à 19 caractères")
    cle = contenu.replace(" ", "").replace(".", "")
    cle = cle.upper() if cle.isascii() else cle
    if _NEPH(cle):
        return cle
    if not 5 <= len(cle) <= 19:
        raise ValueError("le numéro NEPH compte de 5 à 19 caractères, espaces et points non comptés")
    raise ValueError("le numéro NEPH ne porte que des chiffres 0 à 9 et des lettres A à Z")


heure = forme(_HEURE, "HH:MM")
insee = forme(lambda v: v == "" or _INSEE(v), "code INSEE de cinq caractères")
