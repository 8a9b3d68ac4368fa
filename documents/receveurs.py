"""What the documents do when a dossier changes, inside its transaction."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from documents.statuts import revoir
from dossier.signals import dossiers_settled, faits_recorded
from mespoints.lib.worker import tell_worker


@receiver([dossiers_settled, faits_recorded], dispatch_uid="documents.statuts")
def revoir_les_attestations(sender: Any, dossier_ids: Sequence[int], **_reste: Any) -> None:
    """An ADCS that no longer says the rights says so from the same instant as the dossier."""
    revoir(dossier_ids, now=timezone.now())


@receiver(dossiers_settled, dispatch_uid="documents.lettres")
def editer_les_lettres(sender: Any, **_reste: Any) -> None:
    """One message a settling, whatever the number of letters: the worker finds them in PostgreSQL."""
    tell_worker("documents.editer_les_lettres")
