"""What the engine answers for one driver on one day."""

from datetime import date
from typing import NamedTuple

from dossier.rules.faits import Anomalie, FinLevee, Infraction, Licence, PermisObtenu, Suspension
from dossier.rules.mouvements import Mouvement
from dossier.rules.presentee import LettrePresentee
from dossier.rules.suspension import SuspensionEnCours
from dossier.rules.vocabulaire import Etat, Regime


class Replay(NamedTuple):
    """The answer for one day. ``points``, ``solde`` and ``plafond`` are None before any licence."""

    au: date
    points: int | None
    solde: int | None
    plafond: int | None
    etat: Etat
    fin_delai_probatoire: date | None
    mouvements: tuple[Mouvement, ...]
    prevision: tuple[Mouvement, ...]
    anomalies: tuple[Anomalie, ...]
    dernier_stage: date | None  # last day of the last course that gives points
    a_un_retrait: bool
    licences: tuple[Licence, ...]
    en_attente: tuple[Infraction, ...]  # known, with points, not yet final: no effect so far
    regime: Regime | None = None  # whose licence carries the points; None when no capital is open
    provisoire: bool = False  # a measure is undone for a time, until the judgment on the merits
    suspensions: tuple[SuspensionEnCours, ...] = ()  # that hold on ``au``, kept up or not, by first day
    restrictions: tuple[Suspension, ...] = ()
    deces: date | None = None
    levees: tuple[FinLevee, ...] = ()  # the ends of a licence that are as if they had never been
    tombes: tuple[PermisObtenu, ...] = ()  # licences obtained meanwhile, which are none
    incomplet: bool = False  # offences with points are known, and no licence of either kind
    lettre_48si: LettrePresentee | None = None  # presented or returned, and nothing decided: the état does not know it

    @property
    def etranger(self) -> bool:
        """A foreign licence carries the points."""
        return self.regime == Regime.ETRANGER
