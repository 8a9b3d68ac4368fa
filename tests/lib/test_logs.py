"""What a journal may hold: identifiers and places in the code, never what a visitor wrote."""

import json
import logging
import sys
from datetime import datetime, timedelta

from django.test import RequestFactory
from django.urls import resolve

from mespoints.lib.logs import JsonFormatter, PlainFormatter

SECRET = "990175100001"


def _record(name: str, message: str, *arguments: object, **extra: object) -> logging.LogRecord:
    return logging.getLogger(name).makeRecord(name, 40, "vue.py", 1, message, arguments, None, "vue", extra)


def test_arguments_are_not_written() -> None:
    record = _record("django.request", "%s: %s", "Internal Server Error", f"/mes-points/?neph={SECRET}")
    record.request = RequestFactory().get("/admin/login/", {"neph": SECRET})
    record.request.resolver_match = resolve("/admin/login/")
    line = json.loads(JsonFormatter().format(record))
    assert (line["event"], line["route"]) == ("request", "admin:login")
    assert SECRET not in json.dumps(line)


def test_a_message_already_filled_in_is_not_written() -> None:
    for name in ("django.security.DisallowedHost", "allauth.account", "gunicorn.error"):
        assert SECRET not in JsonFormatter().format(_record(name, f"Invalid HTTP_HOST header: {SECRET}"))


def test_our_own_messages_and_identifiers_are() -> None:
    line = json.loads(JsonFormatter().format(_record("dossier.services", "settled", dossier_id=7, neph=SECRET)))
    assert (line["event"], line["dossier_id"]) == ("settled", 7)
    assert "neph" not in line


def test_a_line_says_when_in_utc_and_is_one_line() -> None:
    """Whatever an identifier holds: nobody writes a second line."""
    record = _record("accounts.signals", "refused", reason='x"}\r\n{"event": "forged"}\u2028')
    text = JsonFormatter().format(record)
    assert "\n" not in text
    assert "\r" not in text
    line = json.loads(text)
    assert (line["event"], line["level"], line["logger"]) == ("refused", "ERROR", "accounts.signals")
    assert datetime.fromisoformat(line["at"]).utcoffset() == timedelta(0)


def test_an_exception_is_a_type_and_a_place() -> None:
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as cause:
            raise RuntimeError(f"dossier {SECRET}") from cause
    except RuntimeError:
        record = _record("dossier.services", "settle_failed")
        record.exc_info = sys.exc_info()
    for formatter in (JsonFormatter(), PlainFormatter()):
        text = formatter.format(record)
        assert SECRET not in text
        assert "builtins.RuntimeError" in text
        assert "builtins.ValueError" in text
        assert "test_logs.py" in text


def test_the_arguments_of_a_task_are_not_written() -> None:
    context = {"id": "abc", "name": "dossier.tasks.settle", "args": [SECRET], "kwargs": {}}
    line = JsonFormatter().format(_record("celery.worker.strategy", "Task %(name)s received", context, data=context))
    assert json.loads(line)["task"] == "dossier.tasks.settle"
    assert SECRET not in line
