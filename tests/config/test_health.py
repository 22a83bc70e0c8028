from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client

from config import health, pulse


@pytest.mark.django_db
def test_it_says_that_it_works(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


def test_it_says_when_the_database_is_gone(client: Client) -> None:
    with mock.patch.object(connection, "cursor", side_effect=OperationalError):
        assert client.get("/healthz").status_code == 503


def test_it_answers_nothing_but_reading(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_a_container_asks_itself_under_the_first_allowed_name(
    live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", str(live_server.thread.port))

    monkeypatch.setenv("ALLOWED_HOSTS", "localhost,shoes.example")
    assert health.main() == 0
    monkeypatch.setenv("ALLOWED_HOSTS", "somebody-else.example")
    assert health.main() == 1


def test_a_container_without_a_web_server_is_not_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1")

    assert health.main() == 1


def test_a_worker_is_well_while_its_pulse_is_fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.delenv("PULSE_FILE", raising=False)
    pulse.beat()
    assert pulse.main() == 1

    monkeypatch.setenv("PULSE_FILE", str(tmp_path / "pulse"))
    assert pulse.main() == 1
    pulse.beat(sender="a signal")
    assert pulse.main() == 0
    monkeypatch.setattr(pulse, "STALE", -1.0)
    assert pulse.main() == 1
