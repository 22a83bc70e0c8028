"""A Redis that is dead, or worse, hangs: a page that needs it five times over still answers."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable

import pytest
import redis

from tests.conftest import RedisServer, free_port
from tests.faults.machine import Machine, Process

pytestmark = [pytest.mark.faults, pytest.mark.prove, pytest.mark.redis]

PAGE_SECONDS = 2.5
PAGES = 4


class Site:
    """The real web server, with one page more."""

    def __init__(self, machine: Machine) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        self.asked = 0
        self.server: Process = machine.process(
            "gunicorn", "config.wsgi", f"--bind={self.address}", "--threads=4", "--log-level=error"
        )
        machine.wait(self.answers)

    def answers(self) -> bool:
        try:
            return self.ask() > 0
        except OSError:
            return False

    def ask(self) -> float:
        """Open the page; how long that took."""
        self.asked += 1
        start = time.monotonic()
        with urllib.request.urlopen(f"http://{self.address}/ask?key={self.asked}") as answer:
            assert answer.status == 200
        return time.monotonic() - start


@pytest.fixture
def site(machine: Machine, redis_server: RedisServer) -> Site:
    machine.environment["REDIS_URL"] = redis_server.url
    return Site(machine)


@pytest.mark.parametrize("trouble", ["kill", "hang"])
def test_pages_answer_without_redis(
    machine: Machine, redis_server: RedisServer, site: Site, trouble: str, proof: Callable[[str], None]
) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.llen("celery"), "the page's thread kicks, and knows whom"
    getattr(redis_server, trouble)()
    try:
        seconds = [site.ask() for _ in range(PAGES)]
    finally:
        redis_server.resume()
    assert max(seconds) < PAGE_SECONDS
    assert machine.count_jobs("true") >= 5 * (PAGES + 1)
    proof(f"pages took {', '.join(f'{each:.2f}' for each in seconds)} s, and all that they asked for is promised")


def test_without_patience_a_hung_redis_holds_the_page(
    machine: Machine, redis_server: RedisServer, proof: Callable[[str], None]
) -> None:
    """The negative control: Celery as it comes."""
    machine.environment["FAULTS_WITHOUT_TIME_LIMITS"] = "1"
    machine.environment["REDIS_URL"] = redis_server.url
    site = Site(machine)
    redis_server.hang()
    try:
        with pytest.raises(TimeoutError):
            urllib.request.urlopen(f"http://{site.address}/ask?key=held", timeout=2 * PAGE_SECONDS)
    finally:
        redis_server.resume()
    proof(f"a page was held for more than {2 * PAGE_SECONDS:.0f} s, as must be without time limits")
