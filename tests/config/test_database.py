"""The embedded PostgreSQL: where it is, that it comes back after a kill, and that nothing of it stays."""

import os
import shutil
import signal
from pathlib import Path
from unittest import mock

import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from config import database


def test_an_address_is_taken_apart_with_its_encoded_parts() -> None:
    address = database.parse_url("postgres://iys:p%40ss%2Fword@db.internal:6432/in_your_shoes?sslmode=require")

    assert address == {
        "NAME": "in_your_shoes",
        "USER": "iys",
        "PASSWORD": "p@ss/word",
        "HOST": "db.internal",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }


def test_an_address_can_name_a_socket_folder() -> None:
    assert database.parse_url("postgresql://%2Fvar%2Frun%2Fpostgresql/iys")["HOST"] == "/var/run/postgresql"


@pytest.mark.parametrize("url", ["mysql://a/b", "postgres://host/", "postgres://user:secret@host:none/b", "nonsense"])
def test_a_wrong_address_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        database.parse_url(url)

    assert "postgres://user:password@host:5432/name" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_without_an_address_only_the_demonstration_and_tests_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with pytest.raises(ImproperlyConfigured, match="DEMO=1"):
        database.configuration(demo=False, testing=False)


def test_the_demonstration_and_each_test_run_have_clusters_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    homes = {database.Cluster.of(testing=False).home}
    for run in ("", "amira", "ben"):
        monkeypatch.setenv("TEST_RUN", run)
        homes.add(database.Cluster.of(testing=True).home)

    assert len(homes) == 4


def test_a_deep_folder_gets_a_socket_path_that_the_system_accepts(tmp_path: Path) -> None:
    cluster = database.Cluster(tmp_path / ("deep" * 30))

    assert len(str(cluster.socket_folder / ".s.PGSQL.5432")) < database.LONGEST_SOCKET


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that others cannot reach")
def test_below_a_folder_that_only_root_may_enter_it_runs_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir(mode=0o700)
    place = database.Cluster.place(tmp_path / "private" / "checkout" / "var")
    cluster = database.Cluster(place / "postgresql-demonstration")

    cluster.start()

    assert tmp_path not in place.parents
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o700
    assert cluster.answers()
    cluster.remove()
    shutil.rmtree(place)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that others cannot reach")
def test_programs_that_only_root_can_reach_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "pginstall18" / "bin"
    installed.mkdir(parents=True)
    (installed / "postgres").touch()
    found = mock.Mock(submodule_search_locations=[str(tmp_path)])
    monkeypatch.setattr("importlib.util.find_spec", lambda name: found)

    programs = database.Cluster(tmp_path / "home")._programs()

    assert programs != installed
    assert (programs / "postgres").exists()
    assert programs.parent.stat().st_mode & 0o777 == 0o755


@pytest.mark.django_db
def test_the_database_is_the_embedded_one_through_psycopg2() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_connections'), datlocale FROM pg_database WHERE datname = 'postgres'"
        )
        assert cursor.fetchone() == ("400", "C.UTF-8")

    connection.ensure_connection()
    assert isinstance(connection.connection, psycopg2.extensions.connection)


@pytest.mark.faults
def test_a_killed_server_comes_back_with_what_it_had(durable_cluster: database.Cluster) -> None:
    _execute(durable_cluster, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)")
    pid = int((durable_cluster.data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)

    durable_cluster.start()

    assert _execute(durable_cluster, "SELECT id, current_setting('fsync') FROM kept") == [(7, "on")]


def test_a_stale_pid_that_now_belongs_to_another_process_is_survived(durable_cluster: database.Cluster) -> None:
    durable_cluster.stop()
    (durable_cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{durable_cluster.data}\n")

    durable_cluster.stop()
    durable_cluster.start()

    assert durable_cluster.answers()


def test_it_runs_in_a_folder_with_spaces_and_leaves_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    cluster = database.Cluster(database.Cluster.place() / f"postgresql with spaces, {os.getpid()}")
    cluster.start()
    _execute(cluster, "SELECT 1")

    cluster.remove()

    assert not cluster.home.exists()
    assert not cluster.answers()


def test_the_command_starts_stops_and_removes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Deep enough for its socket to lie elsewhere.
    cluster = database.Cluster(database.Cluster.place() / f"postgresql-{'deep' * 30}-{os.getpid()}")
    monkeypatch.setattr(database.Cluster, "of", lambda testing: cluster)

    assert database.main(["start"]) == 0
    assert cluster.answers()
    assert database.main(["stop"]) == 0
    assert not cluster.answers()
    assert database.main(["remove"]) == 0
    assert not cluster.home.exists()
    assert not cluster.socket_folder.exists()
    assert database.main(["restart"]) == 2
    assert capsys.readouterr().err == "Say one of: start, stop, remove.\n"


def test_what_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    cluster = database.Cluster(database.Cluster.place() / f"postgresql-refused-{os.getpid()}")
    monkeypatch.setattr(database.Cluster, "of", lambda testing: cluster)
    monkeypatch.setattr(database, "USER", "")

    assert database.main(["start"]) == 1
    assert capsys.readouterr().err.startswith("initdb failed: ")
    cluster.remove()


def test_a_data_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)

    with pytest.raises(database.ClusterError, match="belongs to another user"):
        database.Cluster(tmp_path / "home").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give folders away")
def test_root_does_not_trust_a_folder_that_somebody_laid_ready(tmp_path: Path) -> None:
    os.chown(tmp_path, 4321, 4321)

    with pytest.raises(database.ClusterError, match="belongs to another user"):
        database.Cluster(tmp_path / "home").start()


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "open", mock.Mock(side_effect=PermissionError))

    with pytest.raises(database.ClusterError, match="belongs to another user"):
        database.Cluster(tmp_path / "home").start()


def test_it_leaves_a_database_that_the_environment_names_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://user@host/name")
    monkeypatch.setattr(database.Cluster, "start", lambda self: pytest.fail("it was started"))

    database.ensure_running()

    assert database.configuration(demo=False, testing=False)["HOST"] == "host"


def _execute(cluster: database.Cluster, statement: str) -> list[tuple[object, ...]]:
    session = psycopg2.connect(cluster.url())
    session.autocommit = True
    try:
        with session.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        session.close()
