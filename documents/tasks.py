"""What the documents do in the background. Messages carry nothing; the day is today's."""

from celery import shared_task
from django.utils import timezone

from documents import statuts, verifications


@shared_task(name="documents.revoir_les_statuts")
def revoir_les_statuts() -> None:
    """A suspension known beforehand begins or ends today: the ADCS that say otherwise are no longer up to date."""
    statuts.revoir_du_jour(now=timezone.now())
    verifications.oublier(now=timezone.now())
