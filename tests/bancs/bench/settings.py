"""The demonstration's settings, plus the floor that the pages are compared with."""

from mespoints.settings.dev import *  # noqa: F403
from mespoints.settings.dev import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bancs.bench"]
ROOT_URLCONF = "tests.bancs.bench.urls"
