"""The two doors, the way out, and the account's own page. What allauth does well is left to it."""

from http import HTTPStatus

from allauth.account.views import login as allauth_login
from allauth.account.views import logout as allauth_logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mespoints.lib.http import readonly_view


@login_not_required
@require_safe
@readonly_view
def franceconnect_connexion(request: HttpRequest) -> HttpResponse:
    """The FranceConnect door, which comes with a later version: what to do meanwhile."""
    return render(request, "account/franceconnect_bientot.html")


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


@login_not_required  # signing out twice is no error
def deconnexion(request: HttpRequest) -> HttpResponse:
    """Sign out on POST; a GET asks first."""
    response: HttpResponse = allauth_logout(request)
    return response
