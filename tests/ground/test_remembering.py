"""What may not be forgotten with Redis: limits on attempts, and codes that are good once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from partnerships.ground.jobs import wake
from partnerships.ground.models import Remembered
from partnerships.ground.remembering import DatabaseMemory
from partnerships.ground.tasks import remove_what_is_over
from tests.conftest import RedisServer

THREADS = 8


@pytest.fixture
def memory(db: None) -> DatabaseMemory:
    return DatabaseMemory("", {})


def let_it_pass() -> None:
    Remembered.objects.update(until=timezone.now() - timedelta(seconds=1))


def test_it_is_the_default_cache() -> None:
    assert isinstance(caches["default"], DatabaseMemory)


def test_it_remembers_what_json_can_hold(memory: DatabaseMemory) -> None:
    memory.set("tries", [2.5, 1.5], 60)
    assert memory.get("tries") == [2.5, 1.5]
    memory.set("tries", [], 60)
    assert memory.get("tries", "otherwise") == []
    assert memory.delete("tries")
    assert not memory.delete("tries")
    assert memory.get("tries", "otherwise") == "otherwise"


def test_it_adds_once_until_that_is_over(memory: DatabaseMemory) -> None:
    assert memory.add("used", True, 60)
    assert not memory.add("used", False, 60)
    assert memory.get("used") is True
    let_it_pass()
    assert memory.get("used") is None
    assert memory.add("used", False, 60)
    assert memory.get("used") is False


def test_it_lasts_longer_only_while_it_lasts(memory: DatabaseMemory) -> None:
    memory.set("used", True)
    assert memory.touch("used", 600)
    let_it_pass()
    assert not memory.touch("used", 600)


def test_nothing_stays_without_an_end(memory: DatabaseMemory) -> None:
    with pytest.raises(ValueError, match="has an end"):
        memory.set("used", True, None)


def test_a_row_says_nothing_about_anybody(memory: DatabaseMemory) -> None:
    memory.set("tries of 203.0.113.9", [1.0], 60)
    row = Remembered.objects.get()
    assert len(row.key) == 64
    assert "203" not in row.key


def test_what_is_over_goes_at_night(memory: DatabaseMemory) -> None:
    memory.set("over", True, 60)
    let_it_pass()
    memory.set("fresh", True, 60)
    save = remove_what_is_over(None)  # type: ignore[arg-type]  # it asks nothing of its job
    assert save is not None
    save()
    assert memory.get("fresh") is True
    assert Remembered.objects.count() == 1
    memory.clear()
    assert not Remembered.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("over", [False, True])
def test_of_many_who_add_at_once_one_did(over: bool) -> None:
    """Also where what was there is over, which a read before the write would take for free every time."""
    if over:
        cache.set("used", True, 60)
        let_it_pass()
    gate, added = threading.Barrier(THREADS), []

    def add() -> None:
        try:
            gate.wait()
            added.append(cache.add("used", True, 60))
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(added) == [False] * (THREADS - 1) + [True]


# Without Redis --------------------------------------------------------------------------------------------------------

MOST = 60
"""More than any limit on asking for a code."""


def tries_until_refused(client: Client) -> int:
    """How often a code can be asked for before a page says that it is enough."""
    for tries in range(MOST):
        if client.post(reverse("account_login"), {"login": "nobody@example.org"}).status_code == 429:
            return tries
    return MOST


@pytest.fixture
def dead_redis(redis_server: RedisServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(wake, "breaker", wake.Breaker(wake.PAUSE_SECONDS))
    on_redis = {"BACKEND": "config.cache.ForgivingRedisCache", "LOCATION": redis_server.url}
    settings.CACHES = {**settings.CACHES, "quick": on_redis}
    redis_server.kill()
    return on_redis


@pytest.mark.redis
@pytest.mark.django_db
def test_limits_hold_while_redis_is_down(dead_redis: dict[str, Any], client: Client) -> None:
    assert 0 < tries_until_refused(client) < MOST


@pytest.mark.redis
@pytest.mark.django_db
def test_in_redis_they_would_be_off(dead_redis: dict[str, Any], client: Client, settings: Settings) -> None:
    """The negative control."""
    settings.CACHES = {"default": dead_redis, "quick": dead_redis}
    assert tries_until_refused(client) == MOST
