"""Kicks: without arguments, only where there is a Redis, and never in a page's way."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from partnerships.ground.jobs import wake


class Celery:
    def __init__(self, problem: Exception | None = None) -> None:
        self.sent: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        self.problem = problem

    def send_task(self, *args: Any, **kwargs: Any) -> None:
        self.sent.append((args, kwargs))
        if self.problem:
            raise self.problem


@pytest.fixture(autouse=True)
def _a_fresh_breaker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake, "breaker", wake.Breaker(wake.PAUSE_SECONDS))


@pytest.fixture
def celery(monkeypatch: pytest.MonkeyPatch) -> Celery:
    celery = Celery()
    monkeypatch.setattr(wake, "current_app", celery)
    return celery


def test_a_kick_has_no_arguments_and_runs_out(celery: Celery, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    wake.kick()
    [(args, kwargs)] = celery.sent
    assert args == ("ground.run_due",)
    assert kwargs["expires"] > 0
    assert kwargs["retry_policy"]["max_retries"] == 1
    assert not {"args", "kwargs"} & set(kwargs)


def test_without_a_redis_nobody_is_kicked(celery: Celery, settings: Settings) -> None:
    settings.REDIS_URL = ""
    wake.kick()
    assert celery.sent == []


def test_a_redis_that_fails_is_left_alone_for_a_while(
    celery: Celery, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = "redis://:secret@127.0.0.1:1/0"
    celery.problem = OSError("redis://:secret@127.0.0.1:1/0")
    for _ in range(3):
        wake.kick()
    assert len(celery.sent) == 1
    assert "OSError" in caplog.text
    assert "secret" not in caplog.text


def test_it_is_asked_again_afterwards(celery: Celery, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(wake, "breaker", wake.Breaker(0.0))
    celery.problem = OSError()
    wake.kick()
    wake.kick()
    assert len(celery.sent) == 2
