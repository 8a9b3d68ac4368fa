"""Courses: what one gives, who may follow one, which one is valid, and until when a compulsory one must be followed
(L223-6 al. 4, R223-4 to R223-8).

One module for the replay, the badge and the stages app.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from dossier.rules.articles import (
    L223_6_AL4,
    R213_2_II,
    R223_4,
    R223_5,
    R223_8_I,
    R223_8_II,
    R223_8_III,
    regle,
)
from dossier.rules.calendrier import UN_JOUR, plus_ans, plus_mois
from dossier.rules.faits import Eligibilite, FinDePermis, Parcours, Stage
from dossier.rules.francais import en_francais, en_toutes_lettres, pluriel
from dossier.rules.parametres import (
    ATTESTATION_JOURS,
    ENREGISTREMENT_MOIS,
    STAGE_HEURES,
    STAGE_INTERVALLE_ANS,
    STAGE_JOURS,
    STAGE_MANQUE_AMENDE,
    STAGE_MANQUE_SUSPENSION_ANS,
    STAGE_OBLIGATOIRE_MOIS,
    STAGE_OBLIGATOIRE_POINTS,
    STAGE_POINTS,
)
from dossier.rules.rejeu import Replay
from dossier.rules.vocabulaire import Etat, Nature, NatureStage, TypeFait

#: Why a course gives nothing, by état, where no capital is open.
SANS_POINTS: Mapping[str, str] = {
    Etat.SANS_PERMIS: "Vous ne pouvez pas récupérer de points : aucun permis n'est enregistré.",
    Etat.INVALIDE: "Un stage ne rend plus de points : la lettre 48SI vous a été notifiée.",
    Etat.ANNULE: "Un stage ne rend pas de points : le permis a été annulé par un juge.",
    Etat.ECHANGE: "Un stage ne rend pas de points : le permis français a été échangé à l'étranger.",
    Etat.INTERDIT: "Un stage ne rend pas de points : une interdiction de circuler en France vous a été notifiée.",
    Etat.DECEDE: "Un stage ne rend pas de points : le titulaire du permis est décédé.",
}
#: What had ended the capital before the day of the credit.
PERMIS_PERDU: Mapping[str, str] = {
    TypeFait.INVALIDATION: "Votre permis était invalidé : la lettre 48SI vous a été notifiée le {jour}.",
    TypeFait.ANNULATION: "Votre permis était annulé par un juge, avec effet le {jour}.",
    TypeFait.ECHANGE: "Votre permis avait été échangé à l'étranger le {jour}.",
    TypeFait.INTERDICTION_CIRCULER: "Une interdiction de circuler vous avait été notifiée le {jour}.",
    TypeFait.PERMIS_ETRANGER: "Votre permis étranger ne comptait plus depuis le {jour}.",
}
NOTIFIEE_LE_DERNIER_JOUR = (
    "La lettre 48SI vous a été notifiée le {jour}, dernier jour du stage : il ne rend aucun point. Cela se discute : "
    "le Conseil d'État ne l'a jugé que d'une lettre notifiée avant ce dernier jour (22 février 2008, n° 310394)."
)
DUREE_IMPOSSIBLE = (
    "Le stage dit suivi du {debut} au {fin} ne rend aucun point : un stage dure {jours} jours consécutifs. À vérifier "
    "par la préfecture."
)
NATURES_QUI_CREDITENT = frozenset({NatureStage.VOLONTAIRE, NatureStage.OBLIGATOIRE})


class OrdreDeStage(NamedTuple):
    """A 48N: the day on which it was notified (or presented), and the infraction that it is about, where known."""

    notifie_le: date
    infraction: str | None


class SuiteOrdre(NamedTuple):
    """What became of a 48N: its last day, and the course that answers it, late or not."""

    notifie_le: date
    limite: date
    suivi: Stage | None

    @property
    def manque(self) -> bool:
        """Not followed at all."""
        return self.suivi is None

    def est_en_defaut(self, au: date) -> bool:
        """Followed after the last day, or not followed and the last day gone."""
        return (self.suivi.date_fin if self.suivi else au) > self.limite


class Periode(NamedTuple):
    """From the first to the last day on which an agrément is valid, both included."""

    premier_jour: date
    dernier_jour: date


@regle(R223_8_III)
def jour_du_credit(stage: Stage) -> date:
    """The day after the course's last day.

    > La reconstitution prend effet le lendemain de la dernière journée de stage.
    """
    return stage.date_fin + UN_JOUR


@regle(R223_8_II)
def gain_du_stage(solde: int, plafond: int, jour: date) -> int:
    """Four points, within the licence's *current* plafond, on the day of the credit.

    > […] la reconstitution de quatre points dans la limite du plafond affecté au permis de conduire de son titulaire.
    """
    return max(0, min(STAGE_POINTS.au(jour), plafond - solde))


@regle(L223_6_AL4)
def refus_du_credit(
    stage: Stage, obtention: date | None, precedent: date | None, perdu: FinDePermis | None = None
) -> str | None:
    """Why this course gives nothing, in French; None when it gives points.

    > Le titulaire du permis de conduire qui a commis une infraction ayant donné lieu à retrait de points peut obtenir
    > une récupération de points s'il suit un stage de sensibilisation à la sécurité routière […] dans la limite d'une
    > fois par an.

    ``obtention``: when the capital held on the day of the credit opened; ``precedent``: day of the last credit, 0
    included; ``perdu``: what ended the last capital.
    """
    fin = en_francais(stage.date_fin)
    if obtention is None and perdu is not None and notifiee_le_dernier_jour(perdu, stage):
        return NOTIFIEE_LE_DERNIER_JOUR.format(jour=fin)
    if obtention is None:
        return f"Le stage terminé le {fin} ne rend aucun point : aucun permis n'était détenu le lendemain."
    if stage.date_fin < obtention:
        return f"Le stage terminé le {fin} ne rend aucun point : il précède l'obtention du permis actuel."
    impossible = duree_impossible(stage)
    if impossible is not None:
        return impossible
    if precedent is not None and jour_du_credit(stage) < plus_ans(precedent, STAGE_INTERVALLE_ANS.au(precedent)):
        return (
            f"Le stage terminé le {fin} ne rend aucun point : un autre stage en a rendu le {en_francais(precedent)}, "
            "moins d'un an avant."
        )
    return None


@regle(L223_6_AL4, R223_8_III)
def notifiee_le_dernier_jour(fin: FinDePermis, stage: Stage) -> bool:
    """Did the 48SI come on the very last day of the course? The Conseil d'État spoke of the days before it only."""
    return fin.nature == TypeFait.INVALIDATION and fin.jour == stage.date_fin


