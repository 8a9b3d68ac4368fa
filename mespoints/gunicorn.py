"""How gunicorn runs the site: `gunicorn -c python:mespoints.gunicorn mespoints.wsgi`.

It listens on the site's port and, when METRICS_BIND is given, on an internal one where `/metrics` answers and nothing
else does. No access log: an address holds what visitors type, and what is counted is in the metrics.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from mespoints.lib.logs import logging_config

bind = [os.environ.get("WEB_BIND", "0.0.0.0:8000")]
if metrics_bind := os.environ.get("METRICS_BIND", ""):
    bind.append(metrics_bind)
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
timeout = 30
graceful_timeout = 25
max_requests, max_requests_jitter = 20_000, 4_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - the heartbeat: never on a disk
control_socket_disable = True
accesslog = None

logconfig_dict: dict[str, Any] = logging_config(json_lines=True, level=os.environ.get("LOG_LEVEL", "INFO"))
logconfig_dict["loggers"] |= {
    name: {"handlers": [], "level": level, "propagate": True}
    # a logconfig turns the access log on again; and each HEAD is worth a warning to gunicorn.http
    for name, level in (("gunicorn.error", "INFO"), ("gunicorn.access", "CRITICAL"), ("gunicorn.http", "ERROR"))
}

#: Counted by each process, summed by whichever is asked: gone with the server.
_shared = Path(tempfile.mkdtemp(prefix="mespoints-metrics-"))
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_shared)


def child_exit(server: Any, worker: Any) -> None:
    """Forget the gauges of a process that ended; its counters stay in the sum."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    shutil.rmtree(_shared, ignore_errors=True)
