"""The account's own page. What allauth does well is left to it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mespoints.lib.http import readonly_view


@require_safe
@readonly_view
def compte(request: HttpRequest) -> HttpResponse:
    """What the visitor may change of the account."""
    return render(request, "account/compte.html")
