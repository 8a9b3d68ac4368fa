"""Courses: what one gives, who may follow one, and until when a compulsory one must be (L223-6 al. 4, R223-4, R223-8).

One module for the replay, the badge and the stages app.
"""

from collections.abc import Sequence
from datetime import date

from dossier.rules.articles import L223_6_AL4, R223_4, R223_8_II, R223_8_III, regle
from dossier.rules.calendrier import UN_JOUR, en_francais, plus_ans, plus_mois
from dossier.rules.faits import Eligibilite, Replay, Stage
from dossier.rules.parametres import (
    STAGE_INTERVALLE_ANS,
    STAGE_OBLIGATOIRE_MOIS,
    STAGE_OBLIGATOIRE_POINTS,
    STAGE_POINTS,
)

NATURES_QUI_CREDITENT = frozenset({"volontaire", "obligatoire"})


@regle(R223_8_III)
def jour_du_credit(stage: Stage) -> date:
    """The day after the course's last day.

    > La reconstitution prend effet le lendemain de la dernière journée de stage.
    """
    return stage.date_fin + UN_JOUR


@regle(R223_8_II)
def gain_du_stage(solde: int, plafond: int) -> int:
    """Four points, within the licence's *current* plafond.

    > […] la reconstitution de quatre points dans la limite du plafond affecté au permis de conduire de son titulaire.
    """
    return max(0, min(STAGE_POINTS, plafond - solde))


@regle(L223_6_AL4)
def refus_du_credit(stage: Stage, obtention: date | None, precedent: date | None) -> str | None:
    """Why this course gives nothing, in French; None when it gives points.

    > Le titulaire du permis de conduire qui a commis une infraction ayant donné lieu à retrait de points peut obtenir
    > une récupération de points s'il suit un stage de sensibilisation à la sécurité routière […] dans la limite d'une
    > fois par an.

    ``obtention``: of the licence held on the day of the credit; ``precedent``: day of the last credit, 0 included.
    """
    fin = en_francais(stage.date_fin)
    if obtention is None:
        return f"Le stage terminé le {fin} ne rend aucun point : aucun permis n'était détenu le lendemain."
    if stage.date_fin < obtention:
        return f"Le stage terminé le {fin} ne rend aucun point : il précède l'obtention du permis actuel."
    if precedent is not None and jour_du_credit(stage) < plus_ans(precedent, STAGE_INTERVALLE_ANS):
        return (
            f"Le stage terminé le {fin} ne rend aucun point : un autre stage en a rendu le {en_francais(precedent)}, "
            "moins d'un an avant."
        )
    return None


def premier_jour_apres(dernier_jour: date) -> date:
    """First day of the next course that can give points, from the last day of the previous one that did."""
    return plus_ans(dernier_jour, STAGE_INTERVALLE_ANS) + UN_JOUR


@regle(L223_6_AL4, R223_8_II)
def eligibilite(replay: Replay) -> Eligibilite:
    """May a course followed from now on give points? An offence in effect, below the plafond, licence held."""
    solde, plafond = replay.solde, replay.plafond
    if replay.etat == "sans_permis" or solde is None or plafond is None:
        return Eligibilite(False, None, "Vous ne pouvez pas récupérer de points : aucun permis n'est enregistré.")
    if replay.etat == "invalide":
        return Eligibilite(False, None, "Un stage ne rend plus de points : la lettre 48SI vous a été notifiée.")
    if replay.etat == "annule":
        return Eligibilite(False, None, "Un stage ne rend pas de points : le permis a été annulé par un juge.")
    if solde >= plafond:
        return Eligibilite(False, None, f"Un stage ne vous rendrait rien : votre solde est au plafond de {plafond}.")
    if not replay.a_un_retrait:
        return Eligibilite(False, None, "Un stage suppose un retrait de points déjà effectif : vous n'en avez pas.")
    premier, rappel = replay.au + UN_JOUR, ""
    if replay.dernier_stage is not None:
        suivant = premier_jour_apres(replay.dernier_stage)
        if suivant > premier:
            fin = en_francais(replay.dernier_stage)
            premier, rappel = suivant, f" Votre dernier stage a pris fin le {fin} : un seul compte par an."
    gain = gain_du_stage(solde, plafond)
    rendu = f"{gain} point" + ("s" if gain > 1 else "")
    explication = (
        f"Un stage volontaire peut vous rendre {rendu} ({STAGE_POINTS} au plus, dans la limite de {plafond}), "
        f"s'il commence à partir du {en_francais(premier)}.{rappel}"
    )
    return Eligibilite(True, premier, explication)


@regle(R223_4)
def limite_stage_obligatoire(date_notification: date) -> date:
    """Last day to follow the course that a 48N orders: four months from its notification."""
    return plus_mois(date_notification, STAGE_OBLIGATOIRE_MOIS)


@regle(R223_4)
def stage_obligatoire_suivi(date_notification: date, stages: Sequence[Stage]) -> Stage | None:
    """The first compulsory course ended since the letter that ordered it; late or not, it is done."""
    suivis = [s for s in stages if s.nature == "obligatoire" and s.date_fin >= date_notification]
    return min(suivis, key=lambda s: s.date_fin, default=None)


@regle(L223_6_AL4, R223_4)
def stage_obligatoire_du(date_commission: date, points: int, debut: date, fin: date) -> bool:
    """Does this offence order a course: committed during the délai probatoire, three points or more?"""
    return debut <= date_commission < fin and points >= STAGE_OBLIGATOIRE_POINTS
