"""The demonstration and the developer's machine: production without TLS, with throwaway secrets and private services.

DEBUG stays off, so that the error pages seen are the real ones; MESPOINTS_DEBUG=1 turns it on.
"""

import os

from mespoints.lib.logs import logging_config
from mespoints.local.addresses import urls
from mespoints.local.places import CHECKOUT

_urls = urls()
os.environ.setdefault("SECRET_KEY", "demonstration-only-this-key-is-public-and-protects-nothing-5b1c9d7e")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
os.environ.setdefault("REDIS_URL", _urls.redis)
if os.environ.setdefault("DATABASE_URL", _urls.database) == _urls.database:
    os.environ.setdefault("MIGRATION_DATABASE_URL", _urls.migration)
os.environ.setdefault("MESPOINTS_DEMONSTRATION", "1")
os.environ.setdefault("SITE_URL", f"http://localhost:{os.environ.get('PORT', '8000')}")
# The stand-in of demo/franceconnect, which `make demo` starts on the port above (mespoints.local.demonstration).
os.environ.setdefault("FRANCECONNECT_ISSUER", f"http://localhost:{int(os.environ.get('PORT', '8000')) + 1000}/api/v2")
os.environ.setdefault("FRANCECONNECT_CLIENT_ID", "mespoints-demonstration")
os.environ.setdefault("FRANCECONNECT_CLIENT_SECRET", "demonstration-only-this-secret-is-public")
os.environ.setdefault("FRANCECONNECT_CLE_IDENTITES", "demonstration-only-this-key-is-public-and-seals-nothing")
# The catcher that the demonstration runs (demo/courriels.py): one reads at MAIL_PORT, it receives at the next one.
os.environ.setdefault("EMAIL_URL", f"smtp://127.0.0.1:{int(os.environ.get('MAIL_PORT', '8025')) + 1}")
# The keys that `make demo` made, unless the environment gives others: without any, the site runs and issues nothing.
for _nom, _fichier in (
    ("CACHET_CLE", "cachet.cle.pem"),
    ("CACHET_CERTIFICAT", "cachet.pem"),
    ("ADCS_CLE", "adcs.cle.pem"),
    ("ADCS_CERTIFICATS", "adcs.pem"),
):
    if not os.environ.get(_nom) and (CHECKOUT / "var" / "demo" / _fichier).exists():
        os.environ.setdefault(f"{_nom}_FILE", str(CHECKOUT / "var" / "demo" / _fichier))

from mespoints.settings.base import *  # noqa: E402, F403
from mespoints.settings.base import INSTALLED_APPS, MESPOINTS_DEMONSTRATION, STORAGES  # noqa: E402
from mespoints.settings.environment import flag  # noqa: E402

if MESPOINTS_DEMONSTRATION:
    ROOT_URLCONF = "demo.urls"  # the site, and /composants/

DEBUG = flag("MESPOINTS_DEBUG", default=False)
INTERNAL_IPS = ["127.0.0.1", "::1"]

# Plain http on this machine: a __Host- cookie is one that a browser only accepts over TLS.
SESSION_COOKIE_NAME = "sid"
DEVICE_COOKIE_NAME = "connu"
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_NAME = "csrf"
CSRF_COOKIE_SECURE = False
LANGUAGE_COOKIE_SECURE = False
FRANCECONNECT_COOKIE_PREFIX = "fc-"
THEME_COOKIE_NAME, MESSAGE_COOKIE_NAME = "theme", "messages"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_HSTS_PRELOAD = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

# Static files straight from the sources: no collectstatic, with DEBUG off as well.
INSTALLED_APPS = ["whitenoise.runserver_nostatic", *INSTALLED_APPS]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
WHITENOISE_AUTOREFRESH = DEBUG

LOGGING = logging_config(json_lines=False, level="INFO")
