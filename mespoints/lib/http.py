"""What every view needs from HTTP: reading without writing, and private answers."""

import random
import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

P = ParamSpec("P")
V = TypeVar("V", bound=Callable[..., Any])

_READS = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK TO)\b", re.IGNORECASE)
_LOCKS = re.compile(r"\bFOR\s+(NO\s+KEY\s+)?(UPDATE|KEY\s+SHARE|SHARE)\b", re.IGNORECASE)


class EcritureInterdite(Exception):
    """A view that only reads tried to write."""


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not _READS.match(sql) or _LOCKS.search(sql):
        raise EcritureInterdite(sql.split(None, 1)[0])  # the verb alone: a statement may carry personal data
    return execute(sql, params, many, context)


def readonly_view(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Refuse, while the view runs and its template renders, any statement that is not a plain SELECT or a savepoint.

    Middleware is outside: it may renew the session and keep the journal of consultations.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        with connection.execute_wrapper(_refuse_writes):
            response = view(request, *args, **kwargs)
            return response.render() if isinstance(response, SimpleTemplateResponse) else response

    guarded.readonly = True  # type: ignore[attr-defined]  # a test walks the addresses and asks
    return guarded


def takes(most: int, *, files: bool = False) -> Callable[[V], V]:
    """Declare that a view takes a body of so many bytes, and files: the others take ``BODY_MAXIMUM`` and none."""

    def declare(view: V) -> V:
        view.takes = (most, files)  # type: ignore[attr-defined]  # a test walks the addresses and asks
        return view

    return declare


class RefuseFiles(FileUploadHandler):
    """A form that takes no file: what comes as one is refused at its first byte, and nothing is written."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SuspiciousOperation("no form takes a file")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        raise NotImplementedError  # new_file refuses first

    def file_complete(self, file_size: int) -> None:
        raise NotImplementedError


class BodyLimitMiddleware:
    """Refuses, before anything of it is read, a body larger than what its view takes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = str(request.META.get("CONTENT_LENGTH") or "0")
        length = int(said[:12]) if said.isdecimal() else None
        most, files = settings.BODY_MAXIMUM, False
        if length is None or length > most or request.content_type == "multipart/form-data":
            most, files = self._taken(request)
        if length is None or length > most:
            request.POST = QueryDict()  # the page of the refusal, whose form has a token, reads nothing either
            raise SuspiciousOperation("body too large")
        if files:  # before the token of the form is looked for, which reads the files that come before it
            request.upload_handlers = [TemporaryFileUploadHandler(request)]
        return self.get_response(request)

    def _taken(self, request: HttpRequest) -> tuple[int, bool]:
        """What the view of this address declares; of an address that is none, what all take."""
        ordinary = settings.BODY_MAXIMUM, False
        try:
            return getattr(resolve(request.path_info).func, "takes", ordinary)
        except Resolver404:
            return ordinary


#: What browsers, probes and proxies say. PUT and the like reach the views, which refuse them.
METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}


class MethodNotAllowedMiddleware:
    """Gives a page to the empty answer of a view that takes only a button's POST, or only a look.

    A method that nobody uses (TRACE, WebDAV's) reaches no view at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request) if request.method in METHODS else HttpResponseNotAllowed(["GET", "POST"])
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        page = render(request, "405.html", status=response.status_code)
        page["Allow"] = response["Allow"]
        return page


def keep_private(response: HttpResponseBase) -> None:
    """Forbid any cache, the browser's included, to keep this answer."""
    patch_cache_control(response, private=True, no_store=True, no_cache=True, must_revalidate=True, max_age=0)


def trop_d_essais(request: HttpRequest, attente: int) -> HttpResponse:
    """Too many tries: when to come back (seconds), and nothing else."""
    response = render(request, "429.html", {"attente": duree_en_mots(attente)}, status=429)
    response["Retry-After"] = str(attente)
    return response


def trop_de_monde(request: HttpRequest) -> HttpResponse:
    """Too many at once: nothing was begun, the same form may be sent again, not by everybody at the same second."""
    response = render(request, "503_affluence.html", status=503)
    response["Retry-After"] = str(random.randint(3, 12))  # noqa: S311 - spread, not secret
    keep_private(response)
    return response


def duree_en_mots(secondes: int) -> str:
    """``« 15 minutes », « 2 heures »``: rounded up, so that who waits that long does not wait in vain."""
    if secondes <= 90 * 60:
        minutes = max(1, -(-secondes // 60))
        return f"{minutes} minute{'s' if minutes > 1 else ''}"
    return f"{-(-secondes // 3600)} heures"


def is_own_path(address: str) -> bool:
    """Say whether this is a path of the site: never an address with a host, be it ours, nor what no address holds."""
    return (
        address.startswith("/")
        and address.isprintable()
        and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    )


def site_address(name: str, *args: str) -> str:
    """Give a page's address as a mail or FranceConnect knows it: the site's own, never one that a request claims."""
    return settings.SITE_URL + reverse(name, args=args)
