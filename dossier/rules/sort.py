"""What became of each measure that a decision in force undoes: what the relevé tells beside it."""

from datetime import date
from typing import NamedTuple

from dossier.rules.faits import Parcours
from dossier.rules.levee import Vigueur, types_des_mesures
from dossier.rules.rejeu import Replay
from dossier.rules.vocabulaire import Portee


class Sort(NamedTuple):
    """How far a measure is undone, and since when."""

    portee: Portee
    depuis: date


def sorts(parcours: Parcours, replay: Replay) -> dict[str, Sort]:
    """The measures undone on the day of ``replay``, by id; ``parcours``: the facts known that day.

    Of the ends of a licence only those that the replay undid: the driver may have kept the later licence instead.
    """
    defaites = {levee.fin.id for levee in replay.levees}
    fins = {fin.id for fin in parcours.fins}
    vigueur = Vigueur(parcours, replay.deces or replay.au, types_des_mesures(parcours))
    a_compter = {mesure: Sort(Portee.A_COMPTER, jour) for mesure, jour in vigueur.a_compter.items()}
    return a_compter | {
        mesure: Sort(Portee.PROVISOIRE if vigueur.est_provisoire(mesure) else Portee.RETROACTIVE, decision.date_effet)
        for mesure in vigueur.en_vigueur
        if mesure in defaites or mesure not in fins
        for decision in [vigueur.decision(mesure)]
    }
