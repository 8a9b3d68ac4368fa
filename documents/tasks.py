"""What the worker does for the documents. Messages carry nothing; what waits is in PostgreSQL."""

from celery import shared_task
from django.utils import timezone

from documents import services
from documents.courriers import services as courriers
from documents.verification import services as verifications
from documents.verification import statuts

#: Shorter than the tasks' own limit, so that many letters are a chain of short tasks.
SECONDES = 45


@shared_task(name="documents.editer_les_lettres")
def editer_les_lettres() -> None:
    """Make the letters due; told after each settling, and by the clock, should the telling be lost."""
    if courriers.make_lettres(secondes=SECONDES):
        editer_les_lettres.delay()


@shared_task(name="documents.revoir_les_statuts")
def revoir_les_statuts() -> None:
    """A suspension known beforehand begins or ends today: the ADCS that say otherwise are no longer up to date."""
    statuts.revoir_du_jour(now=timezone.now())
    verifications.oublier(now=timezone.now())
    effacer_les_perimes.delay()


@shared_task(name="documents.effacer_les_perimes")
def effacer_les_perimes() -> None:
    """A batch a task: what a year has passed over goes, however many there are."""
    if services.effacer_les_perimes() == services.PAR_LOT:
        effacer_les_perimes.delay()
