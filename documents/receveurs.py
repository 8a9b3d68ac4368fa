"""What the documents do when a dossier changes, inside its transaction."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from documents.courriers.services import drop_dites_parties
from documents.verification.statuts import revoir
from dossier.signals import dossiers_settled, faits_recorded
from mespoints.lib.worker import tell_worker


@receiver([dossiers_settled, faits_recorded], dispatch_uid="documents.verification.statuts")
def revoir_les_attestations(sender: Any, dossier_ids: Sequence[int], **_reste: Any) -> None:
    """An ADCS that no longer says the rights says so from the same instant as the dossier."""
    revoir(dossier_ids, now=timezone.now())


@receiver(dossiers_settled, dispatch_uid="documents.lettres")
def editer_les_lettres(sender: Any, **_reste: Any) -> None:
    """One message a settling, whatever the number of letters: the worker finds them in PostgreSQL."""
    tell_worker("documents.editer_les_lettres")


@receiver([dossiers_settled, faits_recorded], dispatch_uid="documents.envois")
def oublier_les_lettres_parties(sender: Any, dossier_ids: Sequence[int], **_reste: Any) -> None:
    """What the file tells to have been sent, or has lost its ground, waits no longer at the desk."""
    drop_dites_parties(dossier_ids)
