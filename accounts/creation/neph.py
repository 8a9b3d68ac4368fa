"""The file number (NEPH) as each kind of licence shows it: reading what was typed, saying what is wrong in French.

The key of a dossier is 5 to 19 characters A–Z and 0–9 (``dossier.champs.neph``). Whatever else is typed (spaces, dots,
case, « N° ») is taken away before anything is looked up. A number of before 1975 is not unique: its key is the number,
then the year and the department, two digits each.
"""

import re
import unicodedata
from typing import NamedTuple

MINIMUM, MAXIMUM = 5, 19
UNE_LIGNE, SECONDE_LIGNE = 12, 4
PREMIERE_LIGNE_MAX = 15
AVANT_1975_MAX = 16

#: The departments that bear another number in the old numbering. Three digits and letters are those in use today.
DEPARTEMENTS = {
    **{"2A": "20", "2B": "20", "201": "20", "202": "20"},
    **{"971": "96", "972": "97", "973": "98", "974": "99", "975": "99", "976": "99"},
}
NOMS = {
    **{"20": "Corse", "96": "Guadeloupe", "97": "Martinique", "98": "Guyane"},
    "99": "Réunion, Saint-Pierre-et-Miquelon ou Mayotte",
}

_PLEINE_CHASSE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PREFIXE = re.compile(r"n\s*[°º]", re.IGNORECASE)


class Lecture(NamedTuple):
    """A number read: the key looked up, and the sentence that shows what was understood."""

    neph: str
    lu: str


class NumeroIllisible(ValueError):
    """What is wrong, in French; ``champ`` names the field of the form, or none of them."""

    def __init__(self, message: str, champ: str | None = None) -> None:
        super().__init__(message)
        self.champ = champ


def normaliser(texte: str) -> str:
    """Keep A–Z and 0–9, in upper case; refuse a letter or a digit that is neither, rather than guess."""
    garde = []
    for caractere in _sans_prefixe(texte).translate(_PLEINE_CHASSE).upper():
        if caractere.isascii() and caractere.isalnum():
            garde.append(caractere)
        elif unicodedata.category(caractere)[0] in "LN" or not (caractere.isspace() or _est_un_signe(caractere)):
            raise NumeroIllisible("Un numéro de dossier ne porte que des lettres de A à Z et des chiffres de 0 à 9.")
    return "".join(garde)


def _sans_prefixe(texte: str) -> str:
    return _PREFIXE.sub("", texte.strip(), count=1) if _PREFIXE.match(texte.strip()) else texte.strip()


def _est_un_signe(caractere: str) -> bool:
    """Punctuation, symbols and what prints nothing, which copying brings along; not the characters of control."""
    return unicodedata.category(caractere)[0] in "PSZ" or unicodedata.category(caractere) == "Cf"


def lire_neph(texte: str) -> Lecture:
    """The number as a letter, a certificate or a statement gives it."""
    neph = _normaliser_champ(texte, "numero")
    if not neph:
        raise NumeroIllisible("Saisissez votre numéro de dossier (NEPH).", "numero")
    if not MINIMUM <= len(neph) <= MAXIMUM:
        raise NumeroIllisible(
            f"Un numéro de dossier compte de {MINIMUM} à {MAXIMUM} lettres et chiffres ; {_nous_lisons(neph)}", "numero"
        )
    return Lecture(neph, f"Nous avons lu {neph}")


def lire_carte(premiere: str, seconde: str, *, espace: bool) -> Lecture:
    """The two lines on the back of a card. A second line with a space is two numbers of two digits."""
    debut, fin = _premiere_ligne(premiere), _normaliser_champ(seconde, "ligne_2")
    if not fin:
        raise NumeroIllisible("Saisissez la seconde ligne de votre numéro de dossier.", "ligne_2")
    if espace:
        _seconde_ligne(fin)
    elif len(debut + fin) > MAXIMUM or len(debut + fin) < MINIMUM:
        raise NumeroIllisible(
            f"Les deux lignes réunies comptent de {MINIMUM} à {MAXIMUM} lettres et chiffres ;"
            f" {_nous_lisons(debut + fin)}"
        )
    return Lecture(debut + fin, f"Nous avons lu {debut + fin}")


def lire_deux_lignes(premiere: str, seconde: str) -> Lecture:
    """The two lines beside the photograph of a three-part licence."""
    debut, fin = _premiere_ligne(premiere), _normaliser_champ(seconde, "ligne_2")
    if not fin:
        raise NumeroIllisible("Saisissez la seconde ligne de votre numéro de dossier.", "ligne_2")
    _seconde_ligne(fin)
    return Lecture(debut + fin, f"Nous avons lu {debut + fin}")


