"""Production's settings, plus the floor that « Mes points » is compared with."""

from mespoints.settings.base import *  # noqa: F403
from mespoints.settings.base import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bancs.bench"]
ROOT_URLCONF = "tests.bancs.bench.urls"
