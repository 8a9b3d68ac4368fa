"""Which letter a movement calls for: R223-3, R223-4, R223-8 and the practice of the national file."""

from collections.abc import Mapping

from dossier.rules.articles import R223_3_III, R223_4, R223_8_III, regle
from dossier.rules.faits import Licence, Retrait
from dossier.rules.mouvements import Mouvement
from dossier.rules.parametres import SEUIL_48M
from dossier.rules.rejeu import Replay
from dossier.rules.stage import stage_obligatoire_du
from dossier.rules.vocabulaire import Nature, Reference, Regime

#: Why the notification of a 48SI is refused.
SOLDE_NON_NUL = (
    "Le solde du {jour} n'était pas nul (points : {points}) : une 48SI ne se notifie qu'à un solde nul. Enregistrez "
    "d'abord ce qui manque au dossier."
)
GAINS = frozenset(
    {
        Nature.MAJORATION_PROBATOIRE,
        Nature.FIN_DELAI_PROBATOIRE,
        Nature.UN_POINT,
        Nature.DIX_ANS,
        Nature.RECONSTITUTION,
    }
)
#: The letters of a withdrawal.
RETRAITS = frozenset({Reference.L48, Reference.L48M, Reference.L48N, Reference.L48SI})
#: A letter already sent for a cause excuses from any other of the same family.
FAMILLES: Mapping[str, frozenset[Reference]] = {
    **dict.fromkeys(RETRAITS, RETRAITS),
    Reference.L47: frozenset({Reference.L47}),
    Reference.L46: frozenset({Reference.L46}),
}


@regle(R223_3_III, R223_4, R223_8_III)
def lettre_due(mouvement: Mouvement, replay: Replay) -> Reference | None:
    """The reference of the letter to issue for a movement of this replay, or None.

    > Si le retrait de points lié à cette infraction n'aboutit pas à un nombre nul de points affectés au permis de
    > conduire de l'auteur de l'infraction, celui-ci est informé par le ministre de l'intérieur par lettre simple […].

    47 for a course, 46 when points rise by themselves; a retrait calls for one letter, the gravest.
    """
    if mouvement.nature == Nature.STAGE:
        return Reference.L47
    if mouvement.nature in GAINS:
        return Reference.L46 if mouvement.points else None
    if mouvement.nature == Nature.RETRAIT and mouvement.points:
        return _lettre_de_retrait(mouvement, replay)
    return None


def _lettre_de_retrait(mouvement: Mouvement, replay: Replay) -> Reference:
    """48SI when nothing is left; 48N when a course is ordered; 48M at six points or less outside the délai; else 48.

    It is the solde of the day on which the letter is recorded that says what is left: a course may have lifted it
    since the retrait (CE 461479), and a foreign licence is told of an interdiction, never of a 48SI.
    """
    solde = replay.solde or 0
    licence, retrait = _retrait(mouvement, replay)
    if mouvement.solde <= 0 and solde <= 0 and licence.permis is not None:
        return Reference.L48SI
    delai, commission = licence.delai, retrait.date_commission
    if delai is not None and delai.debut <= commission < delai.fin:
        du = stage_obligatoire_du(commission, retrait.infraction.points, delai.debut, delai.fin)
        return Reference.L48N if du else Reference.L48
    return Reference.L48M if solde <= SEUIL_48M.au(mouvement.date) else Reference.L48


@regle(R223_3_III)
def derniere_perte(replay: Replay) -> Mouvement | None:
    """The retrait for which a 48SI is due while the solde is nul: the last that left nothing of the licence held."""
    if replay.regime != Regime.FRANCAIS or replay.solde is None or replay.solde > 0:
        return None
    pertes = [m for m in replay.mouvements if m.nature == Nature.RETRAIT and m.points and m.solde <= 0]
    siens = {r.infraction.id for r in replay.licences[-1].retraits}
    return next((m for m in reversed(pertes) if m.fait in siens), None)


def _retrait(mouvement: Mouvement, replay: Replay) -> tuple[Licence, Retrait]:
    """The licence that a retrait was taken from, and its offence."""
    return next((li, r) for li in replay.licences for r in li.retraits if r.infraction.id == mouvement.fait)
