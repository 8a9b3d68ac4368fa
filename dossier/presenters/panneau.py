"""The solde at a glance: the figure, its gauge, the right to drive beside it, and what comes next under it."""

from typing import NamedTuple

from dossier.presenters.reserve import avec_reserve
from dossier.rules import vocabulaire
from dossier.rules.francais import en_lettres, en_prose, insecables
from dossier.rules.francais import points as nombre_de_points
from dossier.rules.mots import complet, conducteur
from dossier.rules.mouvements import Mouvement
from dossier.rules.parametres import POINTS_MAX
from dossier.rules.prevision import est_conditionnel
from dossier.rules.rejeu import Replay
from dossier.selectors import Situation

#: Length of one point on the gauge's own scale: nine of ink and one of gap.
PAS = 10


class Etat(NamedTuple):
    """The right to drive: badge, sentence, and the badge's class, whole: the style sheet keeps the classes it reads."""

    badge: str
    phrase: str
    classe: str


CLASSES = complet(
    vocabulaire.Etat,
    {
        vocabulaire.Etat.SANS_PERMIS: "fr-badge--info",
        vocabulaire.Etat.VALIDE: "fr-badge--success",
        vocabulaire.Etat.SOLDE_NUL: "fr-badge--warning",
        vocabulaire.Etat.SUSPENDU: "fr-badge--error",
        vocabulaire.Etat.INVALIDE: "fr-badge--error",
        vocabulaire.Etat.ANNULE: "fr-badge--error",
        vocabulaire.Etat.ECHANGE: "fr-badge--info",
        vocabulaire.Etat.INTERDIT: "fr-badge--error",
        vocabulaire.Etat.DECEDE: "fr-badge--info",
    },
)
#: Of what the état alone does not say.
CLASSES_A_PART = {
    conducteur.SUSPENDU_ET_NUL: "fr-badge--error",
    conducteur.ETRANGER_SUSPENDU_ET_NUL: "fr-badge--error",
    conducteur.A_VERIFIER: "fr-badge--error",
    conducteur.SUSPENDU_A_VERIFIER: "fr-badge--error",
    conducteur.SANS_CATEGORIE: "fr-badge--error",
    conducteur.PROVISOIRE: "fr-badge--warning",
    conducteur.INCOMPLET: "fr-badge--warning",
}
ETATS = {etat: Etat(*conducteur.ETATS[etat], CLASSES[etat]) for etat in vocabulaire.Etat}


#: What stands beside a figure that means nothing any more, but for a licence that ended.
SANS_SUITE = {
    vocabulaire.Etat.ECHANGE: "point : ce permis a été échangé",
    vocabulaire.Etat.INTERDIT: "point : vous ne pouvez plus circuler",
}


class Solde(NamedTuple):
    """The top of the page. ``chiffre`` and ``unite`` are read together; ``plafond`` is 0 where there is no gauge."""

    chiffre: str
    unite: str
    plafond: int
    en_mots: str
    classe: str
    jauge_pleine: int
    jauge_longueur: int
    gain: str
    echeance: str
    precision: str
    etat: Etat
    stage_eligible: bool
    mis_a_jour: str


def solde(situation: Situation) -> Solde:
    """The panel of a situation."""
    replay = situation.replay
    points, plafond = replay.points or 0, replay.plafond or 0
    suivant = prochain_gain(replay)
    return Solde(
        chiffre="–" if replay.points is None else str(points),
        unite=_unite(replay),
        plafond=plafond,
        en_mots=_en_mots(points, plafond),
        classe=_classe(points, plafond),
        jauge_pleine=PAS * points,
        jauge_longueur=PAS * plafond,
        gain=f"+{suivant.solde - points}" if suivant else "",
        echeance=_echeance(suivant, replay) if suivant else "",
        precision=insecables(_precision(replay)),
        etat=etat(situation),
        stage_eligible=situation.stage_conseille,
        mis_a_jour=en_lettres(situation.dossier.mis_a_jour_le),
    )


def prochain_gain(replay: Replay) -> Mouvement | None:
    """The next movement after which more points are shown than today, if nothing else happens."""
    return next((m for m in replay.prevision if m.solde > (replay.points or 0)), None)


def etat(situation: Situation) -> Etat:
    """The right to drive."""
    droit = situation.droit
    return Etat(droit.badge, en_prose(droit.phrase), CLASSES_A_PART.get(droit, CLASSES[situation.replay.etat]))


def _unite(replay: Replay) -> str:
    """What stands beside the figure."""
    if replay.incomplet:
        return "solde inconnu : dossier incomplet"
    if replay.points is None:
        return "aucun permis, aucun point"
    if replay.etat in SANS_SUITE:
        return SANS_SUITE[replay.etat]
    if replay.deces:
        return f"point{'s' if replay.points > 1 else ''} au jour du décès"
    if not replay.plafond:
        return "point : ce permis a pris fin"
    return f"point{'s' if replay.points > 1 else ''} sur {replay.plafond}"


def _en_mots(points: int, plafond: int) -> str:
    """The gauge for somebody who does not see it."""
    manque = plafond - points
    reste = f", {manque} à récupérer" if manque else ", le maximum"
    return f"{nombre_de_points(points)} sur {plafond}{reste}"


def _classe(points: int, plafond: int) -> str:
    """The colour of the figure: a warning at half the plafond (the 48M's threshold), an alarm near nothing."""
    if not plafond:
        return "mp-solde mp-solde--fini"
    if points > plafond / 2:
        return "mp-solde"
    return "mp-solde mp-solde--bas" if 6 * points > plafond else "mp-solde mp-solde--critique"


def _echeance(gain: Mouvement, replay: Replay) -> str:
    condition = ", si aucune infraction d'ici là" if est_conditionnel(gain) else ""
    return f"le {en_lettres(gain.date)}{avec_reserve(condition, replay)}"


def _precision(replay: Replay) -> str:
    """What decides the plafond, when it is not 12 for everybody."""
    if replay.fin_delai_probatoire is None or replay.plafond == POINTS_MAX.au(replay.au):
        return ""
    fin, maximum = en_lettres(replay.fin_delai_probatoire), POINTS_MAX.au(replay.fin_delai_probatoire)
    return f"Permis probatoire : {replay.plafond} points au plus pour l'instant, {maximum} à partir du {fin}."
