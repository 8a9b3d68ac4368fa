"""Reading a name: one way for the matching of accounts, the attestations of courses, and PostgreSQL's ``nom_compact``.

A national file spells as it was typed long ago: names are compared by their letters only. Nothing is fuzzy.
"""

import unicodedata

#: The letters that Unicode does not decompose.
_LETTRES = str.maketrans(
    {
        **{"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS"},
        **{"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH"},
        **{"ı": "i", "ħ": "h", "Ħ": "H"},
    }
)


def compacter(nom: str) -> str:
    """The letters and digits of a name: no mark, no case, no space, apostrophe or hyphen. Particles stay."""
    decompose = unicodedata.normalize("NFKD", nom.translate(_LETTRES))
    return "".join(c for c in decompose.upper() if c.isalnum())
