"""Who may open which dossier, said once: to a queryset, to a query written by hand, and of a dossier already read.

A dossier is its préfecture's. One whose département nobody knows (an address abroad, no title) is any préfecture's:
somebody must answer. An agent's own, as a driver, is closed to them.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q, QuerySet

from dossier.journal import Pourquoi, Trace
from dossier.models import Dossier, Journal
from mespoints.lib.visiteur import Agent

AUTRE_DEPARTEMENT = "Ce dossier relève d'une autre préfecture. Votre demande est inscrite au journal."
LE_SIEN = "Ce dossier est le vôtre : un agent n'ouvre pas son propre dossier. Votre demande est inscrite au journal."


class DossierFerme(PermissionDenied):
    """This dossier is not the agent's to open: ``dossier.middleware`` writes in the journal that they tried."""

    def __init__(self, dossier_id: int, pourquoi: Pourquoi) -> None:
        super().__init__()
        self.trace = Trace(Journal.Acte.REFUS, dossier_id, pourquoi)


def ouvrables(agent: Agent) -> QuerySet[Dossier]:
    """The dossiers that this agent may open."""
    return Dossier.objects.filter(ouvrable(agent, "departement", "pk"))


def ouvrable(agent: Agent, departement: str, dossier: str) -> Q:
    """The same, of rows about a dossier: the names under which they lead to its département and to itself."""
    return (Q((departement, None)) | Q((departement, agent.departement))) & ~Q((dossier, agent.dossier_id))


def ouvrable_sql(agent: Agent, departement: str, dossier: str) -> tuple[str, dict[str, Any]]:
    """The same, as the condition of a query written by hand, which calls the two columns so; and its values."""
    requete = ouvrables(agent).query
    condition, valeurs = requete.where.as_sql(requete.get_compiler("default"), connection)
    nommees = {f"ouvrable_{rang}": valeur for rang, valeur in enumerate(valeurs)}
    texte = condition % tuple(f"%({nom})s" for nom in nommees)
    texte = texte.replace('"dossier_dossier"."departement"', departement).replace('"dossier_dossier"."id"', dossier)
    return f"({texte})", nommees


def exiger_ouvrable(agent: Agent, dossier_id: int, pourquoi: Pourquoi) -> None:
    """To be asked by who shows or writes. Raises ``DossierFerme``."""
    if not ouvrables(agent).filter(pk=dossier_id).exists():
        raise DossierFerme(dossier_id, pourquoi)


def raison_du_refus(agent: Agent, dossier_id: int, departement: str | None) -> str:
    """Why this agent may not open this dossier, in French; "" when they may."""
    if dossier_id == agent.dossier_id:
        return LE_SIEN
    return "" if departement in {None, agent.departement} else AUTRE_DEPARTEMENT
