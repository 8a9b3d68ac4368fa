"""What an agent looks into of the courses: lists of numbers, each dossier opened for the reason that its list gives."""

from datetime import date
from typing import NamedTuple

from dossier.bureau.ouvrables import raison_du_refus
from dossier.journal import Motif, Pourquoi
from dossier.rules.francais import en_francais
from mespoints.lib.visiteur import Agent
from stages import selectors
from stages.rules.lieux import ecrire_agrement
from stages.selectors import Retard

#: Dossiers that a list reads, at most: the oldest.
COMBIEN = 200


class Retards(NamedTuple):
    """The 48N whose course is not followed, or was late; the announced courses without attestation."""

    ordonnes: list[Retard]
    annonces: list[Retard]


def list_ordonnes(agent: Agent, *, au: date) -> list[Retard]:
    return selectors.list_48n_en_defaut(au=au, pour=agent, combien=COMBIEN)


def list_annonces(agent: Agent, *, au: date) -> list[Retard]:
    return selectors.list_annonces_sans_attestation(au=au, pour=agent, combien=COMBIEN)


def list_retards(agent: Agent, *, au: date) -> Retards:
    """Both, for the page."""
    return Retards(list_ordonnes(agent, au=au), list_annonces(agent, au=au))


def est_ouvrable(agent: Agent, retard: Retard) -> bool:
    """Whether this agent may open the dossier: a driver may have followed a course in another département."""
    return not raison_du_refus(agent, retard.dossier_id, retard.departement_du_dossier)


def ligne(agent: Agent, retard: Retard) -> tuple[Retard, bool]:
    """A line of the page: the centre's number as it is written, and whether the dossier may be opened."""
    return retard._replace(agrement=ecrire_agrement(retard.agrement)), est_ouvrable(agent, retard)


def pourquoi(retard: Retard) -> Pourquoi:
    """For which reason a dossier of the lists is opened."""
    if retard.agrement:
        fini = en_francais(retard.date_fin or retard.limite)
        return Pourquoi(Motif.CONTROLE, f"stage annoncé, fini le {fini}, attestation attendue")
    jusqu_au = en_francais(retard.limite)
    return Pourquoi(Motif.CONTROLE, f"lettre 48N, stage à suivre jusqu'au {jusqu_au} : {retard.motif}")
