"""A cache that may be lost: without Redis it holds nothing, and nobody is told off for it."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from mespoints.lib.bornes import Disjoncteur

logger = logging.getLogger(__name__)


class ForgetfulRedisCache(RedisCache):
    """Django's Redis cache for copies of what the database holds: an unreachable Redis is an empty cache.

    Never use it for what must be refused when it cannot be counted (rate limits, single-use codes).
    """

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return _or_else(default, super().get, key, default, version)

    def set(self, key: str, value: Any, timeout: Any = -1, version: int | None = None) -> None:
        limit = self.default_timeout if timeout == -1 else timeout
        _or_else(None, super().set, key, value, limit, version)

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(_or_else(False, super().has_key, key, version))

    def add(self, key: str, value: Any, timeout: Any = -1, version: int | None = None) -> bool:
        limit = self.default_timeout if timeout == -1 else timeout
        return bool(_or_else(True, super().add, key, value, limit, version))  # an empty cache had not the key

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(_or_else(False, super().delete, key, version))


#: A Redis that is stopped refuses at once; one that vanished or is frozen would keep each request for seconds.
SILENCE = Disjoncteur(echecs=2, repos=5.0)


def _or_else(fallback: Any, operation: Callable[..., Any], *arguments: Any) -> Any:
    if not SILENCE.passe():
        return fallback
    try:
        found = operation(*arguments)
    except (RedisConnectionError, RedisError) as error:
        SILENCE.noter(en_retard=isinstance(error, RedisTimeoutError))
        logger.warning("cache_unreachable")
        return fallback
    SILENCE.noter(en_retard=False)
    return found
