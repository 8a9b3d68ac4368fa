"""Suspensions and restrictions that run on a day, and those that are kept up until a doctor has spoken (R221-14-1)."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dossier.rules.articles import R221_13, R221_14_1, regle
from dossier.rules.calendrier import plus_mois
from dossier.rules.faits import Suspension, Visite
from dossier.rules.interpretations import se_maintient
from dossier.rules.parametres import MAINTIEN_MOIS
from dossier.rules.vocabulaire import Avis, ControleMedical, Mesure, MotifSuspension

APTES = frozenset({Avis.APTE, Avis.APTE_AVEC_RESTRICTIONS})


class SuspensionEnCours(NamedTuple):
    """A suspension that holds on a day; ``maintenue``: its last day has passed, and only a medical decision ends it."""

    suspension: Suspension
    maintenue: bool


def suspensions_en_cours(
    suspensions: Sequence[Suspension], visites: Sequence[Visite], au: date
) -> tuple[SuspensionEnCours, ...]:
    """Those that run or are kept up on ``au``, by first day then id; a restriction to vehicles with an EAD is none."""
    tenues = []
    for suspension in sorted(suspensions, key=lambda s: (s.date_debut, s.id)):
        if suspension.nature != Mesure.RESTRICTION:
            if _court(suspension, au):
                tenues.append(SuspensionEnCours(suspension, False))
            elif est_maintenue(suspension, visites, au):
                tenues.append(SuspensionEnCours(suspension, True))
    return tuple(tenues)


def restrictions_en_cours(suspensions: Sequence[Suspension], au: date) -> tuple[Suspension, ...]:
    """The restrictions to vehicles with an EAD that run on ``au``."""
    return tuple([s for s in suspensions if s.nature == Mesure.RESTRICTION and _court(s, au)])


def _court(mesure: Suspension, au: date) -> bool:
    """First day ≤ day ≤ last day, or open."""
    return mesure.date_debut <= au and (mesure.date_fin is None or au <= mesure.date_fin)


@regle(R221_14_1, R221_13)
def est_maintenue(suspension: Suspension, visites: Sequence[Visite], au: date) -> bool:
    """Does a suspension whose last day has passed still hold on ``au``?

    > La mesure portant suspension du droit de conduire est maintenue lorsque le titulaire du permis de conduire néglige
    > ou refuse de se soumettre, avant la fin de la durée de cette suspension, au contrôle médical […]. La suspension du
    > permis de conduire prend fin lorsqu'une décision d'aptitude est rendue par le préfet […].

    The control is due where the file says so; where it says nothing, after a measure of more than a month that an
    offence brought (R221-13 3°).
    """
    fin = suspension.date_fin
    if fin is None or au <= fin or suspension.levee or fin < suspension.date_debut or not se_maintient(fin):
        return False
    if suspension.controle_medical is None:
        longue = fin >= plus_mois(suspension.date_debut, MAINTIEN_MOIS.au(fin))
        du = suspension.motif == MotifSuspension.INFRACTION and longue
    else:
        du = suspension.controle_medical == ControleMedical.REQUIS
    return du and not est_reconnu_apte(suspension.date_debut, visites, au)


@regle(R221_14_1)
def est_reconnu_apte(depuis: date, visites: Sequence[Visite], au: date) -> bool:
    """Was the driver found apt on a visit since ``depuis``, by a decision come by ``au``, and never inapt after it?

    The préfet's decision counts from its own day; an inapt visit, from the visit.
    """
    inaptes = [v.date_visite for v in visites if v.avis == Avis.INAPTE and v.date_visite <= au]
    dernier = max(inaptes, default=date.min)
    return any(
        v.avis in APTES and v.date_visite >= depuis and dernier <= (v.date_decision or v.date_visite) <= au
        for v in visites
    )
