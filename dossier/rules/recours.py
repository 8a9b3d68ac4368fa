"""Until when a decision about points or about the licence may be contested before the administrative court."""

from datetime import date

from dossier.rules.calendrier import UN_JOUR, jour_ouvrable_suivant, plus_mois
from dossier.rules.parametres import RECOURS_MOIS


def dernier_jour_de_recours(notification: date) -> date:
    """Last day to contest: two clear months, moved to a working day (Code de justice administrative R421-1).

    Neither the day of the notification nor the one on which the months end counts (CE no. 362568): notified on 12
    November, it may be contested on 13 January, and later where that is a Saturday, a Sunday or a public holiday.
    """
    return jour_ouvrable_suivant(plus_mois(notification, RECOURS_MOIS.au(notification)) + UN_JOUR)
