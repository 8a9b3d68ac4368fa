"""The copy of the sessions may be lost, Redis with it; what counts tries may not."""

from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from mespoints.figures import queues_url
from mespoints.lib.cache import ForgetfulRedisCache
from tests.accounts.factories import RattachementFactory


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


@pytest.mark.django_db
def test_what_a_full_redis_may_forget_has_an_end_and_a_message_has_none(client: Client, settings: Any) -> None:
    """docker-compose.yml: volatile-lru takes among the keys that have an end."""
    from mespoints.celery import app

    client.force_login(RattachementFactory().user)
    assert client.get("/mes-points/").status_code == 200
    caches["default"].set("sans-duree", 1)
    with Redis.from_url(settings.CACHES["default"]["LOCATION"]) as copies, Redis.from_url(queues_url()) as queues:
        ends = {key.decode(): copies.ttl(key) for key in copies.scan_iter()}
        assert any(key.startswith("sessions:") for key in ends)
        assert [key for key, end in ends.items() if end <= 0] == []
        app.send_task("essai.sans_fin", queue="celery")
        try:
            assert queues.llen("celery") >= 1
            assert queues.ttl("celery") == -1
        finally:
            queues.delete("celery")
