"""How long a visitor, a command or a worker may wait for PostgreSQL; what moves many dossiers, longer."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

BATCH_TIMEOUTS = {
    "DB_STATEMENT_TIMEOUT_MS": "60000",
    "DB_LOCK_TIMEOUT_MS": "5000",
    "DB_IDLE_IN_TRANSACTION_TIMEOUT_MS": "60000",
}
#: Given to the server to keep its own timeout, and say so.
MARGE = 3.0

_within: ContextVar[float | None] = ContextVar("within", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let each statement of this block wait so long for the server, instead of what the settings say."""
    jeton = _within.set(seconds)
    try:
        yield
    finally:
        _within.reset(jeton)


def how_long(otherwise: float) -> float:
    """Say how many seconds a statement may wait for the server here."""
    return _within.get() or otherwise
