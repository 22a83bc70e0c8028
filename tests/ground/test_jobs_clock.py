"""Work that is asked for by the clock: once for each moment, however many beats ask."""

from __future__ import annotations

from datetime import datetime

import pytest

from partnerships.ground import jobs
from partnerships.ground.jobs import registry

pytestmark = pytest.mark.django_db


def test_the_clock_asks_once_for_each_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(registry, "_schedules", {})
    monkeypatch.setattr(registry, "_handlers", dict(registry._handlers))
    jobs.every("tests.often", minutes=15)(lambda job: ran.append(job.scheduled_for.isoformat()))
    jobs.every("tests.daily", at_hour=7)(lambda job: ran.append(job.scheduled_for.isoformat()))
    for moment in ("2026-07-01T09:29:00+00:00", "2026-07-01T09:29:59+00:00", "2026-07-01T09:30:00+00:00"):
        monkeypatch.setattr("partnerships.ground.clock.now", lambda moment=moment: datetime.fromisoformat(moment))
        jobs.run_due(schedules=True)
        jobs.run_due(schedules=True)
    # Seven o'clock of ours is six in universal time in July.
    assert sorted(ran) == ["2026-07-01T06:00:00+00:00", "2026-07-01T09:15:00+00:00", "2026-07-01T09:30:00+00:00"]


def test_before_its_hour_a_daily_job_stands_for_the_day_before() -> None:
    latest = registry.Schedule("tests.daily", registry.daily(7)).latest
    assert latest(datetime.fromisoformat("2026-01-05T06:59:00+00:00")).isoformat() == "2026-01-04T07:00:00+00:00"
    assert latest(datetime.fromisoformat("2026-01-05T07:00:00+00:00")).isoformat() == "2026-01-05T07:00:00+00:00"


def test_a_schedule_says_either_minutes_or_an_hour() -> None:
    with pytest.raises(ValueError, match="either"):
        jobs.every("tests.never")
