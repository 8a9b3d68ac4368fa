"""The Celery application: every setting comes from Django's `CELERY_*`, every app's `tasks.py` is found.

DJANGO_SETTINGS_MODULE is left to whoever starts the worker: this module is imported by every process of the project.
"""

from celery import Celery

app = Celery("mespoints")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
