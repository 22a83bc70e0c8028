"""What every test may lean on: a database, and Chromium, Redis and the registers where this machine has them.

Tests that need one of those, or the built assets, say so by a marker. They skip where it is absent, and fail with
CI=true, so that a check that could not run is never mistaken for one that passed.
"""

import fcntl
import gc
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import django
import hypothesis
import pytest
import redis

# Before Django reads its settings. A shell's own choices must not change what is tested.
os.environ.update(TESTING="1", DEMO="", DEBUG="", REDIS_URL="")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Playwright's synchronous interface keeps an event loop on this thread, which Django would take for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from config import database

if TYPE_CHECKING:
    from tests.client import HouseClient

PATIENCE = 60.0
"""Seconds until something that was started has gone wrong; a machine may be slow, and busy with other tests."""

IN_CI = os.environ.get("CI") == "true"
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
_claim: list[IO[str]] = []


def _claim_a_run() -> None:
    """Two pytest runs side by side must not share a database: the second takes the next free number."""
    wanted = os.environ.get("TEST_RUN", "")
    database.VAR.mkdir(exist_ok=True)
    for number in count(1):
        run = wanted if number == 1 else f"{wanted}{number}"
        held = (database.VAR / f"test-run-{run or 'first'}.lock").open("w")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.close()
            continue
        _claim.append(held)
        os.environ["TEST_RUN"] = run
        return


if not IS_WORKER and not os.environ.get("DATABASE_URL"):
    _claim_a_run()

# pytest-django does this only for settings that were read before this file, which would be too soon for TESTING.
django.setup()


