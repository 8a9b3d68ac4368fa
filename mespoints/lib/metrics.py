"""What is counted in each process for Prometheus: requests, and how FranceConnect's returns end.

A label is a constant of ours (a route's name, a method, a status, a word): never a path, nor anything that a visitor
wrote. Under gunicorn each process writes to PROMETHEUS_MULTIPROC_DIR, and any of them reads the sum.
"""

import os
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

SEUILS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.5, 3.0, 6.0)
METHODS = {"GET", "HEAD", "POST"}

#: Of this process alone when nothing says where several share.
registry = CollectorRegistry()
REQUESTS = Counter("mespoints_requests", "Requests answered.", ("route", "method", "status"), registry=registry)
SECONDS = Histogram(
    "mespoints_request_seconds", "Time to answer a request.", ("route",), buckets=SEUILS, registry=registry
)
FRANCECONNECT = Counter(
    "mespoints_franceconnect_returns",
    "Returns from FranceConnect: ouverte, interrompu (the visitor gave up), indisponible (it did not answer),"
    " recommencer (what came was refused).",
    ("issue",),
    registry=registry,
)


def exposition() -> bytes:
    """Prometheus' text form of what all the processes of this server have counted."""
    shared = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not shared:
        return generate_latest(registry)
    together = CollectorRegistry()
    MultiProcessCollector(together, shared)  # type: ignore[no-untyped-call]
    return generate_latest(together)


class MetricsMiddleware:
    """Counts each request by the name of its route."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route = (match.view_name or match.route) if match else "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(route, method, str(response.status_code)).inc()
        SECONDS.labels(route).observe(time.perf_counter() - start)
        return response
