"""Telling the worker that something waits. The work itself is in PostgreSQL: a message lost is only a delay."""

import logging
from time import monotonic

from celery import current_app
from django.db import transaction

from mespoints.lib.bornes import Disjoncteur

logger = logging.getLogger(__name__)

#: A broker that is stopped refuses at once; one that is frozen would keep each visitor who sends something.
SILENCE = Disjoncteur(echecs=1, repos=30.0)


def tell_worker(task: str, *args: int) -> None:
    """Send a message once the transaction is committed. Not being able to is no harm: the worker looks every minute."""

    def send() -> None:
        if not SILENCE.passe():
            return
        start = monotonic()
        try:
            current_app.send_task(task, args, retry=False)
            SILENCE.noter(en_retard=False)
        except Exception:  # noqa: BLE001 - whatever the broker's trouble, the visitor has nothing to do with it
            SILENCE.noter(en_retard=monotonic() - start >= 1)
            logger.warning("worker_not_told")

    transaction.on_commit(send)
