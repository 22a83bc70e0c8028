"""`make demo`: PostgreSQL, the web server and the job runner on this machine alone, until Ctrl-C.

It stands in for what a deployment has from systemd or Docker: what dies is started again, and nothing is left behind.
"""

import argparse
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NoReturn

from config import database

LOCK = database.VAR / "demonstration.lock"
GROUPS = database.VAR / "demonstration.pids"
PATIENCE = 10.0  # seconds for a process to finish what it is doing

# Where the registers lie below DATA, and which importer reads each.
REGISTERS = {
    "councils": "councils/uk_local_authorities_current.csv",
    "nhs-trusts": "nhs/etr.csv",
    "icbs": "nhs/icbs_2026-04.csv",
    "police": "police/police_forces.csv",
    "ukcat": "charities/ukcat_sample.csv",
}

READY = """
In Your Shoes is ready (it took {seconds:.0f} s):  {address}/

  Sign in as a commissioner, a charity worker, a manager, a coordinator, a broker,
  a curator or an administrator:           {address}/demo/
  Read the mails that it would have sent:  {address}/demo/mail/

Ctrl-C stops it and keeps what you entered; `make demo-reset` begins again.
"""


class CannotRunError(Exception):
    """One clear sentence for the person at the keyboard."""


class StoppedError(BaseException):
    """Ctrl-C, a closed terminal or a plain `kill`; like KeyboardInterrupt, nothing but the supervisor may catch it."""


