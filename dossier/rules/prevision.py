"""What is to come: the next day on which something may change, and the condition that goes with a forecast."""

from datetime import date

from dossier.rules.articles import R223_8_II, R223_8_III, regle
from dossier.rules.calendrier import UN_JOUR
from dossier.rules.capital import fin_de_l_interdiction
from dossier.rules.faits import JOUR_PROPRE, Parcours, Stage
from dossier.rules.mouvements import Mouvement
from dossier.rules.parametres import POINTS_MAX
from dossier.rules.rejeu import Replay
from dossier.rules.solde import rejouer
from dossier.rules.stage import jour_du_credit
from dossier.rules.vocabulaire import Nature, NatureStage, TypeFait

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
    jours: list[date | None] = []
    for champ, jour_propre in JOUR_PROPRE.items():
        for fait in getattr(parcours, champ):
            jours += (fait.enregistre_le, jour_propre(fait))
    jours += [lettre.enregistre_le for lettre in parcours.lettres]
    jours += [s.date_fin + UN_JOUR for s in parcours.stages]
    jours += [s.date_fin + UN_JOUR for s in parcours.suspensions if s.date_fin is not None]
    jours += [v.date_decision for v in parcours.visites]
    jours += [e.date_fin for e in parcours.etrangers]
    interdictions = [f for f in parcours.fins if f.nature == TypeFait.INTERDICTION_CIRCULER]
    jours += [fin_de_l_interdiction(f.jour) for f in interdictions]
    return jours
