"""The site's addresses and, beside them, what only a demonstration has."""

from django.urls import path

from demo.composants import composants
from mespoints.urls import handler400, handler403, handler404, handler429, handler500  # noqa: F401
from mespoints.urls import urlpatterns as celles_du_site

urlpatterns = [path("composants/", composants, name="composants"), *celles_du_site]