def environment(port: int) -> dict[str, str]:
    """The demonstration's own, whatever the shell has set: it must never write into somebody's real database."""
    theirs = {"DATABASE_URL", "REDIS_URL", "TESTING", "ALLOWED_HOSTS", "SECRET_KEY", "DEBUG", "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in theirs}
    return kept | {"DEMO": "1", "PORT": str(port), "SITE_ADDRESS": f"http://localhost:{port}"}


@contextmanager
def only_one() -> Iterator[None]:
    database.VAR.mkdir(exist_ok=True)
    with LOCK.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRunError("The demonstration is running in another terminal: stop that one first.") from None
        yield


def ensure_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            raise CannotRunError(
                f"Port {port} cannot be used: stop what uses it, or choose another with `make demo PORT=8001`."
            ) from None


@dataclass
class Service:
    """A process that is started again whenever it ends, more slowly each time it ends at once."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    pause: float = 0
    due: float = 0

    def keep_running(self) -> None:
        now = time.monotonic()
        if self.process and self.process.poll() is None:
            return
        if self.process:
            lived = now - self.started
            self.pause = 0.5 if lived > 30 else min(30, max(1, self.pause * 2))
            self.due = now + self.pause
            sys.stderr.write(f"{self.name} ended ({self.process.returncode}); starting it again.\n")
            stop_group(self.process.pid)  # its own children may still hold the port
            self.process = None
        if now >= self.due:
            self.start()

    def start(self) -> None:
        # A session of its own: Ctrl-C then reaches the supervisor alone, which stops things in their order.
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            self.command, env=self.environment, cwd=database.BASE_DIR, stdin=subprocess.DEVNULL, start_new_session=True
        )
        self.started = time.monotonic()

    def stop(self) -> None:
        if not self.process:
            return
        stop_group(self.process.pid)
        self.process.wait()


def stop_group(group: int) -> None:
    """Asks every process of the group to end, and those that have not done so after a while no longer asks."""
    for number, patience in ((signal.SIGTERM, PATIENCE), (signal.SIGKILL, 2.0)):
        end = time.monotonic() + patience
        with suppress(ProcessLookupError):
            os.killpg(group, number)
        while _lives(group) and time.monotonic() < end:
            time.sleep(0.05)


def _lives(group: int) -> bool:
    with suppress(ChildProcessError):
        os.waitpid(group, os.WNOHANG)  # an ended child that nobody has waited for still counts as living
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


class Demonstration:
    def __init__(self, port: int, data: Path | None) -> None:
        self.port = port
        self.data = data
        self.environment = environment(port)
        python = [sys.executable]
        web = ["-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
        self.services = [
            Service(
                "The web server",
                [*python, *web, "--workers", "2", "--threads", "4", "--log-level", "warning"],
                self.environment,
            ),
            Service("The job runner", [*python, "manage.py", "runjobs"], self.environment),
        ]

    def run(self) -> None:
        began = time.monotonic()
        self.stop_leftovers()
        ensure_free(self.port)
        try:
            database.ensure_running()
            self.prepare()
            for service in self.services:
                service.start()
            groups = [str(service.process.pid) for service in self.services if service.process]
            GROUPS.write_text("\n".join(groups))
            self.wait_until_it_answers()
            sys.stdout.write(READY.format(seconds=time.monotonic() - began, address=self.environment["SITE_ADDRESS"]))
            sys.stdout.flush()
            self.watch()
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            self.stop()

    def prepare(self) -> None:
        if not self.data:
            # One process instead of two: starting one is most of what a second start waits for.
            self.manage("prepare", "--verbosity", "0", "--demonstration")
            return
        self.manage("prepare", "--verbosity", "0")
        for kind, file in REGISTERS.items():
            self.manage("import_register", kind, str(self.data / file))
        self.manage("load_demonstration")

    def manage(self, *words: str) -> None:
        command = [sys.executable, "manage.py", *words]
        running = subprocess.Popen(command, env=self.environment, cwd=database.BASE_DIR)  # noqa: S603 - our own command
        try:
            code = running.wait()
        except StoppedError:
            running.terminate()
            running.wait()
            raise
        if code:
            raise CannotRunError(f"`manage.py {' '.join(words)}` failed; what it said stands above.")

    def wait_until_it_answers(self) -> None:
        for _ in range(600):
            self.keep_running()
            server = HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                server.request("GET", "/healthz")
                if server.getresponse().status == 200:
                    return
            except (OSError, HTTPException):
                pass
            finally:
                server.close()
            time.sleep(0.1)
        raise CannotRunError("The web server did not answer within a minute; what it said stands above.")

    def watch(self) -> NoReturn:
        while True:
            self.keep_running()
            time.sleep(0.25)

    def keep_running(self) -> None:
        before = [service.process for service in self.services]
        for service in self.services:
            service.keep_running()
        if before != [service.process for service in self.services]:
            GROUPS.write_text("\n".join(str(service.process.pid) for service in self.services if service.process))

    def stop(self) -> None:
        for service in self.services:
            service.stop()
        database.Cluster.of(testing=False).stop()
        GROUPS.unlink(missing_ok=True)

    def stop_leftovers(self) -> None:
        """After a kill -9 of this supervisor its services live on, and would hold the port."""
        if not GROUPS.exists():
            return
        for word in GROUPS.read_text().split():
            if any(name in database.command_line(int(word)) for name in ("config.wsgi", "runjobs")):
                stop_group(int(word))
        GROUPS.unlink()


def reset() -> None:
    with only_one():
        database.Cluster.of(testing=False).remove()
        shutil.rmtree(database.VAR / "media", ignore_errors=True)
    sys.stdout.write("The demonstration is empty; `make demo` loads it afresh.\n")


def _stop(number: int, frame: Any) -> NoReturn:
    raise StoppedError


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.demonstration", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", type=Path, help="a folder of registers to import")
    parser.add_argument("--reset", action="store_true", help="throw away what was entered")
    given = parser.parse_args(arguments)
    # The supervisor and its children must agree on which database is meant.
    ours = environment(given.port)
    os.environ.clear()
    os.environ.update(ours)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        if given.reset:
            reset()
            return 0
        if given.data and not given.data.is_dir():
            raise CannotRunError(f"There is no folder {given.data}: DATA names the folder of registers.")
        with only_one():
            Demonstration(given.port, given.data.resolve() if given.data else None).run()
    except (CannotRunError, database.ClusterError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except StoppedError:
        sys.stdout.write("Stopped; what was entered is kept.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
