"""The private PostgreSQL and Redis together: one at a time may start or stop them."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mespoints.local import postgres, valkey
from mespoints.local.binaries import find_postgres
from mespoints.local.places import Places, account_for, locate, prepare


@dataclass(frozen=True)
class Status:
    """What answers now."""

    postgres: bool
    redis: bool


def start(places: Places | None = None) -> Status:
    """Start what does not answer yet, and tell what had to be started."""
    places = places or locate()
    account = account_for(places)
    prepare(places, account)
    with _alone(places):
        return Status(postgres=postgres.start(places, account), redis=valkey.start(places, account))


def stop(places: Places | None = None) -> Status:
    """Stop what runs, and tell what ran."""
    places = places or locate()
    if not places.state.is_dir():
        return Status(postgres=False, redis=False)
    account = account_for(places)
    prepare(places, account)
    with _alone(places):
        return Status(postgres=postgres.stop(places, account), redis=valkey.stop(places))


def forget(places: Places | None = None) -> None:
    """Stop what runs and delete the data: the next start makes an empty database."""
    places = places or locate()
    stop(places)
    for folder in {places.state, places.sockets}:
        shutil.rmtree(folder, ignore_errors=True)


def status(places: Places | None = None) -> Status:
    """Tell what answers."""
    places = places or locate()
    return Status(postgres=postgres.is_answering(places), redis=valkey.is_answering(places))


def path_with_programs() -> str:
    """Give a PATH whose first PostgreSQL is the private server's: another version's pg_dump would refuse to dump it."""
    places = locate()
    return f"{find_postgres(places, account_for(places)).directory}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


@contextmanager
def _alone(places: Places) -> Iterator[None]:
    """Wait until nobody else starts or stops these services. The lock goes with its holder, however it dies."""
    descriptor = os.open(places.state / "verrou", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
