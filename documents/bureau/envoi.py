"""Issuing a RII for an agent who answers a request received by post or by mail."""

from django.db import transaction
from django.utils import timezone

from documents.models import DocumentEmis
from documents.models.document import Emetteur
from documents.services import RII, issue_document
from dossier.bureau.ouvrables import exiger_ouvrable
from dossier.journal import Acte, Pourquoi, Trace, noter
from mespoints.lib.visiteur import Agent


@transaction.atomic
def delivrer(agent: Agent, dossier_id: int, pourquoi: Pourquoi) -> DocumentEmis:
    """Issue the RII for an agent, and write it in the journal: both or neither. Raises what ``issue_document`` does."""
    exiger_ouvrable(agent, dossier_id, pourquoi)
    noter(agent, Trace(Acte.RII, dossier_id, pourquoi))
    return issue_document(RII, dossier_id, now=timezone.now(), par=Emetteur.AGENT)
