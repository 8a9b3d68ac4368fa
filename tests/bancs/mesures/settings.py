"""The site as it is measured and photographed: production but for TLS, with files compressed and named by content.

``MESURES_STATIQUES`` says where collectstatic writes. ``MESURES_AU`` says which day it is, for every process that runs
with these settings: pictures made twice are then the same.
"""

import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone

from mespoints.settings.dev import *  # noqa: F403
from mespoints.settings.dev import TIME_ZONE

# isort: split
from mespoints.lib.logs import logging_config
from mespoints.settings import base  # after dev, which gives it its environment

INSTALLED_APPS = [*base.INSTALLED_APPS, "tests.bancs.mesures"]
STORAGES = base.STORAGES
WHITENOISE_USE_FINDERS = False
STATIC_ROOT = Path(os.environ["MESURES_STATIQUES"])

# Figures alone are printed: what the pages of errors write to the journal is wanted by nobody here.
LOGGING = logging_config(json_lines=False, level="CRITICAL")

ROOT_URLCONF = "tests.bancs.mesures.urls"

if os.environ.get("MESURES_AU"):
    _midi = datetime.combine(date.fromisoformat(os.environ["MESURES_AU"]), time(12), tzinfo=ZoneInfo(TIME_ZONE))
    _ecart = _midi - datetime.now(UTC)
    timezone.now = lambda: datetime.now(UTC) + _ecart
