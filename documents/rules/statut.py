"""What became of an ADCS, as the signed status list says it."""

from enum import IntEnum


class Statut(IntEnum):
    """Two bits of the list, and what the database keeps. Only its holder retires an ADCS; its issuer annuls it."""

    BON = 0
    DROITS_CHANGES = 1
    RETIREE = 2
    ANNULEE = 3
