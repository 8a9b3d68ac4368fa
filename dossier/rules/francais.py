"""French as the pages, the letters and the documents write it: days, hours, plurals, signs, capitals.

The engine writes days in figures; a page puts them in words with ``en_prose``.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime

from dossier.rules.calendrier import mois_entre

MOIS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
    *("août", "septembre", "octobre", "novembre", "décembre"),
)
NOMBRES = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    *("onze", "douze", "treize", "quatorze", "quinze", "seize"),
)
DUREES_MOIS = {6: "six mois", 12: "un an", 18: "dix-huit mois", 24: "deux ans", 36: "trois ans"}
#: A search that begins by a digit is four times as fast as one that begins by ``\b``, which comes after here.
_JOUR = re.compile(r"([0-9][0-9])(?<!\w[0-9][0-9])/([0-9][0-9])/([0-9]{4})\b")
_SIGNES = [(f" {signe}", f"\u00a0{signe}") for signe in ":;?!"]


def en_francais(jour: date) -> str:
    """``2021-07-21`` as « 21/07/2021 »."""
    return f"{jour.day:02d}/{jour.month:02d}/{jour.year}"


def instant_en_francais(instant: datetime) -> str:
    """« 21/11/2026 à 09 h 05 », in the zone of ``instant``."""
    return f"{instant:%d/%m/%Y} à {instant:%H}\u00a0h\u00a0{instant:%M}"


def naissance_en_francais(iso: str) -> str:
    """``2021-07-00`` as « 00/07/2021 »: a birth date, of which a part may be unknown, so that it is no ``date``."""
    return "/".join(reversed(iso.split("-")))


def en_lettres(jour: date) -> str:
    """``2021-07-01`` as « 1er juillet 2021 », for prose: a screen reader says it well, and no line cuts it."""
    quantieme = "1er" if jour.day == 1 else jour.day
    return f"{quantieme}\u00a0{MOIS[jour.month - 1]}\u00a0{jour.year}"


def jours_en_lettres(debut: date, fin: date, lien: str) -> str:
    """« 5 et 6 novembre 2026 », ``lien`` being « et »: the month and the year are said once when they are the same."""
    premier = "1er" if debut.day == 1 else str(debut.day)
    if (debut.year, debut.month) != (fin.year, fin.month):
        premier = en_lettres(debut)
    return f"{premier} {lien} {en_lettres(fin)}"


def en_toutes_lettres(nombre: int) -> str:
    """« quatre »; a large number stays in figures."""
    return NOMBRES[nombre] if nombre < len(NOMBRES) else str(nombre)


def ans_en_lettres(nombre: int) -> str:
    """« un an », « trois ans »."""
    return f"{en_toutes_lettres(nombre)} an" + ("s" if nombre > 1 else "")


def mois_en_lettres(nombre: int) -> str:
    """« quatre mois », « un an »."""
    return f"{en_toutes_lettres(nombre)} mois" if nombre % 12 else ans_en_lettres(nombre // 12)


def duree(debut: date, fin: date) -> str:
    """A delay counted in months, in words; a reform may bring one that has no word yet."""
    mois = mois_entre(debut, fin)
    return DUREES_MOIS.get(mois, f"{mois}\u00a0mois")


def points(nombre: int) -> str:
    """« 1 point », « 3 points », with a no-break space."""
    return f"{nombre}\u00a0point" + ("s" if abs(nombre) > 1 else "")


def ordinal(nombre: int) -> str:
    """« 1re », « 4e », of a class."""
    return "1re" if nombre == 1 else f"{nombre}e"


def signe(nombre: int) -> str:
    """``+3``, ``−3`` with the sign of typography, ``0``."""
    return f"+{nombre}" if nombre > 0 else f"\u2212{-nombre}" if nombre else "0"


def pluriel(nombre: int, *mots: str) -> str:
    """« 1 lettre », « 3 points rendus »: words whose plural takes an s."""
    s = "s" if nombre > 1 else ""
    return " ".join([str(nombre), *[f"{mot}{s}" for mot in mots]])


def enumerer(mots: Sequence[str]) -> str:
    """« A, B et BE »."""
    return " et ".join([*filter(None, [", ".join(mots[:-1])]), mots[-1]])


def majuscule(mots: str) -> str:
    """With a capital first, the rest as it is, « NEPH » included: the end of a sentence said alone."""
    return mots[:1].upper() + mots[1:]


def insecables(texte: str) -> str:
    """A sentence with the no-break spaces that French wants before « : ; ? ! »."""
    for coupable, insecable in _SIGNES:
        texte = texte.replace(coupable, insecable)
    return texte


def en_prose(texte: str) -> str:
    """A sentence of the engine as a page prints it: its days, written in figures there, become words."""
    return insecables(_JOUR.sub(_en_lettres, texte))


def _en_lettres(trouve: re.Match[str]) -> str:
    jour, mois, annee = trouve.groups()
    return en_lettres(date(int(annee), int(mois), int(jour)))
