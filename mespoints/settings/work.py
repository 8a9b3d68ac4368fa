"""How work is done out of the request: queues, time limits, and what is done when."""

from typing import Any

from celery.schedules import crontab

# Messages carry identifiers only; later work is a date in PostgreSQL, never an ETA; a lost message loses nothing.
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,  # longer than a worker listens in one go
    "socket_keepalive": True,
    "health_check_interval": 20,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_VISIBILITY_TIMEOUT = 600
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120  # visibility_timeout / 5: a task that still runs is never delivered a second time
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 60
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
# What is slow on purpose has a queue of its own, and in production workers of its own; one without -Q serves them all.
CELERY_TASK_QUEUES = {name: {"exchange": name, "routing_key": name} for name in ("celery", "pdf", "mail")}
CELERY_TASK_ROUTES = {"documents.*": {"queue": "pdf"}, "accounts.envoyer": {"queue": "mail"}}
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    # Not between 2:00 and 3:00: one of those hours does not exist in March, and comes twice in October.
    "nuit": {"task": "dossier.ouvrir_la_nuit", "schedule": crontab(hour=4, minute=10)},
    "statuts": {"task": "documents.revoir_les_statuts", "schedule": crontab(hour="0,6", minute=1)},
    "reprise": {"task": "dossier.reprendre_les_nuits", "schedule": 300.0},
    "courriels": {"task": "accounts.envoyer", "schedule": 60.0},
    "menage-des-comptes": {"task": "accounts.menage", "schedule": 3600.0},
    "demandes": {"task": "accounts.reprendre_les_demandes", "schedule": 60.0},
    "lettres": {"task": "documents.editer_les_lettres", "schedule": 300.0},
    "oubli-des-demandes": {"task": "accounts.oublier_les_demandes", "schedule": 3600.0},
}
