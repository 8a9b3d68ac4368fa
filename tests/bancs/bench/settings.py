"""The demonstration's settings, plus the bare view that the points page is compared with."""

from mespoints.settings.dev import *  # noqa: F403
from mespoints.settings.dev import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bancs.bench"]
ROOT_URLCONF = "tests.bancs.bench.urls"
