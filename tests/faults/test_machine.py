"""A machine is put back as it was, whoever is still at work on it."""

from __future__ import annotations

from typing import Any

import psycopg2
import pytest

from tests.faults.machine import Machine

pytestmark = pytest.mark.faults

LINGER = "CREATE TRIGGER linger AFTER INSERT ON secondments_match FOR EACH STATEMENT EXECUTE FUNCTION linger(0.1);"


def somebody_at_work(machine: Machine) -> Any:
    """As a runner in the middle of a transaction, which holds its locks even after a kill, until its statement ends."""
    other = machine.connect()
    other.autocommit = False
    other.cursor().execute("SELECT count(*) FROM secondments_match")
    machine.sql("SET lock_timeout = '1s'")
    return other  # since a connection that nobody holds on to is closed


def test_what_made_it_slow_is_taken_away_from_under_somebody_at_work(machine: Machine) -> None:
    with machine.lingering(LINGER):
        other = somebody_at_work(machine)
    with pytest.raises(psycopg2.OperationalError, match="server"):
        other.cursor().execute("SELECT 1")
    assert machine.sql("SELECT tgname FROM pg_trigger WHERE tgname = 'linger'") == []


def test_without_stopping_them_it_cannot_be(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setattr(Machine, "stop", lambda self: None)
        with pytest.raises(psycopg2.errors.LockNotAvailable), machine.lingering(LINGER):
            other = somebody_at_work(machine)
    other.close()
    machine.sql("DROP FUNCTION linger() CASCADE")
