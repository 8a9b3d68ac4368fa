"""Where a centre is: a département from what a visitor types, and the written form of an agrément's number."""

import re

from dossier.noms import compacter
from dossier.rules.departements import DEPARTEMENTS

_AGREMENT = re.compile(r"[A-Z0-9]{5,20}").fullmatch
_USUEL = re.compile(r"R(\d{2})(\d[0-9AB]\d|\d\d[0-9AB])(\d{4})(\d)").fullmatch
_SEPARATEURS = re.compile(r"[\s.\-/°]+")


_PAR_NOM = {compacter(nom): code for code, nom in DEPARTEMENTS.items()}


def lire_departement(texte: str) -> str | None:
    """The code of what is written: « 69 », « 2a », « 1 », « Rhône »."""
    brut = compacter(texte)
    code = brut.zfill(2) if brut.isascii() else brut
    return code if code in DEPARTEMENTS else _PAR_NOM.get(brut)


def lire_agrement(texte: str) -> str:
    """The key of an agrément: capitals and digits, nothing between. Raises ``ValueError``, its message in French."""
    cle = _SEPARATEURS.sub("", texte).upper()
    if not _AGREMENT(cle) or not any(c.isdigit() for c in cle):
        raise ValueError("doit compter de 5 à 20 lettres et chiffres, par exemple R 19 069 0012 0")
    return cle


def ecrire_agrement(cle: str) -> str:
    """« R1906900120 » as its attestation prints it: « R 19 069 0012 0 », which no line cuts."""
    usuel = _USUEL(cle)
    return "\u00a0".join(["R", *usuel.groups()]) if usuel else cle
