"""Issuing a RII for an agent who answers a request received by post or by mail."""

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from documents import services
from dossier.guichet.acces import get_acces
from dossier.guichet.journal import noter
from dossier.models import Journal


@transaction.atomic
def delivrer(request: HttpRequest, dossier_id: int, *, precision: str) -> services.DocumentEmis:
    """Issue the RII for an agent, and write it in the journal: both or neither. Raises ``RenduImpossible``."""
    acces = get_acces(request, dossier_id)
    motif = acces.motif if acces else str(Journal.Motif.COURRIER)
    noter(request, acte=Journal.Acte.RII, dossier_id=dossier_id, motif=motif, precision=precision)
    return emettre_rii(dossier_id)


def emettre_rii(dossier_id: int) -> services.DocumentEmis:
    """The one call to the service that issues: where it learns that it was for an agent."""
    return services.issue_rii(dossier_id, now=timezone.now())
