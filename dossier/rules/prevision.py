"""What is to come: the next day on which something may change, and the condition that goes with a forecast."""

from datetime import date

from dossier.rules.articles import R223_8_II, R223_8_III, regle
from dossier.rules.calendrier import UN_JOUR
from dossier.rules.faits import Parcours, Stage
from dossier.rules.mouvements import Mouvement, Replay
from dossier.rules.parametres import POINTS_MAX
from dossier.rules.solde import rejouer
from dossier.rules.stage import jour_du_credit
from dossier.rules.vocabulaire import Nature, NatureStage

CONDITIONNELS = frozenset(
    {Nature.UN_POINT, Nature.RECONSTITUTION, Nature.MAJORATION_PROBATOIRE, Nature.FIN_DELAI_PROBATOIRE}
)


def est_conditionnel(mouvement: Mouvement) -> bool:
    """Would a new offence, committed before this day, prevent it? (L223-6 al. 1 to 3, R223-1 II.)

    Ten years and courses come whatever is committed in between; the end of the délai too, but without its points.
    """
    return mouvement.nature in CONDITIONNELS and not (
        mouvement.nature == Nature.FIN_DELAI_PROBATOIRE and mouvement.points == 0
    )


def retour_a_douze(replay: Replay) -> Mouvement | None:
    """The movement that brings the solde back to 12 if nothing else happens; None at 12 already, or never."""
    if replay.solde is None or replay.solde >= POINTS_MAX.au(replay.au):
        return None
    return next((m for m in replay.prevision if m.solde >= POINTS_MAX.au(m.date)), None)


@regle(R223_8_II, R223_8_III)
def essai_de_stage(parcours: Parcours, au: date, premier_jour: date) -> Mouvement | None:
    """What a course begun on ``premier_jour`` would give, if nothing else happens; None when it would be refused.

    Played, not added: what comes back by itself before that day leaves the course less to give.
    """
    essai = Stage(
        "", premier_jour + UN_JOUR, NatureStage.VOLONTAIRE, date_debut=premier_jour
    )  # no fact has an empty id
    joue = rejouer(parcours._replace(stages=(*parcours.stages, essai)), jour_du_credit(essai), connu_le=au)
    return next((m for m in joue.mouvements if m.nature == Nature.STAGE and m.fait == essai.id), None)


def prochaine_echeance(parcours: Parcours, replay: Replay) -> date | None:
    """The next day on which points, plafond or état may change, from the facts held; None: never by itself.

    Days written in facts count too: those of facts still to come, and the day after a suspension's last one.
    """
    suivants = [jour for jour in _jours(parcours) if jour is not None and jour > replay.au]
    suivants += [m.date for m in replay.prevision[:1]]
    if replay.fin_delai_probatoire is not None:
        suivants.append(replay.fin_delai_probatoire)
    return min(suivants, default=None)


def _jours(parcours: Parcours) -> list[date | None]:
    """Every day on which a fact begins to exist, is learnt, or ceases to have effect; None where it has none."""
    jours: list[date | None] = [fait.enregistre_le for faits in parcours for fait in faits]
    jours += [p.date_obtention for p in parcours.permis]
    jours += [f.date_fin for f in parcours.formations]
    jours += [i.date_definitive for i in parcours.infractions]
    jours += [a.date_decision for a in parcours.annulees]
    jours += [jour for s in parcours.stages for jour in (s.date_fin, s.date_fin + UN_JOUR)]
    jours += [s.date_debut for s in parcours.suspensions]
    jours += [s.date_fin + UN_JOUR for s in parcours.suspensions if s.date_fin is not None]
    jours += [f.jour for f in parcours.fins]
    return jours
