"""The private Redis or Valkey, on a unix socket only: started, stopped. It keeps nothing: PostgreSQL is the truth."""

import time
from contextlib import suppress
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from mespoints.local.binaries import find_redis, run_as
from mespoints.local.places import Account, Places, ServiceError
from mespoints.local.processes import is_alive

PATIENCE_SECONDS = 15


def is_answering(places: Places) -> bool:
    """Tell whether the server answers a ping."""
    try:
        with _client(places) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _client(places: Places) -> redis.Redis:
    once = Retry(NoBackoff(), 0)  # we do the waiting
    return redis.Redis(
        unix_socket_path=str(places.redis_socket), socket_timeout=3, socket_connect_timeout=3, retry=once
    )


def start(places: Places, account: Account | None) -> bool:
    """Start the server unless it answers already; return whether it had to be started."""
    if is_answering(places):
        return False
    journal = places.state / "redis.log"
    said = run_as(account, [str(find_redis(places, account)), "-"], input=_configuration(places)).stdout
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_answering(places):
        if time.monotonic() > deadline:
            raise ServiceError(f"Redis ne démarre pas ({said.strip()[-200:] or 'sans explication'}) : voir {journal}.")
        time.sleep(0.05)
    return True


def stop(places: Places) -> bool:
    """Stop the server; return whether one was there."""
    if not is_answering(places):
        return False
    with _client(places) as client:
        pid = int(client.info("server")["process_id"])
        with suppress(redis.ConnectionError):
            client.shutdown(nosave=True)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while is_alive(pid):
        if time.monotonic() > deadline:
            raise ServiceError(f"Redis (processus {pid}) ne s'arrête pas.")
        time.sleep(0.05)
    places.redis_socket.unlink(missing_ok=True)
    return True


def _configuration(places: Places) -> str:
    """Give the configuration, which the server reads on its standard input: root writes no file for it."""
    return "\n".join(
        [
            "port 0",
            f"unixsocket {_quoted(places.redis_socket)}",
            "unixsocketperm 700",
            "daemonize yes",
            f"dir {_quoted(places.state)}",
            f"pidfile {_quoted(places.state / 'redis.pid')}",
            f"logfile {_quoted(places.state / 'redis.log')}",
            'save ""',
            "appendonly no",
            "databases 64",
            "maxmemory 256mb",
            "maxmemory-policy noeviction",
            "",
        ]
    )


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
