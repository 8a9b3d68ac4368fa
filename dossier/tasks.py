"""The nightly job as Celery runs it. Messages carry a key; the day and the progress are in PostgreSQL."""

from celery import shared_task
from django.utils.timezone import localdate

from dossier import nuit

#: Shorter than the tasks' own limit, so that a long night is a chain of short tasks.
SECONDES = 45
TRAVAILLEURS = 2


@shared_task(name="dossier.ouvrir_la_nuit")
def ouvrir_la_nuit() -> None:
    """Open today's run and share it. A second one at the same time finds the same row, and the same work."""
    passage = nuit.ouvrir_passage(jour=localdate())
    for _ in range(TRAVAILLEURS):
        avancer_la_nuit.delay(passage.pk)


@shared_task(name="dossier.avancer_la_nuit")
def avancer_la_nuit(passage_id: int) -> None:
    """Settle for a while, and pass on what is left."""
    if nuit.avancer(passage_id=passage_id, secondes=SECONDES):
        avancer_la_nuit.delay(passage_id)


@shared_task(name="dossier.reprendre_les_nuits")
def reprendre_les_nuits() -> None:
    """Sweep: runs whose workers died, or whose messages Redis lost, go on."""
    for passage_id in nuit.passages_en_souffrance():
        avancer_la_nuit.delay(passage_id)
