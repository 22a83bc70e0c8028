"""Handlers of jobs that exist for one test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from partnerships.ground.jobs import registry

Register = Callable[..., None]


@pytest.fixture(autouse=True)
def _running_clock(running_clock: None) -> None:
    """Jobs and mails are due by the database's clock."""


@pytest.fixture
def on_job(monkeypatch: pytest.MonkeyPatch) -> Register:
    """`on_job(function, how="resumable")` runs the jobs of kind "tests.job" until the end of the test."""

    def register(
        function: registry.Function,
        *,
        kind: str = "tests.job",
        how: registry.How = "transactional",
        on_failure: registry.OnFailure | None = None,
    ) -> None:
        registry.load()
        monkeypatch.setitem(registry._handlers, kind, registry.Handler(kind, how, function, on_failure))

    return register
