"""A page can do without Redis: dead or hung, the cache answers as an empty one, and soon."""

import time
from collections.abc import Callable

import pytest
from celery import Celery
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from config.cache import ForgivingRedisCache
from partnerships.ground.jobs import wake
from tests.conftest import RedisServer

pytestmark = pytest.mark.redis


@pytest.fixture(autouse=True)
def _a_fresh_breaker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake, "breaker", wake.Breaker(wake.PAUSE_SECONDS))


@pytest.fixture
def cache(redis_server: RedisServer) -> ForgivingRedisCache:
    return ForgivingRedisCache(redis_server.url, {})


def _ask_everything(cache: ForgivingRedisCache) -> list[object]:
    answers = [cache.get("key", "otherwise"), cache.get_many(["key"]), cache.add("key", 1)]
    cache.set("key", 1)
    answers += [cache.set_many({"key": 1}), cache.touch("key"), cache.incr("key"), cache.has_key("key")]
    answers += [cache.delete("key")]
    cache.delete_many(["key"])
    cache.clear()
    return answers


def test_it_is_a_cache(cache: ForgivingRedisCache) -> None:
    assert _ask_everything(cache) == ["otherwise", {}, True, [], True, 2, True, True]


def test_a_missing_number_cannot_be_raised(cache: ForgivingRedisCache) -> None:
    with pytest.raises(ValueError, match="not found"):
        cache.incr("absent")


@pytest.mark.faults
@pytest.mark.parametrize("harm", [RedisServer.kill, RedisServer.hang])
def test_without_redis_it_answers_as_an_empty_cache_and_waits_once(
    cache: ForgivingRedisCache, redis_server: RedisServer, harm: Callable[[RedisServer], None]
) -> None:
    cache.set("key", "kept")
    harm(redis_server)

    began = time.monotonic()
    answers = _ask_everything(cache)

    assert answers == ["otherwise", {}, True, ["key"], False, 1, False, False]
    assert time.monotonic() - began < 2.5


@pytest.mark.faults
def test_it_asks_redis_again_after_a_rest(
    cache: ForgivingRedisCache, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wake, "breaker", wake.Breaker(0.1))
    redis_server.hang()
    assert cache.get("key") is None

    redis_server.resume()
    time.sleep(0.2)
    cache.set("key", "back")

    assert cache.get("key") == "back"


# Whole pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def redis_everywhere(redis_server: RedisServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> RedisServer:
    """Cache and kicks on one Redis, as deployed."""
    settings.REDIS_URL = settings.CELERY_BROKER_URL = redis_server.url
    on_redis = {"BACKEND": "config.cache.ForgivingRedisCache", "LOCATION": redis_server.url}
    settings.CACHES = {**settings.CACHES, "quick": on_redis}
    app = Celery("as_deployed", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    monkeypatch.setattr(wake, "current_app", app)
    return redis_server


@pytest.mark.faults
@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("harm", [RedisServer.kill, RedisServer.hang])
def test_pages_answer_while_redis_does_not(
    redis_everywhere: RedisServer,
    client: Client,
    harm: Callable[[RedisServer], None],
    proof: Callable[[str], None],
) -> None:
    def sign_in() -> float:
        """How long it takes; counts an attempt, and enqueues a mail."""
        began = time.monotonic()
        client.get(reverse("account_login"))
        answer = client.post(reverse("account_login"), {"login": "nobody@example.org"})
        with transaction.atomic():
            wake.wake()
        assert answer.status_code == 302
        return time.monotonic() - began

    sign_in()  # what is read from files once is not what anybody waits for here
    harm(redis_everywhere)
    waits = [sign_in() for _ in range(3)]

    assert max(waits) < 2.5
    state = "dead" if harm is RedisServer.kill else "hung"
    proof(f"Redis {state}, three sign-ins: the slowest took {max(waits):.2f} s, the fastest {min(waits):.2f} s")
