"""What the real programs (``celery worker``, ``manage.py settle``) do differently here: slower, by small batches.

A pause after each statement inside a transaction keeps each of its half-done states open for a while: that is where
the kills land. Every connection bears the number of its process, so that the harness knows who is at work.
"""

import os
import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from tests.bancs.chaos import ACCELERATION

PAUSE_MOYENNE = float(os.environ["CHAOS_PAUSE"])  # seconds
LOT = 3


class ChaosConfig(AppConfig):
    name = "tests.bancs.chaos"
    label = "chaos"

    def ready(self) -> None:
        from dossier import nuit, tasks

        nuit.settle_lot = partial(nuit.settle_lot, combien=LOT)
        nuit.SOUFFRANCE /= ACCELERATION
        tasks.SECONDES = tasks.SECONDES / ACCELERATION  # type: ignore[assignment]
        connection_created.connect(_marquer)


def _marquer(connection: Any, **_reste: Any) -> None:
    with connection.cursor() as curseur:
        curseur.execute("SELECT set_config('application_name', %s, false)", [f"chaos-{os.getpid()}"])
    if _freiner not in connection.execute_wrappers:
        connection.execute_wrappers.append(_freiner)


def _freiner(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    resultat = execute(sql, params, many, context)
    if context["connection"].in_atomic_block:
        time.sleep(random.expovariate(1 / PAUSE_MOYENNE))
    return resultat