def pytest_configure(config: pytest.Config) -> None:
    """`make test` draws the same problems each time: what fails in it has failed by what was changed. `make prove`
    draws others. None fails for being slow.

    A run that is cancelled by SIGTERM, as `make` and every CI do, stops its servers as after Ctrl-C.
    """
    same = not config.getoption("--full-counts")
    patient = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
    hypothesis.settings.register_profile("ours", patient, derandomize=same, database=None)
    hypothesis.settings.load_profile("ours")
    if _claim:
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First what waits long for processes to die and come back: begun last, one such test keeps all others idle."""
    items.sort(key=lambda item: "faults" not in item.keywords)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: to look through it again and again for rubbish is a tenth of a test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_unconfigure() -> None:
    """The run that claimed the cluster stops it, whichever worker started it, and those of tests that were killed."""
    if _claim:
        database.Cluster.of(testing=True).stop()
        for home in database.Cluster.place().glob(_throwaway("*").name):
            if home.is_dir():
                database.Cluster(home).remove()


def _throwaway(name: str) -> Path:
    run = os.environ.get("TEST_RUN") or "first"
    return database.Cluster.place() / f"postgresql-of-{run}@{name}"


def throwaway_cluster(name: str) -> database.Cluster:
    """One that keeps its promises under kill -9 (fsync on); the tests' usual one trades them for speed."""
    return database.Cluster(_throwaway(f"{name}-{os.getpid()}"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Only the first test that asks for a database starts the server: most tests of the engine never do."""
    database.ensure_running()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """The flush between transactional tests may empty the audit trail; nothing else may, and a test proves that.

    It deletes: to truncate makes every file of a hundred tables anew, which costs many times as much as to empty
    the few that a test filled.
    """
    from django.db.backends.postgresql.operations import DatabaseOperations

    def delete_past_the_trigger(operations: Any, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
        if not tables:
            return []
        off, on = (f"ALTER TABLE ground_event {word} TRIGGER ground_event_no_change" for word in ("DISABLE", "ENABLE"))
        emptied = [f"DELETE FROM {operations.quote_name(table)}" for table in tables]  # noqa: S608 - our own tables
        # What refers to a row is looked at before the trigger returns: a table with such questions open stays as it is.
        return [off, *emptied, "SET CONSTRAINTS ALL IMMEDIATE", on]

    patch = pytest.MonkeyPatch()
    # For every connection: beside Playwright's event loop this thread has another one than before it.
    patch.setattr(DatabaseOperations, "sql_flush", delete_past_the_trigger)
    yield
    patch.undo()


@pytest.fixture
def cast(db: None) -> Any:
    """The people of every test; see tests/cast.py."""
    from tests.cast import make_cast  # models can be imported only once Django is set up

    return make_cast()


@pytest.fixture(scope="session", autouse=True)
def _still_clock() -> Iterator[None]:
    """It is always the moment at which tests act: on another day what they speak of would be over, or a holiday.

    Of the whole run, since what a module makes once is made before the fixtures of any test. Whoever needs another
    moment sets `clock.now`; and the jobs have the database's own clock, which goes.
    """
    from partnerships.ground import clock
    from tests.factories import AT

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: AT)
        yield


@pytest.fixture(scope="session", autouse=True)
def _time_enough() -> Iterator[None]:
    """Nobody is told to try again, or shown a job in place of an answer, because this machine is slow or busy.

    Tests of what is said then set the times after which it is.
    """
    from partnerships.ground import locks
    from secondments.matches import trials

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locks, "LOCK_TIMEOUT_MS", int(1000 * PATIENCE))
        patch.setattr(trials, "SECONDS", PATIENCE)
        yield


@pytest.fixture
def running_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what the database's clock has a say in, and ours."""
    from django.utils import timezone

    from partnerships.ground import clock

    monkeypatch.setattr(clock, "now", timezone.now)


# What the machine has -------------------------------------------------------------------------------------------------


def chromium() -> str | None:
    mac = [f"/Applications/{name}.app/Contents/MacOS/{name}" for name in ("Chromium", "Google Chrome")]
    named = os.environ.get("CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome", *mac]
    return next((path for path in map(shutil.which, names) if path), None)


def registers() -> Path:
    return Path(os.environ.get("SHARED_DATA", database.BASE_DIR.parent / "shared" / "data"))


def _absent(item: pytest.Item) -> str:
    if item.get_closest_marker("browser") and not chromium():
        return "Chromium is not installed: run `make browser`."
    needs_assets = item.get_closest_marker("browser") or item.get_closest_marker("built")
    if needs_assets and not (database.BASE_DIR / "build" / ".collected").exists():
        return "The pages' assets are not built: run `make install`."
    if item.get_closest_marker("redis") and not shutil.which("redis-server"):
        return "redis-server is not installed: run `make redis`."
    if item.get_closest_marker("shared_data") and not registers().is_dir():
        return f"There are no registers in {registers()}: set SHARED_DATA."
    return ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    reason = _absent(item)
    if reason and IN_CI:
        pytest.fail(reason, pytrace=False)
    if reason:
        pytest.skip(reason)


@pytest.fixture
def shared_data() -> Path:
    """The folder of real registers; mark the test `shared_data`."""
    return registers()


# Proofs ---------------------------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full-counts", type=Path, metavar="REPORT", help="prove at length, and write what held here")


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """`rounds(3, 100)` is 3 in `make test` and 100 in `make prove`; mark the test `prove`.

    A negative control asks for one: it goes on until the fault shows, and has then shown all that it can.
    """
    return lambda small, full: full if request.config.getoption("--full-counts") else small


@pytest.fixture
def proof(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """`proof("100 kills, 4,000 jobs: 0 lost")` is a line of docs/proofs.md once the test has passed."""

    def hold(figures: str) -> None:
        request.node.user_properties.append(("proof", figures))

    return hold


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The figures of this run; `make prove` also writes them down, with the date and the machine."""
    held = [
        (report.nodeid.split("::")[-1].replace("_", " ").removeprefix("test "), figures, report.duration)
        for report in terminalreporter.getreports("passed")
        for name, figures in report.user_properties
        if name == "proof" and report.when == "call"
    ]
    for what, figures, _ in held:
        terminalreporter.write_line(f"{what}: {figures}")
    report: Path | None = config.getoption("--full-counts")
    if report and held:
        lines = [f"| {what} | {figures} | {seconds:.0f} s |\n" for what, figures, seconds in sorted(held)]
        report.write_text(
            "# What was proven\n\n"
            f"Written by `make prove` on {datetime.now(UTC):%-d %B %Y}, on {os.cpu_count()} cores; "
            f"{len(terminalreporter.getreports('failed'))} failed.\n\n"
            "| what | figures | time |\n|---|---|---|\n" + "".join(lines)
        )


# Chromium -------------------------------------------------------------------------------------------------------------


def chromium_arguments() -> list[str]:
    """Nothing but our pages: it looks for updates and word lists otherwise."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-sync"]
    # Chromium cannot make its sandbox as root, which is who runs the tests in most containers.
    return [*quiet, "--no-sandbox"] if os.geteuid() == 0 else quiet


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's own Chromium."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": chromium_arguments()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}


# Ports ----------------------------------------------------------------------------------------------------------------

_ports = count(os.getpid() * 37)


def free_port() -> int:
    """One of those that no system gives away by itself: others could be somebody else's by the time they are used."""
    while True:
        port = 20_000 + next(_ports) % 12_000
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


# Redis ----------------------------------------------------------------------------------------------------------------


class RedisServer:
    """A Redis of the test's own, which it may kill and hang."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = {"port": str(self.port), "bind": "127.0.0.1", "dir": str(self.folder), "appendonly": "yes"}
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self._process = subprocess.Popen(["redis-server", *words, "--save", ""], stdout=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, "redis-server did not start"
            assert time.monotonic() < end, "redis-server does not answer"
            time.sleep(0.05)

    def _answers(self) -> bool:
        """Whether it has read what it had written down, and answers."""
        with redis.Redis(port=self.port, socket_timeout=1, socket_connect_timeout=1) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def hang(self) -> None:
        """It keeps its connections and answers nothing: worse than being dead."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)
            if number == signal.SIGKILL:
                self._process.wait()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """Mark the test `redis`."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def durable_cluster() -> Iterator[database.Cluster]:
    """For tests that kill PostgreSQL itself."""
    cluster = throwaway_cluster("durable")
    cluster.start()
    yield cluster
    cluster.remove()


# People ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def client() -> "HouseClient":
    """In place of pytest-django's: a role that needs a second factor has shown it."""
    from tests.client import HouseClient

    return HouseClient()
