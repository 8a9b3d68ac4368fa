"""The copy of the sessions may be lost, Redis with it; what counts tries may not."""

import pytest
from django.core.cache import caches
from redis.exceptions import ConnectionError as RedisConnectionError

from mespoints.lib.cache import ForgetfulRedisCache


def test_a_forgetful_cache_remembers_while_redis_answers() -> None:
    cache = caches["sessions"]
    cache.set("a", 1, 30)
    assert cache.get("a") == 1
    assert cache.delete("a")
    assert cache.get("a", "rien") == "rien"


def test_without_redis_it_is_empty_and_says_nothing_to_the_visitor() -> None:
    lost = ForgetfulRedisCache("unix:///nulle/part.sock?db=0", {})
    lost.set("a", 1)
    assert lost.get("a", "rien") == "rien"
    assert not lost.delete("a")


def test_the_counter_of_tries_fails_closed() -> None:
    counter = caches["default"]
    counter.set("essais", 1)
    assert counter.incr("essais") == 2
    from django.core.cache.backends.redis import RedisCache

    with pytest.raises(RedisConnectionError):
        RedisCache("unix:///nulle/part.sock?db=0", {}).add("essais", 1)
