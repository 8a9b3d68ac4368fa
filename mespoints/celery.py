"""The Celery application: every setting comes from Django's `CELERY_*`, every app's `tasks.py` is found.

DJANGO_SETTINGS_MODULE is left to whoever starts the worker: this module is imported by every process of the project.
"""

from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init
from django.core.exceptions import ImproperlyConfigured

app = Celery("mespoints")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def _refuse_to_start(**_: Any) -> None:
    """As the web does; Celery goes on after an exception, but not after this one."""
    from mespoints.lib.checks import refuse_to_start

    try:
        refuse_to_start()
    except ImproperlyConfigured as fault:
        raise SystemExit(str(fault)) from None
