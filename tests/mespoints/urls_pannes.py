"""The site, and addresses that fail in every way."""

from allauth.core.internal.ratelimit import respond_429
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.urls import path
from django.views.decorators.http import require_POST
from redis.exceptions import ConnectionError as RedisConnectionError

from mespoints.lib.bornes import Encombre
from mespoints.lib.visiteur import NIVEAU_FC, NiveauInsuffisant, SansDossier
from mespoints.urls import (  # noqa: F401
    handler400,
    handler403,
    handler404,
    handler429,
    handler500,
)
from mespoints.urls import (
    urlpatterns as celles_du_site,
)

CANARI = "ZZCANARI 990099009900"


def tomber(exception: Exception):
    @login_not_required
    def vue(request):
        raise exception

    return vue


urlpatterns = [
    *celles_du_site,
    path("panne/400/", tomber(SuspiciousOperation(CANARI))),
    path("panne/403/", tomber(PermissionDenied(CANARI))),
    path("panne/403-niveau/", tomber(NiveauInsuffisant(NIVEAU_FC))),
    path("panne/403-dossier/", tomber(SansDossier(CANARI))),
    path("panne/405/", login_not_required(require_POST(tomber(ZeroDivisionError(CANARI))))),
    path("panne/404/", tomber(Http404(CANARI))),
    path("panne/429/", login_not_required(respond_429)),
    path("panne/500/", tomber(ZeroDivisionError(CANARI))),
    path("panne/503-base/", tomber(OperationalError(CANARI))),
    path("panne/503-affluence/", tomber(Encombre(CANARI))),
    path("panne/503-redis/", tomber(RedisConnectionError(CANARI))),
]
