"""Reading the environment strictly: what is missing or misspelt stops the start, it never means "no"."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

BOOLEANS = {"1": True, "true": True, "oui": True, "0": False, "false": False, "non": False}


def flag(name: str, *, default: bool) -> bool:
    """Read a yes/no variable; anything but 1, 0, true, false, oui or non is an error."""
    value = env.str(name, default="")
    if not value:
        return default
    try:
        return BOOLEANS[value.lower()]
    except KeyError:
        raise ImproperlyConfigured(f"{name}={value!r}: écrire 1 ou 0.") from None


def number(name: str, *, default: int) -> int:
    """Read a whole number that is not negative."""
    value = env.str(name, default="")
    if not value:
        return default
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name}={value!r}: un nombre entier, positif ou nul, est attendu.")
    return int(value)


def required(name: str) -> str:
    """Read a variable that must be there and not be empty."""
    value = str(env.str(name, default="")).strip()
    if not value:
        raise ImproperlyConfigured(f"{name} manque : voir le README, « Mettre en production ».")
    return value


def secret(name: str) -> str:
    """Read a key: the variable itself, else the file that ``<name>_FILE`` names; "" when neither is set."""
    value = str(env.str(name, default="")).replace("\\n", "\n").strip()
    path = str(env.str(f"{name}_FILE", default=""))
    if value or not path:
        return value
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise ImproperlyConfigured(f"{name}_FILE : le fichier {path} ne peut pas être lu.") from None


def database_url() -> str:
    """Choose the address of the database: that of the migration role for the commands that change the schema.

    manage.py says which they are. Without MIGRATION_DATABASE_URL one role does everything.
    """
    application = required("DATABASE_URL")
    if flag("DB_AS_MIGRATION", default=False):
        return str(env.str("MIGRATION_DATABASE_URL", default="")) or application
    return application


def database(url: str) -> dict[str, Any]:
    """Turn a PostgreSQL address into Django's settings, with the time limits of every connection.

    A web request may wait 5 s for a statement and 2 s for a lock; the commands of manage.py and the worker,
    which move many dossiers at once, set the DB_*_TIMEOUT_MS variables higher.
    """
    config: dict[str, Any] = dict(env.db_url_config(url))
    if config.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL : PostgreSQL est la seule base possible (postgres://…).")
    options = config.setdefault("OPTIONS", {})
    config["HOST"] = options.pop("host", config["HOST"])  # the unix-socket form of libpq: postgres://user@/name?host=/…
    limits = {
        "statement_timeout": number("DB_STATEMENT_TIMEOUT_MS", default=5_000),
        "lock_timeout": number("DB_LOCK_TIMEOUT_MS", default=2_000),
        "idle_in_transaction_session_timeout": number("DB_IDLE_IN_TRANSACTION_TIMEOUT_MS", default=10_000),
    }
    options.setdefault("connect_timeout", 3)
    options["options"] = " ".join(f"-c {name}={value}" for name, value in limits.items())
    config.update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
    return config


def broker_and_cache(url: str, *, shift: int = 0) -> tuple[str, str]:
    """Give Celery's address and the cache's from one address, each with a numbered database of its own.

    Emptying Django's cache empties its whole Redis database: the queue is therefore in database n + shift, the cache
    in the next one.
    """
    parts = urlsplit(url)
    if parts.scheme == "unix":
        first = shift + _database_number(parts.query.removeprefix("db=") or "0")
        return f"redis+socket://{parts.path}?virtual_host={first}", f"unix://{parts.path}?db={first + 1}"
    if parts.scheme in {"redis", "rediss"}:
        first = shift + _database_number(parts.path.strip("/") or "0")
        return urlunsplit(parts._replace(path=f"/{first}")), urlunsplit(parts._replace(path=f"/{first + 1}"))
    raise ImproperlyConfigured("REDIS_URL : redis://, rediss:// ou unix:// est attendu.")


def _database_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured("REDIS_URL : le numéro de base doit être un entier.")
    return int(text)
