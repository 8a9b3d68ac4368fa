"""What the documents do when dossiers are settled: tell the worker that letters may be due."""

from typing import Any

from django.dispatch import receiver

from dossier.signals import dossiers_settled
from mespoints.lib.worker import tell_worker


@receiver(dossiers_settled, dispatch_uid="documents.lettres")
def editer_les_lettres(sender: Any, dossier_ids: list[int], **_reste: Any) -> None:
    """One message a settling, whatever the number of letters: the worker finds them in PostgreSQL."""
    tell_worker("documents.editer_les_lettres")
