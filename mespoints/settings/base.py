"""Production. SECRET_KEY, DATABASE_URL, REDIS_URL and ALLOWED_HOSTS have no default: without them nothing starts."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from redis.backoff import NoBackoff
from redis.retry import Retry

from mespoints.lib.logs import logging_config
from mespoints.settings import franceconnect
from mespoints.settings.environment import (
    broker_and_cache,
    database,
    database_url,
    env,
    flag,
    number,
    port_of,
    required,
    secret,
    several,
    web_threads,
)
from mespoints.settings.work import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parents[2]

# --- What this instance is ------------------------------------------------------------------------------------------

DEBUG = False
SECRET_KEY = required("SECRET_KEY")
# The administration answers under this name alone, when one is given; it is then one of ALLOWED_HOSTS.
ADMIN_HOST = env.str("ADMIN_HOST", default="").lower()
SECRET_KEY_FALLBACKS = several("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = several("ALLOWED_HOSTS", needed=True)
# The marks of the State (Marianne block and font, name of the ministry) belong to the State: off unless it asks.
MESPOINTS_MARQUE_ETAT = flag("MESPOINTS_MARQUE_ETAT", default=False)
# The instance shows invented drivers: personas on the login page, mail catcher, FranceConnect stand-in.
MESPOINTS_DEMONSTRATION = flag("MESPOINTS_DEMONSTRATION", default=False)
# Pages are shown, nothing is changed (mespoints.maintenance): while a database is moved, or an incident looked into.
MESPOINTS_LECTURE_SEULE = flag("MESPOINTS_LECTURE_SEULE", default=False)
# The test bed alone: its keys are published too (mespoints.lib.checks).
MESPOINTS_TESTS = False

# --- Applications ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "mespoints",
    "accounts",
    "dossier",
    "documents",
    "stages",
    "mespoints.bureau.BureauConfig",  # django.contrib.admin, with our site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",  # the session list of allauth
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "dsfr",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    *(["demo"] if MESPOINTS_DEMONSTRATION else []),  # its commands; no image of production holds it
]

MIDDLEWARE = [
    "mespoints.probes.ProbesMiddleware",
    "mespoints.lib.metrics.MetricsMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # before what refuses: its page is a page
    "mespoints.lib.http.BodyLimitMiddleware",
    "mespoints.lib.inputs.InputsMiddleware",  # after it, nothing that was sent is unreadable
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # The pages: files are compressed beforehand. BREACH: a page that says again what was sent to it holds no secret but
    # the CSRF token, masked anew each time, and the middleware pads each answer by a random length.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.VisitorMiddleware",
    "accounts.middleware.SignedInMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ReprisesMiddleware",
    "mespoints.maintenance.ReadOnlyMiddleware",
    "accounts.middleware.AgentsMiddleware",
    "accounts.middleware.LimitesMiddleware",
    "dossier.middleware.ConsultationsMiddleware",
    "mespoints.lib.http.MethodNotAllowedMiddleware",
]

ROOT_URLCONF = "mespoints.urls"
WSGI_APPLICATION = "mespoints.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mespoints.lib.layout.layout",
            ],
            "builtins": ["dossier.templatetags.francais"],
            "loaders": [
                (
                    "mespoints.lib.templates.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
        },
    }
]

# Cells, alerts and accordions of django-dsfr go through mark_safe unless this is False.
DSFR_CONTENT_IS_SAFE = False
# The manifest storage rewrites url() in the style sheets: a digest of the original would make browsers drop them.
DSFR_USE_INTEGRITY_CHECKSUMS = False

# --- Language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "fr-fr"
LANGUAGES = [("fr", "français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

# --- Data -----------------------------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {"default": database(database_url())}
# The tables belong to the role of MIGRATION_DATABASE_URL; `migrate` gives this one its rights.
DATABASE_APPLICATION_ROLE: str = database(required("DATABASE_URL"))["USER"]

BROKER_URL, CACHE_URL = broker_and_cache(required("REDIS_URL"))
REDIS_OPTIONS: dict[str, Any] = {"socket_connect_timeout": 1, "socket_timeout": 2, "retry": Retry(NoBackoff(), 0)}
REDIS_OPTIONS |= {"health_check_interval": 30} | ({} if CACHE_URL.startswith("unix:") else {"socket_keepalive": True})
CACHES: dict[str, dict[str, Any]] = {
    # What is counted or used once is in PostgreSQL (accounts.limites): nothing here may not be lost.
    "default": {
        "BACKEND": "mespoints.lib.cache.ForgetfulRedisCache",
        "LOCATION": CACHE_URL,
        "OPTIONS": REDIS_OPTIONS,
    },
    # Sessions are in PostgreSQL; this copy may be lost, and Redis with it.
    "sessions": {
        "BACKEND": "mespoints.lib.cache.ForgetfulRedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "sessions",
        "OPTIONS": REDIS_OPTIONS,
    },
}

# --- Static files ---------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT: Path | None = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# css/site.css is made from the DSFR's parts that our templates use; the package's own 1,609 files are not served.
STATICFILES_FINDERS = [
    "mespoints.lib.staticfiles.StylesheetFinder",
    "mespoints.lib.staticfiles.AppsWithoutDsfr",
    "django.contrib.staticfiles.finders.FileSystemFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Sessions, cookies, transport -----------------------------------------------------------------------------------

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_CACHE_ALIAS = "sessions"
SESSION_COOKIE_NAME = "__Host-sid"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from FranceConnect
SESSION_COOKIE_AGE = 20 * 60
DEVICE_COOKIE_NAME = "__Host-connu"  # the accounts that a browser opened before: accounts.compte.appareils
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
THEME_COOKIE_NAME = "__Host-theme"
MESSAGE_COOKIE_NAME = "__Host-messages"
MESSAGE_STORAGE = "mespoints.lib.annonces.HostStorage"
LANGUAGE_COOKIE_SECURE = True

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": browsers then send "Origin: null" with a form, which Django's CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Only behind a proxy that sets this header itself and removes the visitor's.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("BEHIND_TLS_PROXY", default=False) else None
ALLAUTH_TRUSTED_PROXY_COUNT = number("TRUSTED_PROXY_COUNT", default=0)

# Of each process: what is slow may hold half of them (mespoints.lib.bornes).
WEB_THREADS = web_threads()
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 60
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
FILE_UPLOAD_HANDLERS = ["mespoints.lib.http.RefuseFiles"]
BODY_MAXIMUM = 1024 * 1024  # of a request, in bytes: refused by its announced length, before it is read

# --- FranceConnect --------------------------------------------------------------------------------------------------

# mozilla-django-oidc's names. Never: OIDC_USE_PKCE (FranceConnect refuses code_challenge), OIDC_ALLOW_UNSECURED_JWT,
# OIDC_VERIFY_KID or OIDC_VERIFY_SSL off, SessionRefresh (it sends prompt=none): accounts.checks says so too.
FRANCECONNECT_ISSUER = franceconnect.ISSUER
FRANCECONNECT_OFFICIELS = franceconnect.OFFICIELS
FRANCECONNECT_AUTRE_FOURNISSEUR = flag("FRANCECONNECT_AUTRE_FOURNISSEUR", default=False)
FRANCECONNECT_ACR = env.str("FRANCECONNECT_ACR", default="") or "eidas1"
OIDC_RP_CLIENT_ID = env.str("FRANCECONNECT_CLIENT_ID", default="")
OIDC_RP_CLIENT_SECRET = env.str("FRANCECONNECT_CLIENT_SECRET", default="")
# Seals the identities and finds them again: it outlives SECRET_KEY, and must never change.
FRANCECONNECT_CLE_IDENTITES = env.str("FRANCECONNECT_CLE_IDENTITES", default="")  # needed: accounts.checks
OIDC_RP_SIGN_ALGO = env.str("FRANCECONNECT_ALGORITHM", default="") or "ES256"
OIDC_RP_SCOPES = (
    env.str("FRANCECONNECT_SCOPES", default="") or "openid identite_pivot email preferred_username idp_birthdate"
)
OIDC_OP_AUTHORIZATION_ENDPOINT = franceconnect.adresse("AUTHORIZATION", "authorize")  # the browser's, like the logout
OIDC_OP_TOKEN_ENDPOINT = franceconnect.adresse("TOKEN", "token")
OIDC_OP_USER_ENDPOINT = franceconnect.adresse("USERINFO", "userinfo")
OIDC_OP_JWKS_ENDPOINT = franceconnect.adresse("JWKS", "jwks")
OIDC_OP_LOGOUT_ENDPOINT = franceconnect.adresse("LOGOUT", "session/end")
OIDC_STATE_SIZE = OIDC_NONCE_SIZE = 32
OIDC_TIMEOUT = 5.0  # for the whole exchange behind the return, bodies read included
FRANCECONNECT_COOKIE_PREFIX = "__Host-fc-"  # one cookie a departure: two tabs do not disturb each other

# A POST to our own address is redirected to FranceConnect: Chromium and Safari hold form-action against it.
FRANCECONNECT_ORIGINS = sorted(
    {franceconnect.origine(url) for url in (OIDC_OP_AUTHORIZATION_ENDPOINT, OIDC_OP_LOGOUT_ENDPOINT)}
    if OIDC_RP_CLIENT_ID
    else set()
)

# --- Documents ------------------------------------------------------------------------------------------------------

# PEM: the private key that seals the files, its certificate and then the chain. Without them no document is issued.
CACHET_CLE = secret("CACHET_CLE")
CACHET_CERTIFICAT = secret("CACHET_CERTIFICAT")
# The same of the codes of the ADCS: the private key that signs, and the certificates of all the keys whose codes are
# accepted: one a year, two that overlap, never the key of the seal. Without them no ADCS is issued.
ADCS_CLE = secret("ADCS_CLE")
ADCS_CERTIFICATS = secret("ADCS_CERTIFICATS")

# --- Content security policy ----------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "img-src": [SELF, "data:"],  # icons inside the style sheets of the DSFR
        "form-action": [SELF, *FRANCECONNECT_ORIGINS],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

# What a page may ask of the browser: the security keys of a sign-in, and nothing else.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    **dict.fromkeys(["accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen"], []),
    **dict.fromkeys(["geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb"], []),
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
}

# --- Accounts -------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
# One alone: each backend hashes a wrong password once, which is slow on purpose. allauth's is ModelBackend, by e-mail.
AUTHENTICATION_BACKENDS = [
    "accounts.backends.CompteBackend",
]
PASSWORD_HASHERS = [
    "accounts.compte.mots_de_passe.Argon2id",
    "accounts.compte.mots_de_passe.Pbkdf2",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "accounts.compte.mots_de_passe.LongueurMaximale"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email",)},
    },
    {"NAME": "accounts.compte.mots_de_passe.RienDePersonnel"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},  # fifteen digits are 50 bits
]
PASSWORD_RESET_TIMEOUT = 3600

ACCOUNT_EMAIL_SUBJECT_PREFIX = "Mes Points Permis - "
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.compte.forms.ConnexionForm",
    "reset_password": "accounts.compte.forms.OubliForm",
    "add_email": "accounts.compte.forms.NouvelleAdresseForm",
    "change_password": "accounts.compte.forms.ChangerMotDePasseForm",
    "reset_password_from_key": "accounts.compte.forms.ChoisirMotDePasseForm",
    "reauthenticate": "accounts.compte.forms.ConfirmerForm",
}
MFA_FORMS = {
    "authenticate": "accounts.compte.forms.SecondFacteurForm",
    "reauthenticate": "accounts.compte.forms.SecondFacteurEncoreForm",
    "activate_totp": "accounts.compte.forms.ApplicationForm",
    "add_webauthn": "accounts.compte.forms.CleForm",
    "edit_webauthn": "accounts.compte.forms.RenommerCleForm",
    "authenticate_webauthn": "accounts.compte.forms.SecondFacteurCleForm",
    "reauthenticate_webauthn": "accounts.compte.forms.ConfirmerCleForm",
}
CSRF_FAILURE_VIEW = "mespoints.errors.csrf_failure"

LOGIN_URL = "/connexion/"
LOGIN_REDIRECT_URL = "/mes-points/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 2  # the present one, and the next one while it is being verified
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Mes Points Permis"
MFA_TOTP_TOLERANCE = 1  # the code before and the one after: clocks differ
MFA_ADAPTER = "accounts.adapter.MFAAdapter"

# Failed sign-ins, on an account or from a network, before the browser is asked for a proof of work.
EFFORT_APRES = 3
EFFORT_A_LA_CREATION = True
# Accounts asked for in vain in an hour, on the whole site: beyond, none is compared until the hour has passed.
CREATION_ECHECS_PAR_HEURE = number("CREATION_ECHECS_PAR_HEURE", default=500)

# allauth's limits, kept in the cache, would be lost with it: accounts.limites counts in PostgreSQL instead.
ACCOUNT_RATE_LIMITS = False

# --- Mail -----------------------------------------------------------------------------------------------------------

vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
if vars()["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_BACKEND = "mespoints.lib.smtp.TimedBackend"
EMAIL_TIMEOUT = 5  # seconds to take the connection
# Then: to be let in; to answer a command; to say that the message is taken; for a whole mail; to say goodbye.
EMAIL_WAITS = {"session": 30, "command": 60, "message": 300, "mail": 420, "quit": 5}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="") or "Mes Points Permis <ne-pas-repondre@localhost>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# The address of this site, as written in mails: never the one that a request claims.
SITE_URL: str = (env.str("SITE_URL", default="") or f"https://{ALLOWED_HOSTS[0].lstrip('.')}").rstrip("/")

# --- Background work: mespoints.settings.work -----------------------------------------------------------------------

CELERY_BROKER_URL = BROKER_URL
CELERY_TIMEZONE = TIME_ZONE

# --- Metrics ----------------------------------------------------------------------------------------------------------

# The internal port of mespoints.gunicorn: `/metrics` answers there and nowhere else. 0: nowhere at all.
METRICS_PORT = port_of("METRICS_BIND")

# --- Journal --------------------------------------------------------------------------------------------------------

LOGGING = logging_config(json_lines=True, level=env.str("LOG_LEVEL", default="") or "INFO")
