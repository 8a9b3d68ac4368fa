"""The test bed: PostgreSQL and Redis are real, each xdist worker has its own databases, nothing leaves the machine."""

import os
from datetime import UTC, datetime, timedelta

from documents.code.cles import fabriquer
from mespoints.lib.logs import logging_config
from mespoints.local.addresses import urls

_urls = urls()
os.environ["SECRET_KEY"] = "tests-only-this-key-is-public-and-protects-nothing-0a4f6e2b"  # noqa: S105
os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1,[::1],testserver"
os.environ["SITE_URL"] = "http://testserver"
# Nobody answers here: a test that needs FranceConnect has the stand-in, on a port of its own (tests/franceconnect.py).
os.environ["FRANCECONNECT_ISSUER"] = "https://franceconnect.invalid/api/v2"
os.environ["FRANCECONNECT_AUTRE_FOURNISSEUR"] = "1"
os.environ["FRANCECONNECT_CLIENT_ID"] = "tests"
os.environ["FRANCECONNECT_CLIENT_SECRET"] = "tests-only-this-secret-is-public"  # noqa: S105
os.environ["FRANCECONNECT_CLE_IDENTITES"] = "tests-only-this-key-is-public-and-seals-nothing"
# A key of the codes of this run, which the programs that it starts share.
_periode = datetime.now(UTC) - timedelta(days=800), datetime.now(UTC) + timedelta(days=800)
_codes = fabriquer(*_periode, "Essais")
for _nom, _pem in zip(("ADCS_CLE", "ADCS_CERTIFICATS"), _codes, strict=True):
    os.environ.setdefault(_nom, _pem.decode())
# A seal of this run, which the programs that it starts share.
_cachet = fabriquer(*_periode, "Cachet de démonstration, sans valeur")
for _nom, _pem in zip(("CACHET_CLE", "CACHET_CERTIFICAT"), _cachet, strict=True):
    os.environ.setdefault(_nom, _pem.decode())
os.environ.setdefault("REDIS_URL", _urls.redis)
if os.environ.setdefault("DATABASE_URL", _urls.database) == _urls.database:
    os.environ.setdefault("MIGRATION_DATABASE_URL", _urls.migration)
# A test holds one transaction from its first line to its last, and two cores are shared by everybody.
os.environ.setdefault("DB_STATEMENT_TIMEOUT_MS", "60000")
os.environ["DB_LOCK_TIMEOUT_MS"] = "20000"
os.environ["DB_IDLE_IN_TRANSACTION_TIMEOUT_MS"] = "0"

from mespoints.settings.base import *  # noqa: E402, F403
from mespoints.settings.base import CACHES, INSTALLED_APPS, STORAGES  # noqa: E402
from mespoints.settings.environment import broker_and_cache  # noqa: E402

# Database 0 and 1 belong to the demonstration; worker n of xdist has 4 + 2n and the next one.
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
CELERY_BROKER_URL, _cache_url = broker_and_cache(os.environ["REDIS_URL"], shift=4 + 2 * _worker)
CACHES = {alias: {**cache, "LOCATION": _cache_url} for alias, cache in CACHES.items()}

MESPOINTS_TESTS = True
INSTALLED_APPS = [*INSTALLED_APPS, *([] if "demo" in INSTALLED_APPS else ["demo"])]  # its commands
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# The test client speaks http; tests of the production headers use the base settings.
SESSION_COOKIE_NAME = "sid"
DEVICE_COOKIE_NAME = "connu"
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_NAME = "csrf"
CSRF_COOKIE_SECURE = False
FRANCECONNECT_COOKIE_PREFIX = "fc-"
THEME_COOKIE_NAME, MESSAGE_COOKIE_NAME = "theme", "messages"
SECURE_SSL_REDIRECT = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
WHITENOISE_AUTOREFRESH = True

LOGGING = logging_config(json_lines=False, level="WARNING")

# A test that makes an account does not compute a proof of work, unless it says so.
EFFORT_A_LA_CREATION = False
