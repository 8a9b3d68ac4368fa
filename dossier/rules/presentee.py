"""A 48SI presented or returned, of which the national file draws no consequence: the licence may already be invalid.

Only the fact ``invalidation`` ends a licence: nothing here changes the état. It says that nobody may be advised as if
no letter existed (Conseil d'État, avis of 18 September 2009, no. 327027; docs/decisions/0057-48si-presentee.md).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from dossier.rules.articles import L223_5_I, regle
from dossier.rules.faits import FinDePermis, LettreRecue, Licence
from dossier.rules.vocabulaire import IssueLettre, TypeFait

#: What the post did of a letter that reached a door, the right one or not.
ARRIVEE = frozenset({IssueLettre.REMISE, IssueLettre.AVISEE_NON_RECLAMEE, IssueLettre.REFUSEE, IssueLettre.NPAI})


class LettrePresentee(NamedTuple):
    """The letter: since when it would end the licence (None: the file has no day), and what may undo it."""

    id: str
    fait: str | None
    depuis: date | None
    issue: str | None  # an IssueLettre
    autre_adresse: bool
    notifiee: bool  # the file has a day of notification


@regle(L223_5_I)
def lettre_presentee(
    lettres: Sequence[LettreRecue], fins: Sequence[FinDePermis], licence: Licence | None, au: date
) -> LettrePresentee | None:
    """The first 48SI of the French licence held that was presented, or came back, with no invalidation for it.

    ``fins``: as told, those that were undone too: the file had then decided. A letter that was sent, or lost by the
    post, ends nothing and is none of these.
    """
    if not lettres or licence is None or licence.permis is None:
        return None
    depuis = licence.permis.date_obtention
    invalidations = [f for f in fins if f.nature == TypeFait.INVALIDATION]
    siennes = [
        lettre
        for lettre in une_par_lettre(lettres)
        if _est_arrivee(lettre, au)
        and (lettre.jour is None or lettre.jour >= depuis)
        and not any(f.id == lettre.fait or f.jour >= (lettre.jour or depuis) for f in invalidations)
    ]
    presentees = [
        LettrePresentee(
            le.id, le.fait, le.notifiee or le.presentee, le.issue, le.autre_adresse, le.notifiee is not None
        )
        for le in siennes
    ]
    return min(presentees, key=lambda lettre: lettre.depuis or date.max, default=None)


def une_par_lettre(lettres: Iterable[LettreRecue]) -> list[LettreRecue]:
    """Each letter once, several facts telling its steps: alike by their cause, else by their ids up to a « + »."""
    tenues: dict[str, LettreRecue] = {}
    for dite in lettres:
        cle = dite.fait or dite.id.partition("+")[0]
        une = tenues.get(cle, dite)
        tenues[cle] = dite._replace(
            jour=min((jour for jour in (une.jour, dite.jour) if jour is not None), default=None),
            issue=dite.issue or une.issue,
            autre_adresse=dite.autre_adresse or une.autre_adresse,
            presentee=dite.presentee or une.presentee,
            notifiee=dite.notifiee or une.notifiee,
        )
    return list(tenues.values())


def _est_arrivee(lettre: LettreRecue, au: date) -> bool:
    jour = lettre.notifiee or lettre.presentee
    return jour <= au if jour is not None else lettre.issue in ARRIVEE