@regle(R223_5)
def duree_impossible(stage: Stage) -> str | None:
    """Why a course that the file tells is not the one that the law knows, in French; None when it may be.

    > Il est d'une durée de deux jours consécutifs.
    """
    debut = stage.date_debut
    if debut is None or (stage.date_fin - debut).days + 1 == STAGE_JOURS.au(debut):
        return None
    jours = en_toutes_lettres(STAGE_JOURS.au(debut))
    return DUREE_IMPOSSIBLE.format(debut=en_francais(debut), fin=en_francais(stage.date_fin), jours=jours)


def premier_jour_apres(dernier_jour: date) -> date:
    """First day of the next course that can give points, from the last day of the previous one that did."""
    return plus_ans(dernier_jour, STAGE_INTERVALLE_ANS.au(dernier_jour)) + UN_JOUR


@regle(L223_6_AL4, R223_8_II)
def eligibilite(replay: Replay) -> Eligibilite:
    """May a course followed from now on give points? An offence in effect, below the plafond, licence held."""
    solde, plafond = replay.solde, replay.plafond
    if solde is None or plafond is None or replay.etat in SANS_POINTS:
        return Eligibilite(False, None, SANS_POINTS.get(replay.etat, SANS_POINTS[Etat.SANS_PERMIS]))
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
    gain = gain_du_stage(solde, plafond, premier)
    explication = (
        f"Un stage volontaire peut vous rendre {pluriel(gain, 'point')} ({STAGE_POINTS.au(premier)} au plus, dans la "
        f"limite de {plafond}), s'il commence à partir du {en_francais(premier)}.{rappel}"
    )
    return Eligibilite(True, premier, explication)


