"""What the worker does for the documents. Messages carry nothing; what waits is in PostgreSQL."""

from celery import shared_task

from documents import courriers

#: Shorter than the tasks' own limit, so that many letters are a chain of short tasks.
SECONDES = 45


@shared_task(name="documents.editer_les_lettres")
def editer_les_lettres() -> None:
    """Make the letters due; told after each settling, and by the clock, should the telling be lost."""
    if courriers.make_lettres(secondes=SECONDES):
        editer_les_lettres.delay()
