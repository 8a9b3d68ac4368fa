"""Production's settings with one app more: its migrations alter a table that the site is reading."""

from mespoints.settings.base import *  # noqa: F403
from mespoints.settings.base import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bancs.production"]
