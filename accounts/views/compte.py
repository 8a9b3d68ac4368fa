"""The account's own page. What allauth does well is left to it."""

from http import HTTPStatus

from allauth.account.views import login as allauth_login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mespoints.lib.http import readonly_view


@require_safe
@readonly_view
def compte(request: HttpRequest) -> HttpResponse:
    """What the visitor may change of the account."""
    return render(request, "account/compte.html")


@login_not_required
def connexion(request: HttpRequest) -> HttpResponse:
    """Sign in by address and password; who must wait keeps the page, with the status and the delay that say so."""
    response: HttpResponse = allauth_login(request)
    if attente := getattr(request, "attente", None):
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response["Retry-After"] = str(attente)
    return response
