"""« Stage de sensibilisation à la sécurité routière »: what the law says of it, for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mespoints.lib.http import readonly_view


@login_not_required
@require_safe
@readonly_view
def stages(request: HttpRequest) -> HttpResponse:
    """The four situations in which a course is followed, and what each gives."""
    return render(request, "stages/stages.html", {"section": "stages"})
