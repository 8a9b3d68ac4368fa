"""The pages that say what this service is: public, without any data."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mespoints.comprendre.presenters import articles
from mespoints.lib.http import readonly_view


@login_not_required
@require_safe
@readonly_view
def accueil(request: HttpRequest) -> HttpResponse:
    """What the service gives, to whom, and the two doors."""
    return render(request, "accueil.html")


@login_not_required
@require_safe
@readonly_view
def aide(request: HttpRequest) -> HttpResponse:
    """Answers to what visitors ask first."""
    return render(request, "pages/aide.html")


@login_not_required
@require_safe
@readonly_view
def accessibilite(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, as it is: no audit yet."""
    return render(request, "pages/accessibilite.html")


@login_not_required
@require_safe
@readonly_view
def mentions_legales(request: HttpRequest) -> HttpResponse:
    """Who publishes this, and what it is not."""
    return render(request, "pages/mentions_legales.html")


@login_not_required
@require_safe
@readonly_view
def donnees_personnelles(request: HttpRequest) -> HttpResponse:
    """Which data are kept, why and how long."""
    return render(request, "pages/donnees_personnelles.html")


@login_not_required
@require_safe
@readonly_view
def numero_de_dossier(request: HttpRequest) -> HttpResponse:
    """Where the number is on each kind of licence, drawn."""
    return render(request, "pages/numero_de_dossier.html")


@login_not_required
@require_safe
@readonly_view
def documents(request: HttpRequest) -> HttpResponse:
    """ADCS, RIR and RII side by side: what each proves, who may ask for it, how long, points or not."""
    return render(request, "pages/documents.html", {"legifrance": articles()})


@login_not_required
@require_safe
@readonly_view
def employeur(request: HttpRequest) -> HttpResponse:
    """What an employer or an insurer may ask for: a sheet to print."""
    return render(request, "pages/employeur.html", {"legifrance": articles()})


@login_not_required
@require_safe
@readonly_view
def telepoints(request: HttpRequest) -> HttpResponse:
    """The old service's code no longer works: why, and the two ways in."""
    return render(request, "pages/telepoints.html")


@login_not_required
@require_safe
@readonly_view
def plan_du_site(request: HttpRequest) -> HttpResponse:
    """Every page, by use."""
    return render(request, "pages/plan_du_site.html")