@regle(R223_4)
def limite_stage_obligatoire(date_notification: date) -> date:
    """Last day to follow the course that a 48N orders: four months from its notification."""
    return plus_mois(date_notification, STAGE_OBLIGATOIRE_MOIS.au(date_notification))


@regle(R223_4)
def repond_a_la_48n(nature: str, date_fin: date, date_notification: date) -> bool:
    """Is this course an answer to this letter: a compulsory one, ended since? Late or not, it is done."""
    return nature == NatureStage.OBLIGATOIRE and date_fin >= date_notification


@regle(R223_4)
def stage_obligatoire_suivi(date_notification: date, stages: Sequence[Stage]) -> Stage | None:
    """The first course that answers the letter."""
    suivis = [s for s in stages if repond_a_la_48n(s.nature, s.date_fin, date_notification)]
    return min(suivis, key=lambda s: s.date_fin, default=None)


@regle(L223_6_AL4, R223_4)
def stage_obligatoire_du(date_commission: date, points: int, debut: date, fin: date) -> bool:
    """Does this offence order a course: committed during the délai probatoire, three points or more?"""
    return debut <= date_commission < fin and points >= STAGE_OBLIGATOIRE_POINTS.au(date_commission)


@regle(R223_4)
def sanction_du_defaut(limite: date) -> tuple[int, int]:
    """What is risked by who has followed no course by that day: euros of fine, years of suspension at most."""
    return STAGE_MANQUE_AMENDE.au(limite), STAGE_MANQUE_SUSPENSION_ANS.au(limite)


@regle(R223_4)
def suites_des_ordres(replay: Replay, parcours: Parcours, ordres: Sequence[OrdreDeStage]) -> list[SuiteOrdre]:
    """What became of each 48N of the licence held; nothing once the licence has ended.

    > Le fait de ne pas se soumettre à cette obligation dans le délai de quatre mois est puni de l'amende prévue pour
    > les contraventions de la quatrième classe.

    A 48N whose infraction was annulled orders nothing any more.
    """
    if not replay.licences or replay.licences[-1].fin is not None:
        return []
    obtention = replay.licences[-1].debut
    annulees = {a.infraction for a in parcours.annulees if a.date_decision <= replay.au}
    return [
        SuiteOrdre(
            ordre.notifie_le,
            limite_stage_obligatoire(ordre.notifie_le),
            stage_obligatoire_suivi(ordre.notifie_le, parcours.stages),
        )
        for ordre in ordres
        if obtention <= ordre.notifie_le <= replay.au and ordre.infraction not in annulees
    ]


@regle(R223_4)
def stage_obligatoire_attendu(replay: Replay, parcours: Parcours, ordres: Sequence[OrdreDeStage]) -> date | None:
    """The day on which the last 48N of the licence held was notified, when its course is not followed yet."""
    suites = suites_des_ordres(replay, parcours, ordres)
    return max((suite.notifie_le for suite in suites if suite.suivi is None), default=None)


