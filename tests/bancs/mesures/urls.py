"""The site's addresses and, beside them, the demonstration's own and those that show each error page."""

from django.urls import path

from demo.composants import composants
from tests.mespoints.urls_pannes import (  # noqa: F401
    handler400,
    handler403,
    handler404,
    handler429,
    handler500,
)
from tests.mespoints.urls_pannes import urlpatterns as celles_du_site

urlpatterns = [path("composants/", composants, name="composants"), *celles_du_site]
