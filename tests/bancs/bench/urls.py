"""The site's addresses and, beside them, the floor of its pages."""

from django.urls import include, path

from mespoints.urls import handler400, handler403, handler404, handler429, handler500  # noqa: F401  # as on the site
from tests.bancs.bench.plancher import plancher

urlpatterns = [path("plancher/<str:quoi>/<int:rangs>/<int:octets>/", plancher), path("", include("mespoints.urls"))]
