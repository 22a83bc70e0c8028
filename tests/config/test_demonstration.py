"""The supervisor of `make demo`: it says what is wrong, starts again what dies, and leaves nothing behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from config import database, demonstration
from config.demonstration import CannotRunError, Service
from tests.conftest import PATIENCE, free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # An ended process that its parent has not noticed yet has no command line any more.
    return bool(database.command_line(pid))


def _until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"{what} did not happen within {seconds} s"
        time.sleep(0.05)


def _demonstrate(*arguments: str, var: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "config.demonstration", *arguments],
        cwd=ROOT,
        env={**os.environ, "VAR_FOLDER": str(var)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_it_never_writes_into_a_database_that_the_shell_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "SECRET_KEY"):
        monkeypatch.setenv(name, "somebody's own")

    assert "somebody's own" not in demonstration.environment(8001).values()
    assert demonstration.environment(8001)["SITE_ADDRESS"] == "http://localhost:8001"


@pytest.mark.parametrize("port", [-1, 0x10000])
def test_an_impossible_port_gets_a_sentence(port: int) -> None:
    with pytest.raises(CannotRunError, match="choose another"):
        demonstration.ensure_free(port)


def test_a_taken_port_gets_one_clear_sentence(taken_port: int, tmp_path: Path) -> None:
    refused = _demonstrate("--port", str(taken_port), var=tmp_path)

    said = refused.communicate(timeout=PATIENCE)[0]
    assert refused.returncode == 1
    assert said == (
        f"Port {taken_port} cannot be used: stop what uses it, or choose another with `make demo PORT=8001`.\n"
    )


def test_a_missing_folder_of_registers_gets_one_clear_sentence(tmp_path: Path) -> None:
    refused = _demonstrate("--data", str(tmp_path / "nowhere"), var=tmp_path)

    said = refused.communicate(timeout=PATIENCE)[0]
    assert refused.returncode == 1
    assert said == f"There is no folder {tmp_path / 'nowhere'}: DATA names the folder of registers.\n"


def test_a_second_one_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(demonstration, "LOCK", tmp_path / "lock")

    with (
        demonstration.only_one(),
        pytest.raises(CannotRunError, match="running in another terminal"),
        demonstration.only_one(),
    ):
        pass


# Two processes that do not mind being asked to end, and write down who they are.
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
with open(sys.argv[1], "a") as pids:
    pids.write(f"{os.getpid()}\\n")
time.sleep(60)
"""


class Stubborn:
    def __init__(self, folder: Path) -> None:
        self.file = folder / "pids"
        self.file.touch()
        self.service = Service("The test", [sys.executable, "-c", STUBBORN, str(self.file)], dict(os.environ))
        self.start()

    def start(self) -> None:
        before = len(self.pids)
        self.service.keep_running()
        _until(lambda: len(self.pids) == before + 2, "starting")

    @property
    def pids(self) -> list[int]:
        return [int(word) for word in self.file.read_text().split()]

    @property
    def living(self) -> list[int]:
        return [pid for pid in self.pids if _lives(pid)]


@pytest.fixture
def stubborn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubborn]:
    monkeypatch.setattr(demonstration, "PATIENCE", 0.3)
    started = Stubborn(tmp_path)
    yield started
    started.service.stop()


def test_nothing_is_left_of_a_service_that_will_not_end(stubborn: Stubborn) -> None:
    assert len(stubborn.living) == 2

    stubborn.service.stop()

    assert stubborn.living == []


def test_what_dies_is_started_again_without_its_orphans(stubborn: Stubborn, capsys: pytest.CaptureFixture[str]) -> None:
    process = stubborn.service.process
    assert process
    process.kill()
    process.wait()

    stubborn.service.keep_running()
    assert stubborn.living == []
    stubborn.service.due = 0
    stubborn.start()

    assert len(stubborn.living) == 2
    assert "The test ended (-9); starting it again." in capsys.readouterr().err


def test_what_dies_at_once_is_started_more_and_more_slowly() -> None:
    service = Service("The test", [sys.executable, "-c", ""], dict(os.environ))
    pauses = []
    for _ in range(7):
        service.start()
        assert service.process
        service.process.wait()
        service.keep_running()
        pauses.append(service.pause)

    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_what_a_killed_supervisor_left_behind_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(demonstration, "GROUPS", tmp_path / "pids")
    ours = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "runjobs"], start_new_session=True)
    another = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    _until(lambda: all("sleep" in database.command_line(child.pid) for child in (ours, another)), "starting")
    (tmp_path / "pids").write_text(f"{ours.pid}\n{another.pid}")

    demonstration.Demonstration(8001, None).stop_leftovers()

    assert not _lives(ours.pid)
    assert _lives(another.pid)
    another.kill()
    another.wait()


