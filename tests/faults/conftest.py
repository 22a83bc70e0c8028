"""One durable database for all the kills, emptied between them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import database
from tests.conftest import throwaway_cluster
from tests.faults.machine import Machine


@pytest.fixture(scope="session")
def kill_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[database.Cluster]:
    """With fsync on, as in a deployment: a proof on a database that forgets would prove nothing."""
    cluster = throwaway_cluster("kills")
    cluster.start()
    try:
        machine = Machine(cluster, tmp_path_factory.mktemp("kills"))
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"], env=machine.environment, check=True
        )
        machine.close()
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture
def machine(kill_cluster: database.Cluster, tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(kill_cluster, tmp_path)
    machine.clear()
    yield machine
    machine.close()
