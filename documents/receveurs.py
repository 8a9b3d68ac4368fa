"""What the documents do when a dossier changes, inside its transaction."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from documents.statuts import revoir
from dossier.signals import dossiers_settled, faits_recorded


@receiver([dossiers_settled, faits_recorded], dispatch_uid="documents.statuts")
def revoir_les_attestations(sender: Any, dossier_ids: Sequence[int], **_reste: Any) -> None:
    """An ADCS that no longer says the rights says so from the same instant as the dossier."""
    revoir(dossier_ids, now=timezone.now())