def test_the_registers_come_before_the_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(demonstration.Demonstration, "manage", lambda self, *words: asked.append(" ".join(words)))

    demonstration.Demonstration(8001, Path("/registers")).prepare()

    assert asked[0].startswith("prepare")
    assert asked[1:-1] == [
        "import_register councils /registers/councils/uk_local_authorities_current.csv",
        "import_register nhs-trusts /registers/nhs/etr.csv",
        "import_register icbs /registers/nhs/icbs_2026-04.csv",
        "import_register police /registers/police/police_forces.csv",
        "import_register ukcat /registers/charities/ukcat_sample.csv",
    ]
    assert asked[-1] == "load_demonstration"


def test_without_registers_one_process_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(demonstration.Demonstration, "manage", lambda self, *words: asked.append(" ".join(words)))

    demonstration.Demonstration(8001, None).prepare()

    assert asked == ["prepare --verbosity 0 --demonstration"]


def test_a_step_that_fails_ends_it_with_a_sentence() -> None:
    with pytest.raises(CannotRunError, match=r"`manage.py no_such_command` failed"):
        demonstration.Demonstration(8001, None).manage("no_such_command")


@pytest.mark.shared_data
def test_the_registers_lie_where_it_looks_for_them(shared_data: Path) -> None:
    assert [file for file in demonstration.REGISTERS.values() if not (shared_data / file).exists()] == []


# The whole of it ------------------------------------------------------------------------------------------------------


def _read_until(running: subprocess.Popen[str], sentence: str) -> str:
    said = ""
    assert running.stdout
    for line in running.stdout:
        said += line
        if sentence in line:
            return said
    raise AssertionError(f"It ended without saying {sentence!r}:\n{said}")


def _seconds(said: str) -> int:
    found = re.search(r"it took (\d+) s", said)
    assert found
    return int(found[1])


def _descendants(pid: int) -> set[int]:
    shown = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(child): int(parent) for child, parent in (line.split() for line in shown.splitlines())}
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


@pytest.fixture
def var() -> Iterator[Path]:
    """Not below pytest's own folder, which root keeps to itself: the database runs as somebody else."""
    with tempfile.TemporaryDirectory(dir=database.VAR, prefix="demonstration-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def _cluster_pid(var: Path) -> int:
    return int((var / "postgresql-demonstration" / "data" / "postmaster.pid").read_text().split()[0])


@pytest.mark.faults
@pytest.mark.built
def test_it_starts_survives_a_kill_stops_and_starts_again_with_everything_kept(var: Path) -> None:
    port = free_port()
    first = _demonstrate("--port", str(port), var=var)
    said = _read_until(first, "make demo-reset")
    assert f"http://localhost:{port}/demo/" in said
    at_first = _seconds(said)
    server = HTTPConnection("127.0.0.1", port, timeout=10)
    server.request("GET", "/healthz")
    assert server.getresponse().status == 200
    server.close()

    runner = next(pid for pid in _descendants(first.pid) if "runjobs" in database.command_line(pid))
    os.kill(runner, signal.SIGKILL)
    _read_until(first, "The job runner ended (-9); starting it again.")
    _until(lambda: any("runjobs" in database.command_line(pid) for pid in _descendants(first.pid)), "restarting")

    everything = _descendants(first.pid) | {first.pid, _cluster_pid(var)}
    first.send_signal(signal.SIGINT)
    assert "what was entered is kept" in first.communicate(timeout=PATIENCE)[0]
    assert first.returncode == 0
    assert [database.command_line(pid) for pid in everything if _lives(pid)] == []

    second = _demonstrate("--port", str(port), var=var)
    again = _seconds(_read_until(second, "In Your Shoes is ready"))
    second.send_signal(signal.SIGTERM)
    second.communicate(timeout=PATIENCE)
    # Fifteen seconds, or on a machine that is busy with other things at least sooner than at first.
    assert again < max(15, at_first)

    reset = _demonstrate("--reset", var=var)
    assert "is empty" in reset.communicate(timeout=PATIENCE)[0]
    assert not (var / "postgresql-demonstration").exists()
