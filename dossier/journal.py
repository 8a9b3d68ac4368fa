"""Writing and reading the journal of the agents."""

import logging
from datetime import timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.timezone import now

from dossier.models import Journal
from mespoints.lib.visiteur import Agent

logger = logging.getLogger(__name__)

#: What a line tells was done, and why: the words that views use.
Acte, Motif = Journal.Acte, Journal.Motif

RECHERCHES, FENETRE = 30, timedelta(hours=1)
PRECISION = 200  # characters kept
#: First key of the advisory lock under which an agent's searches are counted.
VERROU = 4810


class Pourquoi(NamedTuple):
    """For which reason a dossier is opened or changed: a word of the list, and what it is about."""

    motif: str
    precision: str = ""


class Trace(NamedTuple):
    """A row, save who. A view leaves it on its request: its answer is worth that."""

    acte: str
    dossier_id: int | None
    pourquoi: Pourquoi


def noter(agent: Agent, *traces: Trace) -> None:
    """Write what this agent does, a row for each dossier."""
    lignes = [_ligne(agent, trace) for trace in traces]
    if len(lignes) == 1:
        lignes[0].save()
    else:
        Journal.objects.bulk_create(lignes)


def _ligne(agent: Agent, trace: Trace) -> Journal:
    return Journal(
        agent=agent.numero,
        role=agent.role,
        departement=agent.departement,
        reseau=agent.reseau,
        acte=trace.acte,
        dossier_id=trace.dossier_id,
        motif=trace.pourquoi.motif,
        precision=trace.pourquoi.precision[:PRECISION],
    )


@transaction.atomic
def peut_chercher(agent: Agent) -> bool:
    """Whether this agent may search once more within the hour; the first refusal is an alert.

    To be called in the transaction that writes the search: the lock is held until then, so that thirty-one searches at
    the same moment do not all pass.
    """
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s, %s)", [VERROU, agent.numero])
    recents = Journal.objects.filter(agent=agent.numero, at__gt=now() - FENETRE)
    if recents.filter(acte=Journal.Acte.RECHERCHE).count() < RECHERCHES:
        return True
    if not recents.filter(acte=Journal.Acte.BLOCAGE).exists():
        noter(agent, Trace(Journal.Acte.BLOCAGE, None, Pourquoi("")))
        logger.warning("desk_searches_stopped")  # who: the journal says it
    return False


def attente(agent: Agent) -> int:
    """Seconds before the oldest of the hour's searches is an hour old."""
    premiere = (
        Journal.objects.filter(agent=agent.numero, acte=Journal.Acte.RECHERCHE, at__gt=now() - FENETRE)
        .order_by("-at")
        .values_list("at", flat=True)[RECHERCHES - 1 : RECHERCHES]
    )
    return max(1, int((min(premiere, default=now()) + FENETRE - now()).total_seconds()))


def list_blocages() -> list[tuple[int, str | None]]:
    """The agents whose searches were stopped in the last day, for the administrators."""
    recents = Journal.objects.filter(acte=Journal.Acte.BLOCAGE, at__gt=now() - timedelta(days=1))
    return list(recents.order_by("-at").values_list("agent", "departement")[:20])
