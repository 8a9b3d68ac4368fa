"""What follows the loss of all points: the licence handed in, and when a new one may be had (L223-5, R223-3)."""

from datetime import date

from dossier.rules.articles import L223_5_I, L223_5_II, R223_3_III, regle
from dossier.rules.calendrier import jour_ouvrable_suivant, plus_ans, plus_mois, terme_des_jours_francs
from dossier.rules.parametres import (
    JOURS_FRANCS_REMISE,
    NOUVEAU_PERMIS_MOIS,
    NOUVEAU_PERMIS_RECIDIVE_MOIS,
    RECIDIVE_ANS,
)


@regle(R223_3_III, L223_5_I)
def dernier_jour_de_remise(date_notification: date) -> date:
    """Last day to hand the licence in after a 48SI: ten clear days, moved to a working day.

    > […] dans un délai de dix jours francs à compter de sa réception.

    Neither the day of receipt nor the last one counts: received on J, J + 11.
    """
    return jour_ouvrable_suivant(terme_des_jours_francs(date_notification, JOURS_FRANCS_REMISE.au(date_notification)))


@regle(L223_5_II)
def premier_jour_nouveau_permis(remise: date, notification: date, precedente: date | None) -> date:
    """First day on which a new licence may be issued, once the old one was handed in on ``remise``.

    > Il ne peut obtenir la délivrance d'un nouveau permis de conduire avant l'expiration d'un délai de six mois à
    > compter de la date de remise de son permis au préfet […]. Ce délai est porté à un an lorsqu'un nouveau retrait de
    > la totalité des points intervient dans un délai de cinq ans suivant le précédent.

    ``notification``: of the 48SI that ended this licence; ``precedente``: of the one before, if any.
    """
    return plus_mois(remise, mois_avant_un_nouveau_permis(notification, precedente, remise))


@regle(L223_5_II)
def mois_avant_un_nouveau_permis(notification: date, precedente: date | None, remise: date) -> int:
    """Six months, or a year where another 48SI was notified less than five years before."""
    recidive = precedente is not None and notification < plus_ans(precedente, RECIDIVE_ANS.au(notification))
    return (NOUVEAU_PERMIS_RECIDIVE_MOIS if recidive else NOUVEAU_PERMIS_MOIS).au(remise)
