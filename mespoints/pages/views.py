"""The pages that say what this service is: public, without any data. ``urls`` gives each its template."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mespoints.lib.http import readonly_view
from mespoints.pages.destinataires import L225_5
from mespoints.pages.presenters import articles


@login_not_required
@require_safe
@readonly_view
def page(request: HttpRequest, *, gabarit: str) -> HttpResponse:
    """A text, the addresses of the articles that it may cite, and whom L. 225-5 names."""
    return render(request, gabarit, {"legifrance": articles(), "destinataires": L225_5})