def lire_une_ligne(texte: str) -> Lecture:
    """The twelve digits of a three-part licence issued from 1975 on."""
    neph = _normaliser_champ(texte, "numero")
    if not neph:
        raise NumeroIllisible("Saisissez votre numéro de dossier.", "numero")
    if not neph.isdigit():
        raise NumeroIllisible(
            f"Sur une ligne, un numéro délivré depuis 1975 n'a que des chiffres ; nous lisons {neph[:MAXIMUM]}. S'il"
            " porte des lettres, modifiez votre réponse sur la date ou sur le nombre de lignes.",
            "numero",
        )
    if len(neph) != UNE_LIGNE:
        raise NumeroIllisible(f"Ce numéro compte {UNE_LIGNE} chiffres ; {_nous_lisons(neph, 'chiffre')}", "numero")
    return Lecture(neph, f"Nous avons lu {neph}")


def lire_avant_1975(numero: str, annee: str, departement: str) -> Lecture:
    """Number, year and department of a licence issued before 1975, in that order in the key."""
    cle = _normaliser_champ(numero, "numero")
    if not cle:
        raise NumeroIllisible("Saisissez le numéro écrit sur votre permis.", "numero")
    if len(_sans_prefixe(numero)) > AVANT_1975_MAX:
        raise NumeroIllisible(f"Ce numéro compte de 1 à {AVANT_1975_MAX} caractères, signes compris.", "numero")
    an, dep = _annee(annee), _departement(departement)
    neph = cle + an + dep
    if len(neph) > MAXIMUM:
        raise NumeroIllisible(
            f"Avec l'année et le département, ce numéro compterait {len(neph)} lettres et chiffres ; un numéro de"
            f" dossier en compte {MAXIMUM} au plus. Vérifiez que vous ne les avez pas aussi écrits dans le numéro.",
            "numero",
        )
    ou = f" ({NOMS[dep]})" if dep in NOMS else ""
    return Lecture(neph, f"Nous avons lu le numéro {cle}, l'année 19{an} et le département {dep}{ou}, soit {neph}")


def _normaliser_champ(texte: str, champ: str) -> str:
    try:
        return normaliser(texte)
    except NumeroIllisible as erreur:
        raise NumeroIllisible(str(erreur), champ) from None


def _nous_lisons(lu: str, unite: str = "caractère") -> str:
    return f"nous en lisons {len(lu)}." if len(lu) != 1 else f"nous ne lisons qu'un {unite}."


def _premiere_ligne(texte: str) -> str:
    lu = _normaliser_champ(texte, "ligne_1")
    if not lu:
        raise NumeroIllisible("Saisissez la première ligne de votre numéro de dossier.", "ligne_1")
    if len(lu) > PREMIERE_LIGNE_MAX:
        raise NumeroIllisible(
            f"La première ligne compte de 1 à {PREMIERE_LIGNE_MAX} lettres et chiffres ; {_nous_lisons(lu)}", "ligne_1"
        )
    return lu


def _seconde_ligne(lu: str) -> None:
    if not (lu.isdigit() and len(lu) == SECONDE_LIGNE):
        raise NumeroIllisible(
            f"La seconde ligne compte {SECONDE_LIGNE} chiffres ; nous lisons {lu[:MAXIMUM]}.", "ligne_2"
        )


def _annee(texte: str) -> str:
    lu = _normaliser_champ(texte, "annee")
    an = lu[2:] if len(lu) == 4 and lu.startswith("19") else lu
    if not (an.isdigit() and len(an) == 2):
        raise NumeroIllisible("Saisissez les deux derniers chiffres de l'année, par exemple 62 pour 1962.", "annee")
    if an >= "75":
        raise NumeroIllisible(
            f"Un permis délivré avant 1975 ne peut pas être de 19{an}. S'il est de cette année, modifiez votre réponse"
            " sur la date de délivrance.",
            "annee",
        )
    return an


def _departement(texte: str) -> str:
    lu = _normaliser_champ(texte, "departement")
    dep = DEPARTEMENTS.get(lu, lu.zfill(2) if lu.isdigit() else lu)
    if not (dep.isdigit() and len(dep) == 2) or dep == "00":
        raise NumeroIllisible(
            "Saisissez les deux chiffres du département qui a délivré votre permis, par exemple 20 pour la Corse.",
            "departement",
        )
    return dep
