"""Writing and reading the journal of the agents."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.timezone import now

from dossier.models import Journal
from mespoints.lib.bureau import agent_de
from mespoints.lib.visiteur import Agent

logger = logging.getLogger(__name__)

#: What a line tells was done, and why: the words that views use.
Acte, Motif = Journal.Acte, Journal.Motif

RECHERCHES, FENETRE = 30, timedelta(hours=1)
#: First key of the advisory lock under which an agent's searches are counted.
VERROU = 4810


class Trace(NamedTuple):
    """What a view leaves on its request: the row that its answer is worth."""

    acte: str
    dossier_id: int | None
    motif: str
    precision: str = ""


def noter(request: HttpRequest, *, acte: str, dossier_id: int | None, motif: str, precision: str = "") -> Journal:
    """Write a row for the agent behind the request."""
    return Journal.objects.create(**_champs(request, Trace(acte, dossier_id, motif, precision)))


def _champs(request: HttpRequest, trace: Trace) -> dict[str, Any]:
    agent = agent_de(request)
    qui = {"agent": agent.numero, "role": agent.role, "departement": agent.departement}
    return qui | trace._asdict() | {"reseau": str(getattr(request, "reseau", ""))}


def noter_consultation(request: HttpRequest) -> None:
    """Write the row of ``request.consultation``, or the rows of a page of several dossiers."""
    laissee: Trace | list[Trace] | None = getattr(request, "consultation", None)
    if isinstance(laissee, Trace):
        noter(request, **laissee._asdict())
    elif laissee:
        noter_tous(request, laissee)


def noter_tous(request: HttpRequest, traces: Iterable[Trace]) -> None:
    """Write the rows of what is done to several dossiers at once."""
    Journal.objects.bulk_create([Journal(**_champs(request, trace)) for trace in traces])


@transaction.atomic
def peut_chercher(request: HttpRequest) -> bool:
    """Whether this agent may search once more within the hour; the first refusal is an alert.

    To be called in the transaction that writes the search: the lock is held until then, so that thirty-one searches at
    the same moment do not all pass.
    """
    agent = agent_de(request)
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s, %s)", [VERROU, agent.numero])
    recents = Journal.objects.filter(agent=agent.numero, at__gt=now() - FENETRE)
    if recents.filter(acte=Journal.Acte.RECHERCHE).count() < RECHERCHES:
        return True
    if not recents.filter(acte=Journal.Acte.BLOCAGE).exists():
        noter(request, acte=Journal.Acte.BLOCAGE, dossier_id=None, motif="")
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
