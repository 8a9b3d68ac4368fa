"""The demonstration's settings with time a hundred times faster, and batches small enough to be cut in the middle."""

from mespoints.settings.dev import *  # noqa: F403
from mespoints.settings.dev import CELERY_BROKER_TRANSPORT_OPTIONS, INSTALLED_APPS
from mespoints.settings.environment import flag
from tests.bancs.chaos import ACCELERATION

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bancs.chaos"]
if flag("CHAOS_NAIF", default=False):
    INSTALLED_APPS += ["tests.bancs.chaos.naif"]

CELERY_VISIBILITY_TIMEOUT = CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] // ACCELERATION
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "visibility_timeout": CELERY_VISIBILITY_TIMEOUT,
    "unacked_restore_interval": 1,
}
