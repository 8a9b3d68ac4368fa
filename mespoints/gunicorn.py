"""How gunicorn runs the site: `gunicorn -c python:mespoints.gunicorn mespoints.wsgi`.

It listens on the site's port and, when METRICS_BIND is given, on an internal one where `/metrics` answers and nothing
else does. No access log: an address holds what visitors type, and what is counted is in the metrics.
"""

import os
import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import ENVIRONMENT_VARIABLE

from mespoints.lib.logs import logging_config
from mespoints.settings.environment import web_threads

bind = [os.environ.get("WEB_BIND", "0.0.0.0:8000")]
if metrics_bind := os.environ.get("METRICS_BIND", ""):
    bind.append(metrics_bind)
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
# Who waits for FranceConnect (5 s at most) or for a document (20 s) holds a thread, not the whole process. Each thread
# keeps a connection to PostgreSQL and two to Redis: workers x threads of each for a server.
# They are given whole requests only: who sends slowly, or says nothing, keeps none. A process whose threads are all
# taken leaves newcomers for a moment to another one, rather than have them wait behind it.
worker_class = "mespoints.lib.webworker.WholeRequests"
threads = web_threads()
# One request a connection: the proxy is next door, and never reuses one that is being closed. It should hold answers
# whole (nginx does; Caddy: response_buffers): who reads slowly then keeps no thread.
keepalive = 0
timeout = 30  # without a sign of the process itself; what a thread waits for has its own limits (mespoints.lib.checks)
graceful_timeout = 25
max_requests, max_requests_jitter = 20_000, 4_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - the heartbeat: never on a disk
control_socket_disable = True
# The proxy is told apart by nothing here (mespoints.lib.http counts proxies): no header of anybody's changes how a
# request is read. gunicorn would otherwise take SCRIPT_NAME and the like from whoever connects from this machine.
forwarded_allow_ips = ""
forwarder_headers = ""
accesslog = None

_production = os.environ.get(ENVIRONMENT_VARIABLE, "mespoints.settings.base") == "mespoints.settings.base"
logconfig_dict: dict[str, Any] = logging_config(json_lines=_production, level=os.environ.get("LOG_LEVEL") or "INFO")
logconfig_dict["loggers"] |= {
    name: {"handlers": [], "level": level, "propagate": True}
    # a logconfig turns the access log on again; and each HEAD is worth a warning to gunicorn.http
    for name, level in (("gunicorn.error", "INFO"), ("gunicorn.access", "CRITICAL"), ("gunicorn.http", "ERROR"))
}

#: Counted by each process, summed by whichever is asked: gone with the server.
_shared = Path(tempfile.mkdtemp(prefix="mespoints-metrics-"))
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_shared)


def pre_fork(server: Any, worker: Any) -> None:
    """Give a process the first place that none of the living has."""
    taken = {other.place for other in server.WORKERS.values()}
    worker.place = next(place for place in count(1) if place not in taken)


def post_fork(server: Any, worker: Any) -> None:
    """Count in the files of that place, where the process before left off: as many files as processes.

    Named by process id, as prometheus_client does unless told, those of the ones that came and went would only add up,
    and each reading opens them all.
    """
    from prometheus_client import values

    values.ValueClass = values.MultiProcessValue(lambda: worker.place)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    shutil.rmtree(_shared, ignore_errors=True)
