"""The pages of the courses as plain values: what a template prints, decided here and tested without one."""

from stages.presenters.cas import Cas, cas
from stages.presenters.centres import Reponse, Resultats, reponse_agrement, resultats
from stages.presenters.suivi import Suivi, annonces_ouvertes, suivis

__all__ = [
    "Cas",
    "Reponse",
    "Resultats",
    "Suivi",
    "annonces_ouvertes",
    "cas",
    "reponse_agrement",
    "resultats",
    "suivis",
]
