"""Journals that hold no personal data: a line is an allow-list of fields, and never what a visitor wrote.

Of a record we keep the constant text of its message (not its arguments), who wrote it, the name of the route, the
status and, for an exception, its type and where in the code it happened (not its text: it may quote a driver). Our own
code writes a constant message and passes identifiers by `extra`, under the names of FIELDS; what may be part of an
attack passes its `request`, of which a print of the network is written: the lines of a day can be tied, to nobody.
"""

import json
import logging
import traceback
from datetime import UTC, date, datetime
from typing import Any

from django.utils.crypto import salted_hmac

FIELDS = (
    *("status_code", "task", "task_id", "batch", "count", "duration_ms", "reason"),
    *("dossier_id", "document_id", "account_id"),
)
OURS = ("mespoints", "accounts", "dossier", "documents", "stages")
FRAMES = 12


def describe(record: logging.LogRecord) -> dict[str, Any]:
    """Give the fields of a record that may be written, as plain values."""
    moment, request = datetime.fromtimestamp(record.created, UTC), getattr(record, "request", None)
    line: dict[str, Any] = {
        "at": moment.isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "event": _event(record),
    }
    said = {"route": _route(request), "network": _network(request, moment.date()) if request else ""}
    line.update({name: value for name, value in said.items() if value})
    context = record.__dict__.get("data")
    if isinstance(context, dict):  # Celery: the identifier and the name of the task, never its arguments
        line.update({"task": str(context.get("name")), "task_id": str(context.get("id"))})
    line.update({name: record.__dict__[name] for name in FIELDS if isinstance(record.__dict__.get(name), str | int)})
    if record.levelno >= logging.ERROR and record.exc_info and record.exc_info[1] is not None:  # a refusal is no fault
        line["exception"] = describe_exception(record.exc_info[1])
    return line


def describe_exception(error: BaseException) -> dict[str, Any]:
    """Tell an exception's type, its causes' types and its place in the code; neither its text nor any value."""
    causes: list[str] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and len(causes) < 5:
        causes.append(_type_name(cause))
        cause = cause.__cause__ or cause.__context__
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    places = [f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}" for frame in frames]
    return {"type": _type_name(error), "causes": causes, "at": places}


def _type_name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _event(record: logging.LogRecord) -> str:
    if record.name.startswith("django.security"):
        return "refused_request"  # its message is already filled in with what the visitor sent
    if record.name in {"django.request", "py.warnings"}:
        return record.name.rpartition(".")[2]
    if record.name.partition(".")[0] in OURS or record.args:
        return str(record.msg)
    return f"{record.module}.{record.funcName}"  # a message without arguments may have been filled in already


def _route(request: Any) -> str:
    match = getattr(request, "resolver_match", None)
    if match is None:
        return ""
    return str(match.view_name or match.route)


def _network(request: Any, day: date) -> str:
    """A print of the client's network (/24, /48) by a key of that day, made from SECRET_KEY: nothing is kept of it."""
    from mespoints.lib.reseau import reseau_approche  # the settings import this module before the apps are there

    try:
        network = reseau_approche(request)
    except Exception:  # noqa: BLE001 - an address that nobody can read: the line matters more
        return ""
    return salted_hmac(f"mespoints.lib.logs.{day.isoformat()}", network, algorithm="sha256").hexdigest()[:12]


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(describe(record), ensure_ascii=False)


class PlainFormatter(logging.Formatter):
    """The same fields, for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        line = describe(record)
        head = f"{line.pop('level')} {line.pop('logger')} {line.pop('event')}"
        line.pop("at")
        error = line.pop("exception", None)
        text = " ".join([head, *(f"{name}={value}" for name, value in line.items())])
        if error:
            text += (
                "".join(f"\n    {place}" for place in error["at"]) + f"\n    {error['type']} {error['causes'] or ''}"
            )
        return text


def logging_config(*, json_lines: bool, level: str) -> dict[str, Any]:
    """Give Django's LOGGING: everything goes to the standard error of the process, by one formatter.

    Django's own loggers lose their handlers, so that no error page is ever sent by mail with its request.
    """
    formatter = "JsonFormatter" if json_lines else "PlainFormatter"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"mespoints.lib.logs.{formatter}"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "django.db.backends": {"level": "WARNING"},  # the text of SQL statements holds what visitors wrote
            "celery": {"level": level},
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "WARNING"},
        },
    }
