"""What the worker does for the accounts. Messages carry a key; everything else is in PostgreSQL."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts import demandes, signalements

#: A message older than this was lost, or its worker died.
PATIENCE = timedelta(seconds=30)


@shared_task(name="accounts.instruire_demande")
def instruire_demande(demande_id: int) -> None:
    """Decide and mail; a second message for the same demande finds it decided."""
    demandes.instruire_demande(demande_id=demande_id)


@shared_task(name="accounts.envoyer_lien")
def envoyer_lien(lien_id: int) -> None:
    """Mail what was asked for."""
    signalements.envoyer_lien(lien_id=lien_id)


@shared_task(name="accounts.avertir_les_autres_comptes")
def avertir_les_autres_comptes(avis_id: int) -> None:
    """Tell the other accounts of a dossier that one more has it."""
    demandes.avertir_les_autres_comptes(avis_id=avis_id)


@shared_task(name="accounts.reprendre_les_demandes")
def reprendre_les_demandes() -> None:
    """Sweep: what was lost on the way to a worker goes again."""
    avant = timezone.now() - PATIENCE
    for demande_id in demandes.demandes_en_souffrance(avant=avant):
        instruire_demande.delay(demande_id)
    for lien_id in demandes.liens_en_souffrance(avant=avant):
        envoyer_lien.delay(lien_id)
    for avis_id in demandes.avis_en_souffrance(avant=avant):
        avertir_les_autres_comptes.delay(avis_id)


@shared_task(name="accounts.oublier_les_demandes")
def oublier_les_demandes() -> None:
    """Delete what was typed a month ago."""
    demandes.oublier_les_demandes()
