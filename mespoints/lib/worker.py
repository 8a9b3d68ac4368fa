"""Telling the worker that something waits. The work itself is in PostgreSQL: a message lost is only a delay."""

import logging

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)


def tell_worker(task: str, *args: int) -> None:
    """Send a message once the transaction is committed. Not being able to is no harm: the worker looks every minute."""

    def send() -> None:
        try:
            current_app.send_task(task, args, retry=False)
        except Exception:  # noqa: BLE001 - whatever the broker's trouble, the visitor has nothing to do with it
            logger.warning("worker_not_told")

    transaction.on_commit(send)
