"""What the words of ``vocabulaire`` are called, one module a reader: the driver, the desk, the document.

Each table has a word for each value, or its module does not import.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

E = TypeVar("E", bound=StrEnum)
M = TypeVar("M")


def complet(vocabulaire: Iterable[E], mots: Mapping[E, M]) -> Mapping[str, M]:
    """``mots``, once sure that it has one for each of ``vocabulaire``. Raises ``LookupError``.

    Keys are read as plain texts: facts come from JSON.
    """
    manquants = [valeur for valeur in vocabulaire if valeur not in mots]
    if manquants:
        raise LookupError(f"aucun mot pour {', '.join(manquants)}")
    return mots  # type: ignore[return-value]  # a key of the enumeration is a text
