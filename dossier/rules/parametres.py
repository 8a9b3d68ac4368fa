"""Every figure of the law, with the day from which it applies and its source.

A figure is asked for a day; asking for a day before the first value fails loudly. Reforms add a line, they never
replace one.
"""

from datetime import date
from typing import Generic, NamedTuple, TypeVar

V = TypeVar("V")

ORIGINE = date.min


class Parametre(NamedTuple, Generic[V]):
    """A dated figure: ``valeurs`` are (first day, value), oldest first."""

    source: str
    valeurs: tuple[tuple[date, V], ...]

    def au(self, jour: date) -> V:
        """The value in force on ``jour``. Raises ``LookupError`` before the first one."""
        for depuis, valeur in reversed(self.valeurs):
            if depuis <= jour:
                return valeur
        raise LookupError(f"{self.source}: aucune valeur au {jour}")


POINTS_MAX = 12  # R223-1 I; the whole scale is built on it since 1 December 1992

CAPITAL_INITIAL: Parametre[int] = Parametre(
    "L223-1 al. 2, loi 2003-495 art. 11", ((ORIGINE, POINTS_MAX), (date(2004, 3, 1), 6))
)
#: By day of the licence: is there a délai probatoire, and does each clean year add points?
DELAI_PROBATOIRE_EXISTE: Parametre[bool] = Parametre(
    "L223-1 al. 2, loi 2003-495 art. 11", ((ORIGINE, False), (date(2004, 3, 1), True))
)
MAJORATION_ANNUELLE_EXISTE: Parametre[bool] = Parametre(
    "R223-1 II, loi 2007-297 art. 23", ((ORIGINE, False), (date(2007, 12, 31), True))
)
FORMATION_COMPLEMENTAIRE_EXISTE = MAJORATION_ANNUELLE_EXISTE
DELAI_PROBATOIRE_MOIS = 36
DELAI_PROBATOIRE_AAC_MOIS = 24
DELAI_FORMATION_MOIS = 24
DELAI_FORMATION_AAC_MOIS = 18
FORMATION_DEBUT_MOIS, FORMATION_FIN_MOIS = 6, 12  # R223-4-1: between the 6th and the 12th month
MAJORATION_POINTS = 2
MAJORATION_AAC_POINTS = 3

SIMULTANEES_MAX = 8  # L223-2 III, R223-2

#: Months before a single point comes back, by date définitive; 0: the rule did not exist.
UN_POINT_MOIS: Parametre[int] = Parametre(
    "L223-6 al. 3, lois 2007-297 et 2011-267", ((ORIGINE, 0), (date(2007, 1, 1), 12), (date(2011, 1, 1), 6))
)
#: Years before the whole comes back, by last date définitive: (without, with) a délit or a class 4 or 5.
RECONSTITUTION_ANS: Parametre[tuple[int, int]] = Parametre(
    "L223-6 al. 1 et 2, loi 2011-267, CE 392555", ((ORIGINE, (3, 3)), (date(2011, 1, 1), (2, 3)))
)
DIX_ANS = 10  # L223-6 al. 5
DIX_ANS_CLASSES = frozenset({1, 2, 3, 4})
CLASSES_TROIS_ANS = frozenset({4, 5})

STAGE_POINTS = 4  # R223-8 II
STAGE_INTERVALLE_ANS = 1  # L223-6 al. 4
STAGE_OBLIGATOIRE_MOIS = 4  # R223-4: from the notification of the 48N
STAGE_OBLIGATOIRE_POINTS = 3  # L223-6 al. 4: a quarter of the maximum
STAGE_JOURS, STAGE_HEURES = 2, 14  # R223-5 and its arrêté: two days in a row, seven hours each
ATTESTATION_JOURS = 15  # R223-8 I: for the centre to send the attestation to the préfet
ENREGISTREMENT_MOIS = 1  # R223-8 III: for the préfet to record it
STAGE_PLACES = (6, 20)  # people in a session

SEUIL_48M = 6  # practice: at half of the maximum or less, the letter invites to a course
JOURS_FRANCS_REMISE = 10  # R223-3 III
NOUVEAU_PERMIS_MOIS, NOUVEAU_PERMIS_RECIDIVE_MOIS = 6, 12  # L223-5 II
RECIDIVE_ANS = 5  # L223-5 II
RECOURS_MOIS = 2  # R421-1 of the Code de justice administrative
ADCS_MOIS = 4  # R225-6 III 3°
