"""What an orchestrator asks: does the process live, may it be sent visitors, what has it counted.

They answer before any other middleware: without host, TLS, session nor cache, none of which may make a process that
works look dead. `/livez` touches nothing. `/readyz` asks PostgreSQL, and refuses until the schema is this code's;
Redis, the mail server and FranceConnect are not asked: the points are shown without them. `/metrics` exists on the
internal port alone (METRICS_BIND: gunicorn listens there too, nobody publishes it), where nothing else does.
"""

from collections.abc import Callable

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST

from mespoints import figures
from mespoints.lib import metrics
from mespoints.lib.timeouts import within

READY_SECONDS = 2.0


class ProbesMiddleware:
    """First of the list."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.migrated = False  # a schema that was new enough once stays so: migrations only go forward under a site

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.METRICS_PORT and request.META.get("SERVER_PORT") == str(settings.METRICS_PORT):
            return _metrics() if request.path == "/metrics" else _say("none", 404)
        if request.path == "/livez":
            return _say("ok")
        if request.path == "/readyz":
            return self._ready()
        return self.get_response(request)

    def _ready(self) -> HttpResponse:
        connection = connections[DEFAULT_DB_ALIAS]
        try:
            with within(READY_SECONDS), connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            if not self.migrated:
                executor = MigrationExecutor(connection)
                self.migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError:
            return _say("database", 503)
        return _say("ok") if self.migrated else _say("migrations", 503)


def _say(word: str, status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(f"{word}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)


def _metrics() -> HttpResponse:
    return HttpResponse(metrics.exposition() + figures.exposition(), content_type=CONTENT_TYPE_LATEST)
