"""Issuing a RII for an agent who answers a request received by post or by mail."""

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from documents.models import DocumentEmis
from documents.models.document import Emetteur
from documents.services import RII, issue_document
from dossier.bureau.acces import get_acces
from dossier.journal import noter
from dossier.models import Journal


@transaction.atomic
def delivrer(request: HttpRequest, dossier_id: int, *, precision: str) -> DocumentEmis:
    """Issue the RII for an agent, and write it in the journal: both or neither. Raises what ``issue_document`` does."""
    acces = get_acces(request, dossier_id)
    motif = acces.motif if acces else str(Journal.Motif.COURRIER)
    noter(request, acte=Journal.Acte.RII, dossier_id=dossier_id, motif=motif, precision=precision)
    return issue_document(RII, dossier_id, now=timezone.now(), par=Emetteur.AGENT)
