"""The pages shown when something is refused or broken: what happened, what was kept, what to do, another way."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from accounts.compte.second_facteur import SecretIllisible
from mespoints.lib.http import trop_d_essais
from mespoints.lib.layout import layout
from mespoints.lib.visiteur import NiveauInsuffisant, SansDossier

logger = logging.getLogger(__name__)

#: What goes away by itself: a server that restarts, a statement that waited too long.
PASSAGERES = (OperationalError, InterfaceError, RedisConnectionError, RedisTimeoutError)
PAGES_DE_REFUS: dict[type[Exception], str] = {
    NiveauInsuffisant: "403_niveau.html",
    SansDossier: "403_sans_dossier.html",
    SecretIllisible: "403_codes.html",
}


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request makes no sense to us; nothing of it is shown again."""
    return render(request, "400.html", status=400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Refused, with the page that says why when the reason is one of ours."""
    template = PAGES_DE_REFUS.get(type(exception), "403.html")
    return render(request, template, status=403)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing, or belongs to another session."""
    logger.info("csrf_refused", extra={"request": request})
    return render(request, "403_csrf.html", {"adresse": f"/{request.path.lstrip('/')}"}, status=403)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page, or not this visitor's: the difference is not told."""
    return render(request, "404.html", status=404)


@requires_csrf_token
def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Too many tries: when to come back, and nothing else."""
    return trop_d_essais(request, 300)


def server_error(request: HttpRequest) -> HttpResponse:
    """Ours to repair. No request in the template: reading the visitor may be what failed."""
    sans_visiteur = layout(request)
    if isinstance(sys.exception(), PASSAGERES):
        return HttpResponse(render_to_string("503.html", sans_visiteur), status=503, headers={"Retry-After": "30"})
    return HttpResponse(render_to_string("500.html", sans_visiteur), status=500)
