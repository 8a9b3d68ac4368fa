"""Is this the person of this record? Each criterion alone, then the rule of each door.

A record's spelling is that of a national file, which may be old: names are compared by their letters only, and birth
dates by their parts, some of them unknown. Nothing here reads a database, and nothing is fuzzy.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import accumulate
from typing import NamedTuple

_LETTRES = str.maketrans(
    {
        **{"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS"},
        **{"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH"},
        **{"ı": "i", "ħ": "h", "Ħ": "H"},
    }
)


class Accord(Enum):
    """What the comparison of one criterion gives."""

    EGAL = "égal"
    COMPATIBLE = "compatible"
    INCONNU = "inconnu"
    CONTRAIRE = "contraire"


class EtatCivil(NamedTuple):
    """Who somebody says to be, or who a record is about. ``date_naissance``: ``AAAA-MM-JJ``, 00 where unknown."""

    nom_naissance: str
    prenoms: Sequence[str]
    date_naissance: str


def compacter(nom: str) -> str:
    """The letters and digits of a name: no mark, no case, no space, apostrophe or hyphen. Particles stay."""
    decompose = unicodedata.normalize("NFKD", nom.translate(_LETTRES))
    return "".join(c for c in decompose.upper() if c.isalnum())


def comparer_noms(saisi: str, connu: str) -> Accord:
    """Two birth names."""
    gauche, droite = compacter(saisi), compacter(connu)
    return Accord.EGAL if gauche and gauche == droite else Accord.CONTRAIRE


def comparer_prenoms(saisis: Sequence[str], connus: Sequence[str]) -> Accord:
    """The first given name decides: records often hold it alone. « Jean Pierre » is one name or two, as one likes."""
    gauche, droite = _debuts(saisis), _debuts(connus)
    if gauche[-1:] == droite[-1:]:
        return Accord.EGAL  # both without any, too: some états civils have none
    return Accord.COMPATIBLE if set(gauche) & set(droite) else Accord.CONTRAIRE


def comparer_dates(saisie: str, connue: str) -> Accord:
    """Two birth dates, part by part: one may say « unknown » only where the record does."""
    parties = list(zip(saisie.split("-"), connue.split("-"), strict=True))
    if all(dite == sue for dite, sue in parties):
        return Accord.EGAL
    if all(dite == sue or sue == "00" for dite, sue in parties):
        return Accord.COMPATIBLE
    return Accord.CONTRAIRE


def est_le_titulaire(saisi: EtatCivil, connu: EtatCivil) -> bool:
    """The rule of the number's door, where the number found the record: all three agree, no criterion is left out."""
    return (
        comparer_noms(saisi.nom_naissance, connu.nom_naissance) is Accord.EGAL
        and comparer_prenoms(saisi.prenoms, connu.prenoms) in {Accord.EGAL, Accord.COMPATIBLE}
        and comparer_dates(saisi.date_naissance, connu.date_naissance) in {Accord.EGAL, Accord.COMPATIBLE}
    )


def decouper_prenoms(texte: str) -> list[str]:
    """Given names typed in one field, separated by spaces or commas."""
    return [mot for mot in re.split(r"[\s,;]+", texte) if mot]


def _debuts(prenoms: Iterable[str]) -> list[str]:
    """The first given name alone, then with the next one, and so on, written as one word."""
    return list(accumulate(compact for prenom in prenoms if (compact := compacter(prenom))))
