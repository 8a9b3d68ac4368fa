"""The way out, and the account's own page. What allauth does well is left to it."""

from collections.abc import Callable
from functools import wraps

from allauth.account.views import logout as allauth_logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.views.franceconnect import deconnecter_de_franceconnect, jeton_de_session
from mespoints.lib.http import readonly_view

Vue = Callable[..., HttpResponseBase]


@require_safe
@readonly_view
def compte(request: HttpRequest) -> HttpResponse:
    """What the visitor may change of the account."""
    return render(request, "account/compte.html")


@login_not_required  # signing out twice is no error
def deconnexion(request: HttpRequest) -> HttpResponse:
    """Sign out on POST, here first, then of FranceConnect when it opened the session; a GET asks first."""
    jeton = jeton_de_session(request) if request.method == "POST" else ""
    response: HttpResponse = allauth_logout(request)
    return deconnecter_de_franceconnect(request, jeton, response) if jeton else response


def avec_adresse(view: Vue) -> Vue:
    """Refuse an account that FranceConnect opens: an address or a password of its own is a second, weaker door."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.email:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
