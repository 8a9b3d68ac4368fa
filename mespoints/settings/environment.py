"""Reading the environment strictly: what is missing or misspelt stops the start, it never means "no"."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from mespoints.lib.timeouts import MARGE


class WithFiles(Mapping[str, str]):
    """The environment, where NAME_FILE may say in which file the value of NAME is: a secret then shows in no listing.

    A value given both ways, or a file that cannot be read, stops the start.
    """

    def __getitem__(self, name: str) -> str:
        path = os.environ.get(f"{name}_FILE")
        if not path:
            return os.environ[name]
        if os.environ.get(name):
            raise ImproperlyConfigured(f"{name} et {name}_FILE : l'un ou l'autre, pas les deux.")
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise ImproperlyConfigured(f"{name}_FILE : {path} ne se lit pas ({type(error).__name__}).") from None
        if not value:  # as if it were not there
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(os.environ)

    def __len__(self) -> int:
        return len(os.environ)


class Env(environ.Env):  # type: ignore[misc]  # the package has no types
    """Every setting of ours is read through this one."""

    ENVIRON: Mapping[str, str] = WithFiles()


env = Env()

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


def web_threads() -> int:
    """Read how many visitors a process of the web serves at once: two at least, since one may wait for something slow.

    gunicorn's number, from which what is slow has its bounds (mespoints.lib.bornes).
    """
    return max(2, number("WEB_THREADS", default=4))


def port_of(name: str) -> int:
    """Read the port of an address to listen on (``host:port``); 0 when there is none."""
    value = env.str(name, default="")
    port = value.rpartition(":")[2]
    if value and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ImproperlyConfigured(f"{name}={value!r}: hôte:port est attendu.")
    return int(port) if value else 0


def required(name: str) -> str:
    """Read a variable that must be there and not be empty."""
    value = str(env.str(name, default="")).strip()
    if not value:
        raise ImproperlyConfigured(f"{name} manque : voir docs/installer.md.")
    return value


def several(name: str, *, needed: bool = False) -> list[str]:
    """Read a list, its words apart by commas, spaces or lines."""
    words = str(env.str(name, default="")).replace(",", " ").split()
    if needed and not words:
        raise ImproperlyConfigured(f"{name} manque : voir docs/installer.md.")
    return words


def secret(name: str) -> str:
    """Read a key in PEM, its lines apart or written as ``\\n``; "" when there is none.

    A file that cannot be read is a key that cannot serve: what needs it stops (documents.checks), and nothing else.
    """
    try:
        return str(env.str(name, default="")).replace("\\n", "\n").strip()
    except ImproperlyConfigured as fault:
        return str(fault)


def database_url() -> str:
    """Choose the address of the database: that of the migration role for the commands that change the schema.

    manage.py says which they are. Without MIGRATION_DATABASE_URL one role does everything.
    """
    application = required("DATABASE_URL")
    if flag("DB_AS_MIGRATION", default=False):
        return str(env.str("MIGRATION_DATABASE_URL", default="")) or application
    return application


#: What this side does by itself when the other one is gone: a machine that vanished says nothing, and TCP alone would
#: ask again for a quarter of an hour.
DB_CLIENT = {
    "connect_timeout": 3,
    "tcp_user_timeout": 5000,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}


def database(url: str) -> dict[str, Any]:
    """Turn a PostgreSQL address into Django's settings, with the timeouts of every connection.

    A web request may wait 5 s for a statement and 2 s for a lock; the commands of manage.py and the worker,
    which move many dossiers at once, set the DB_*_TIMEOUT_MS variables higher.
    """
    config: dict[str, Any] = dict(env.db_url_config(url))
    if config.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL : PostgreSQL est la seule base possible (postgres://…).")
    config["ENGINE"] = "mespoints.lib.postgresql"
    options = config.setdefault("OPTIONS", {})
    config["HOST"] = options.pop("host", config["HOST"])  # the unix-socket form of libpq: postgres://user@/name?host=/…
    timeouts = {
        "statement_timeout": number("DB_STATEMENT_TIMEOUT_MS", default=5_000),
        "lock_timeout": number("DB_LOCK_TIMEOUT_MS", default=2_000),
        "idle_in_transaction_session_timeout": number("DB_IDLE_IN_TRANSACTION_TIMEOUT_MS", default=10_000),
    }
    for name, value in DB_CLIENT.items():
        options.setdefault(name, value)
    options["options"] = " ".join(f"-c {name}={value}" for name, value in timeouts.items())
    config.update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
    if most := timeouts["statement_timeout"]:
        config["CLIENT_TIMEOUT"] = most / 1000 + MARGE
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