@regle(R223_5)
def defaut_de_duree(debut: date, fin: date, heures: int) -> str | None:
    """Why a course is not the one that the law knows, in French; None when its length is right.

    > Il est d'une durée de deux jours consécutifs.

    Seven hours each, by its arrêté.
    """
    jours, attendus, attendues = (fin - debut).days + 1, STAGE_JOURS.au(debut), STAGE_HEURES.au(debut)
    if jours != attendus:
        combien = f"{jours} jours" if jours > 1 else "un seul jour"
        sens = "plus court" if jours < attendus else "plus long"
        return (
            f"Ce stage, suivi du {en_francais(debut)} au {en_francais(fin)}, est {sens} que la règle : il s'étend sur "
            f"{combien}, et un stage dure {en_toutes_lettres(attendus)} jours consécutifs."
        )
    if heures != attendues:
        sens = "plus court" if heures < attendues else "plus long"
        return (
            f"Ce stage est {sens} que la règle : {heures} heures attestées, et un stage en compte {attendues}, "
            f"{en_toutes_lettres(attendues // attendus)} par jour."
        )
    return None


@regle(R213_2_II, R223_8_I)
def defaut_d_agrement(periodes: Sequence[Periode], debut: date, fin: date) -> str | None:
    """Why the centre could not deliver the attestation, in French; None when it was agréé throughout the course.

    > Le titulaire de l'agrément prévu au II de l'article R. 213-2 délivre une attestation de stage […].

    ``periodes``: those of the number that the attestation bears; none when no list knows it. Each day of the course is
    in one of them, not all in the same: an agrément may be renewed between two days.
    """
    if not periodes:
        return "Aucune liste de préfecture ne porte ce numéro d'agrément."
    jours = [debut + n * UN_JOUR for n in range((fin - debut).days + 1)]
    if all(any(p.premier_jour <= jour <= p.dernier_jour for p in periodes) for jour in jours):
        return None
    return f"Le centre n'était pas agréé du {en_francais(debut)} au {en_francais(fin)}, les jours du stage."


@regle(R223_8_I)
def limite_d_envoi(date_fin: date) -> date:
    """Last day for the centre to send the attestation to the préfet: fifteen days from the end of the course."""
    return date_fin + timedelta(days=ATTESTATION_JOURS.au(date_fin))


@regle(R223_8_III)
def limite_d_enregistrement(recue_le: date) -> date:
    """Last day for the préfet to record an attestation: a month from its receipt."""
    return plus_mois(recue_le, ENREGISTREMENT_MOIS.au(recue_le))


@regle(L223_6_AL4, R223_8_II)
def pourquoi_sans_points(stage: Stage, replay: Replay) -> str | None:
    """Why a recorded course gives no point, in French; None when it gives some, or will tomorrow.

    ``replay`` is of the day of the credit or later: every refusal is the engine's, put in the driver's words.
    """
    if stage.nature not in NATURES_QUI_CREDITENT:
        return "Ce stage a été décidé par la justice : il ne rend aucun point, et ne compte pas pour l'année."
    credit = next((m for m in replay.mouvements if m.nature == Nature.STAGE and m.fait == stage.id), None)
    if credit is None:
        return _licence_perdue(stage, replay) or next((a.raison for a in replay.anomalies if a.fait == stage.id), None)
    if credit.points:
        return None
    licence = next(li for li in reversed(replay.licences) if li.debut <= credit.date)
    if any(r.points and r.date_definitive <= credit.date for r in licence.retraits):
        return f"Votre solde était déjà au plafond de {credit.plafond} points le {en_francais(credit.date)}."
    return (
        f"Aucun retrait de points n'était encore effectif le {en_francais(credit.date)} : votre solde était entier, à "
        f"{credit.plafond} points."
    )


def _licence_perdue(stage: Stage, replay: Replay) -> str | None:
    """The 48SI or the annulment that came before the day of the credit, when no licence was held on it."""
    jour = jour_du_credit(stage)
    passees = [li for li in replay.licences if li.debut <= stage.date_fin]
    fin = passees[-1].fin if passees else None
    if fin is None or fin.jour >= jour:  # on the day itself, the credit comes first
        return None
    if notifiee_le_dernier_jour(fin, stage):
        return NOTIFIEE_LE_DERNIER_JOUR.format(jour=en_francais(fin.jour))
    return PERMIS_PERDU[fin.nature].format(jour=en_francais(fin.jour))
