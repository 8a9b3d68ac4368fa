"""The site's addresses and, beside them, a bare view: signed in, the same layout, as many rows, as many bytes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from mespoints.urls import handler400, handler403, handler404, handler429, handler500  # noqa: F401  # as on the site

REMPLISSAGE = "Ligne de comparaison, sans base ni calcul. "


def vue_nue(request: HttpRequest, rangs: int, octets: int) -> HttpResponse:
    """What any signed-in page of this size costs: session, account, layout, rows of ``octets`` bytes."""
    texte = (REMPLISSAGE * (octets // len(REMPLISSAGE) + 1))[:octets]
    lignes = [{"date": "21/07/2023", "points": "+1", "texte": texte} for _ in range(rangs)]
    return render(request, "vue_nue.html", {"lignes": lignes, "section": "points"})


urlpatterns = [path("vue-nue/<int:rangs>/<int:octets>/", vue_nue), path("", include("mespoints.urls"))]
