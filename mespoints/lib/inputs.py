"""The one gate of what a visitor sends: what nobody types is refused before anything reads it."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils.http import parse_header_parameters

#: What PostgreSQL or a header refuses, and nobody types: control characters but the ends of lines, lone surrogates.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
#: What some word processors put at the end of a line or of a page comes with a text that is pasted.
_PASTED = str.maketrans("", "", "\x0b\x0c")
#: Django's numbers of sessions.
_SESSION = re.compile("[a-z0-9]{32}")


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
    refused whole, with one page and one constant in the journal. Bytes that are no UTF-8 come as U+FFFD from Django,
    which is storable, and which no name, number, day nor address takes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if _is_bad_cookie(name, value)]:
            del request.COOKIES[name]
        headers = [str(value) for name, value in request.META.items() if name.startswith("HTTP_")]
        asked = [text for name, values in request.GET.lists() for text in (name, *values)]
        if any(map(is_unreadable, [request.path, *asked, *headers])):
            raise SuspiciousOperation("unreadable request")
        _check_form(request)
        return self.get_response(request)


#: Boxes that go by one name, of which a form takes as many as are ticked.
SEVERAL = frozenset({"infractions_annulees"})


def _is_bad_cookie(name: str, value: str) -> bool:
    """Unreadable, or the number of no session: the cache warns of such a key, with what the visitor wrote in it."""
    return is_unreadable(name + value) or (name == settings.SESSION_COOKIE_NAME and not _SESSION.fullmatch(value))


def _check_form(request: HttpRequest) -> None:
    """Read the form: Django's own bounds (bytes, fields, no file) hold here, before a session is looked for."""
    try:
        fields = request.POST.lists()
    except UnreadablePostError:
        raise SuspiciousOperation("form cut short") from None
    for name, values in fields:
        if len(values) > 1 and name not in SEVERAL:  # each reader would take another one
            raise SuspiciousOperation("field given twice")
        if is_unreadable(name) or any(is_unreadable(value.translate(_PASTED)) for value in values):
            raise SuspiciousOperation("unreadable form")
