"""The one gate of what a visitor sends: what no page of ours asks for is refused before anything reads it."""

import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest, get_bytes_from_wsgi
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError
from django.utils.http import parse_header_parameters

#: Characters of an address with its query: what gunicorn takes of a first line. Of a value: the longest that a form of
#: ours takes is the answer of a security key, some eight thousand.
ADDRESS_MAXIMUM: Final = 4094
VALUE_MAXIMUM: Final = 32 * 1024
NAME_MAXIMUM: Final = 100
COOKIE_MAXIMUM: Final = 4096

#: What PostgreSQL or a header refuses, and nobody types: control characters but the ends of lines, lone surrogates.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LINES = re.compile("[\t\r\n]")
_REPLACED = "\ufffd"  # what Django makes of bytes that are no UTF-8


def is_unreadable(text: str) -> bool:
    """Say whether a text holds a character that no page of ours asks for: to refuse before it is stored or compared."""
    return bool(_UNREADABLE.search(text))


class SiteRequest(WSGIRequest):
    """A request in UTF-8, whatever charset it says: Django obeys any codec of Python's, before any middleware runs.

    Some are none (``base64``), some make lone surrogates (``unicode_escape``), and a name that is unknown, or more
    fields than are taken, would be an error that no page tells. ``mespoints.wsgi`` takes this class.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (ValueError, LookupError):
            self.content_type, self.content_params = "", {}


class InputsMiddleware:
    """Refuses an address, a header or a form that cannot be read, and forgets a cookie that cannot.

    A cookie comes back with each request until it expires: refused, it would shut its owner out. All the others are
    refused whole, with one page and one constant in the journal.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _check_address(request)
        _check_headers(request)
        for name in [name for name, value in request.COOKIES.items() if _is_bad_cookie(name + value)]:
            del request.COOKIES[name]
        _check_fields(request.GET, lines=False)
        _check_form(request)
        return self.get_response(request)


def _refuse(why: str) -> SuspiciousOperation:
    return SuspiciousOperation(why)


def _check_address(request: HttpRequest) -> None:
    """A path that is no UTF-8 is percent-encoded again by Django: such a page does not exist."""
    query = get_bytes_from_wsgi(request.META, "QUERY_STRING", "")
    if len(request.path) + len(query) > ADDRESS_MAXIMUM:
        raise _refuse("address too long")
    if _holds_control(request.path) or _is_not_utf8(unquote_to_bytes(query)):
        raise _refuse("address unreadable")


def _check_headers(request: HttpRequest) -> None:
    """Servers refuse some of these, not all of them: one of theirs may be another one tomorrow."""
    for name, value in request.META.items():
        if name.startswith("HTTP_") and name != "HTTP_COOKIE" and _holds_control(str(value).replace("\t", " ")):
            raise _refuse("header unreadable")


def _check_form(request: HttpRequest) -> None:
    """Read the form: Django's own bounds (bytes, fields, files) hold here, before a session is looked for."""
    try:
        form = request.POST
    except UnreadablePostError:
        raise _refuse("body cut") from None
    _check_fields(form, lines=True)
    if any(_REPLACED in value for value in form.values()) and (
        request.content_type == "multipart/form-data" or _is_not_utf8(unquote_to_bytes(request.body))
    ):
        raise _refuse("form not UTF-8")


def _check_fields(fields: QueryDict, *, lines: bool) -> None:
    """Refuse a name given twice, which each reader would understand its own way, and what cannot be stored."""
    for name, values in fields.lists():
        if len(values) > 1:
            raise _refuse("given twice")
        if len(name) > NAME_MAXIMUM or _holds_control(name):
            raise _refuse("name unreadable")
        if len(values[0]) > VALUE_MAXIMUM or (is_unreadable if lines else _holds_control)(values[0]):
            raise _refuse("value unreadable")


def _holds_control(text: str) -> bool:
    return is_unreadable(text) or bool(_LINES.search(text))


def _is_not_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return True
    return False


def _is_bad_cookie(text: str) -> bool:
    return len(text) > COOKIE_MAXIMUM or _REPLACED in text or _holds_control(text)
