"""Every figure of the law, with the day from which it applies and its source.

A figure is asked for a day; asking for a day before the first value fails loudly. Reforms add a line, they never
replace one.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

V = TypeVar("V")

ORIGINE = date.min


@dataclass(frozen=True, slots=True)
class Parametre(Generic[V]):
    """A dated figure: ``valeurs`` are (first day, value), oldest first.

    ``derniere`` is the newest value, for what has no day (the bounds of a column, a sentence that is the same for all);
    ``depuis`` its first day.
    """

    source: str
    valeurs: tuple[tuple[date, V], ...]
    depuis: date = field(init=False)
    derniere: V = field(init=False)

    def __post_init__(self) -> None:
        depuis, derniere = self.valeurs[-1]
        object.__setattr__(self, "depuis", depuis)
        object.__setattr__(self, "derniere", derniere)

    def au(self, jour: date) -> V:
        """The value in force on ``jour``. Raises ``LookupError`` before the first one."""
        if jour >= self.depuis:  # nearly always: the engine asks this ten times a dossier
            return self.derniere
        for depuis, valeur in reversed(self.valeurs):
            if depuis <= jour:
                return valeur
        raise LookupError(f"{self.source}: aucune valeur au {jour}")


def fixe(source: str, valeur: V) -> Parametre[V]:
    """A figure that no text has changed since it exists. A reform makes it a ``Parametre`` of two values."""
    return Parametre(source, ((ORIGINE, valeur),))


#: By day of the movement. The whole scale is built on it since 1 December 1992.
POINTS_MAX = fixe("R223-1 I", 12)

# The délai probatoire: by day of the licence.
CAPITAL_INITIAL = Parametre("L223-1 al. 2, loi 2003-495 art. 11", ((ORIGINE, 12), (date(2004, 3, 1), 6)))
#: Is there a délai probatoire, and does each clean year add points?
DELAI_PROBATOIRE_EXISTE = Parametre("L223-1 al. 2, loi 2003-495 art. 11", ((ORIGINE, False), (date(2004, 3, 1), True)))
MAJORATION_ANNUELLE_EXISTE = Parametre(
    "R223-1 II, loi 2007-297 art. 23", ((ORIGINE, False), (date(2007, 12, 31), True))
)
#: By last day of the course.
FORMATION_COMPLEMENTAIRE_EXISTE = Parametre("décret 2018-715 art. 2", ((ORIGINE, False), (date(2019, 1, 1), True)))
DELAI_PROBATOIRE_MOIS = fixe("L223-1 al. 2", 36)
DELAI_PROBATOIRE_AAC_MOIS = fixe("L223-1 al. 2", 24)
DELAI_FORMATION_MOIS = fixe("L223-1 al. 2, R223-1 II", 24)
DELAI_FORMATION_AAC_MOIS = fixe("L223-1 al. 2, R223-1 II", 18)
#: The first and the last month in which the formation complémentaire is followed. R223-4-1 II, which wrote them, is
#: abrogated: its V leaves them to the arrêté.
FORMATION_MOIS = fixe("R223-4-1 V, arrêté du 2 mai 2019 (R223-4-1 II, avant son abrogation)", (6, 12))
MAJORATION_POINTS = fixe("R223-1 II", 2)
MAJORATION_AAC_POINTS = fixe("R223-1 II", 3)
#: A first licence, then B by AAC: the délai ends no sooner than this.
DELAI_AAC_ENSUITE_MOIS = fixe("R223-1 V", 24)

#: By day of the offence.
SIMULTANEES_MAX = fixe("L223-2 III, R223-2", 8)

# What comes back by itself: by date définitive, the last one for the whole.
#: Months before a single point comes back; 0: the rule did not exist.
UN_POINT_MOIS = Parametre(
    "L223-6 al. 3, lois 2007-297 et 2011-267", ((ORIGINE, 0), (date(2007, 1, 1), 12), (date(2011, 1, 1), 6))
)
#: Years before the whole comes back: (without, with) a délit or one of the classes below.
RECONSTITUTION_ANS = Parametre(
    "L223-6 al. 1 et 2, loi 2011-267, CE 392555", ((ORIGINE, (3, 3)), (date(2011, 1, 1), (2, 3)))
)
CLASSES_TROIS_ANS = fixe("L223-6 al. 2", frozenset({4, 5}))
#: Years before the points of one contravention come back, and the classes of which they do.
DIX_ANS = fixe("L223-6 al. 5", (10, frozenset({1, 2, 3, 4})))

# Foreign licences.
INTERDICTION_ANS = fixe("L223-10 II", 1)  # by day of the notification

# Suspensions: by last day of the measure.
#: Is a suspension kept up until a medical decision? The file tells these decisions from that day.
MAINTIEN_EXISTE = Parametre("R221-14-1", ((ORIGINE, False), (date(2026, 1, 1), True)))
MAINTIEN_MOIS = fixe("R221-13 3°: d'une durée supérieure à un mois", 1)

#: From so many months, the licence is given back after a psychotechnical examination too.
PSYCHOTECHNIQUE_MOIS = fixe("R224-21: d'une durée égale ou supérieure à six mois", 6)

#: An opinion that does not say until when it is good is about a category that ends within so many months of it.
AVIS_RENOUVELLEMENT_MOIS = fixe("R221-11 I: la moitié de la plus courte période", 6)  # by last day of the category

#: Years of age before which no licence of a category is held; by day of the licence.
AGE_MINIMAL = {
    "AM": fixe("R221-5 I", 14),
    "A1": fixe("R221-5 II", 16),
    "B": Parametre("R221-5 III, décret 2023-1214", ((ORIGINE, 18), (date(2024, 1, 1), 17))),
}
AGE_MINIMAL_AUTRE = AGE_MINIMAL["AM"]  # of the categories that are not told: the lowest age of any

# Courses.
STAGE_POINTS = fixe("R223-8 II", 4)  # by day of the credit
STAGE_INTERVALLE_ANS = fixe("L223-6 al. 4", 1)  # by day of the credit before
STAGE_JOURS = fixe("R223-5", 2)  # by first day of the course, in a row
STAGE_HEURES = fixe("R223-5, arrêté du 26 juin 2012: sept heures par jour", 14)
STAGE_PLACES = fixe("R223-5, arrêté du 26 juin 2012", (6, 20))  # people in a session
STAGE_OBLIGATOIRE_POINTS = fixe("L223-6 al. 4: le quart du nombre maximal", 3)  # by day of the offence
STAGE_OBLIGATOIRE_MOIS = fixe("R223-4 I", 4)  # by notification of the 48N
#: What is risked by who does not follow it, by last day to do so: euros, and years of suspension at most.
STAGE_MANQUE_AMENDE = fixe("R223-4 II; forfait de la 4e classe, code de procédure pénale R49", 135)
STAGE_MANQUE_SUSPENSION_ANS = fixe("R223-4 III", 3)
#: Working days to ask for the fine of a 48N back, and to send a paper asked for then; by last day of the course.
REMBOURSEMENT_JOURS_OUVRABLES = fixe("R223-8 IV", 15)
REMBOURSEMENT_PIECES_JOURS_OUVRABLES = fixe("R223-8 IV", 30)
ATTESTATION_JOURS = fixe("R223-8 I", 15)  # for the centre to send the attestation to the préfet, by its last day
ENREGISTREMENT_MOIS = fixe("R223-8 III", 1)  # for the préfet to record it, by day of receipt

# Letters, and the end of a licence: by day of the movement or of the notification.
SEUIL_48M = fixe("pratique du fichier national: la moitié du maximum invite à un stage", 6)
JOURS_FRANCS_REMISE = fixe("R223-3 III, L223-5 I", 10)
#: For whom was out to collect a registered letter, by day of the presentation.
GARDE_POSTALE_JOURS = fixe("réglementation postale: arrêté du 7 février 2007, mise en instance", 15)
NOUVEAU_PERMIS_MOIS = fixe("L223-5 II", 6)  # by day of the handing in
NOUVEAU_PERMIS_RECIDIVE_MOIS = fixe("L223-5 II", 12)
#: Who is spared the practical test: years of licence, months without one; and months to ask for it once allowed.
DISPENSE_ANCIENNETE_ANS = fixe("R224-20", 3)
DISPENSE_INTERDICTION_MOIS = fixe("R224-20: une durée inférieure à un an", 12)
DISPENSE_DEMANDE_MOIS = fixe("R224-20", 9)
RECIDIVE_ANS = fixe("L223-5 II", 5)
RECOURS_MOIS = fixe("code de justice administrative R421-1", 2)
ADCS_MOIS = fixe("R225-6 III 3°", 4)  # by day of issue
