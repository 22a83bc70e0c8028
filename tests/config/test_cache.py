"""A page can do without Redis: dead or hung, the cache answers as an empty one, and soon."""

import time
from collections.abc import Callable, Iterator

import pytest

from config.cache import ForgivingRedisCache
from tests.conftest import RedisServer

pytestmark = pytest.mark.redis


@pytest.fixture
def cache(redis_server: RedisServer) -> Iterator[ForgivingRedisCache]:
    yield ForgivingRedisCache(redis_server.url, {})
    ForgivingRedisCache._resting_until.clear()


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
    monkeypatch.setattr("config.cache.REST", 0.1)
    redis_server.hang()
    assert cache.get("key") is None

    redis_server.resume()
    time.sleep(0.2)
    cache.set("key", "back")

    assert cache.get("key") == "back"
