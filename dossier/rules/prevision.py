"""What is to come: the next day on which something may change, and the condition that goes with a forecast."""

from collections.abc import Iterator
from datetime import date

from dossier.rules.calendrier import UN_JOUR
from dossier.rules.faits import Mouvement, Parcours, Replay
from dossier.rules.parametres import POINTS_MAX

CONDITIONNELS = frozenset(
    {"reattribution_un_point", "reconstitution_totale", "majoration_probatoire", "fin_delai_probatoire"}
)


def est_conditionnel(mouvement: Mouvement) -> bool:
    """Would a new offence, committed before this day, prevent it? (L223-6 al. 1 to 3, R223-1 II.)

    Ten years and courses come whatever is committed in between; the end of the délai too, but without its points.
    """
    return mouvement.nature in CONDITIONNELS and not (
        mouvement.nature == "fin_delai_probatoire" and mouvement.points == 0
    )


def retour_a_douze(replay: Replay) -> Mouvement | None:
    """The movement that brings the solde back to 12 if nothing else happens; None at 12 already, or never."""
    if replay.solde is None or replay.solde >= POINTS_MAX:
        return None
    return next((m for m in replay.prevision if m.solde >= POINTS_MAX), None)


def prochaine_echeance(parcours: Parcours, replay: Replay) -> date | None:
    """The next day on which points, plafond or état may change, from the facts held; None: never by itself.

    Days written in facts count too: those of facts still to come, and the day after a suspension's last one.
    """
    suivants = [jour for jour in _jours(parcours) if jour > replay.au]
    suivants += [m.date for m in replay.prevision[:1]]
    if replay.fin_delai_probatoire is not None:
        suivants.append(replay.fin_delai_probatoire)
    return min(suivants, default=None)


def _jours(parcours: Parcours) -> Iterator[date]:
    """Every day on which a fact begins to exist, is learnt, or ceases to have effect."""
    for faits in parcours:
        for fait in faits:
            if fait.enregistre_le is not None:
                yield fait.enregistre_le
    for permis in parcours.permis:
        yield permis.date_obtention
    for formation in parcours.formations:
        yield formation.date_fin
    for infraction in parcours.infractions:
        if infraction.date_definitive is not None:
            yield infraction.date_definitive
    for annulee in parcours.annulees:
        yield annulee.date_decision
    for stage in parcours.stages:
        yield stage.date_fin
        yield stage.date_fin + UN_JOUR
    for suspension in parcours.suspensions:
        yield suspension.date_debut
        if suspension.date_fin is not None:
            yield suspension.date_fin + UN_JOUR
    for fin in parcours.fins:
        yield fin.jour
