"""What is written for the people who deploy it agrees with what the code reads."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
# Read by the programs that we start, not by us.
READ_BY_OTHERS = {"WEB_CONCURRENCY", "POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_INITDB_ARGS"}


def _names_read(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = ast.unparse(node.func)
            if called in {"_flag", "_list"} or re.fullmatch(r"os\.(getenv|environ\.\w+)", called):
                yield str(node.args[0].value)
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            yield ast.literal_eval(node.slice)
        elif isinstance(node, ast.Compare) and ast.unparse(node.comparators[0]) == "os.environ":
            yield ast.literal_eval(node.left)


def _read_by_code(*folders: str) -> set[str]:
    sources = [ROOT / "manage.py", *(path for folder in folders for path in (ROOT / folder).rglob("*.py"))]
    return {name for source in sources for name in _names_read(source)}


def _documented() -> set[str]:
    rows = re.findall(r"^\| (`[A-Z].*?) \|", (ROOT / "docs/operating.md").read_text(), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def _compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return read


def test_every_variable_that_is_read_is_documented() -> None:
    read = _read_by_code("config", "partnerships", "secondments", "volunteering")

    assert read - _documented() == set()


def test_every_documented_variable_is_read() -> None:
    read = _read_by_code("config", "partnerships", "secondments", "volunteering", "tests") | READ_BY_OTHERS

    assert _documented() - read == set()


def test_compose_runs_the_five_services_with_health_checks_and_restarts() -> None:
    services = _compose()["services"]

    assert set(services) == {"web", "worker", "beat", "postgres", "redis"}
    for name, service in services.items():
        assert service["healthcheck"]["test"][0] == "CMD", name
        assert service["restart"] == "unless-stopped", name


def test_compose_sets_only_variables_that_are_read() -> None:
    read = _read_by_code("config", "partnerships", "secondments", "volunteering") | READ_BY_OTHERS
    for name, service in _compose()["services"].items():
        assert set(service.get("environment", {})) - read == set(), name


def test_compose_asks_only_for_documented_variables() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))

    assert asked - _documented() == set()


def test_compose_gives_the_application_everything_it_refuses_to_start_without() -> None:
    for name in ("web", "worker", "beat"):
        given = _compose()["services"][name]["environment"]
        assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "SITE_ADDRESS"} <= set(given)
        assert "DEMO" not in given


def test_compose_names_modules_that_exist() -> None:
    modules = re.findall(r'"-m", "config\.(\w+)"', (ROOT / "docker-compose.yml").read_text())

    assert modules
    for module in modules:
        assert (ROOT / "config" / f"{module}.py").exists(), module


def test_the_image_runs_without_privileges_and_copies_what_exists() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copied = {
        word for line in lines if line.startswith("COPY") and "--from" not in line for word in line.split()[1:-1]
    }  # fmt: skip
    users = [line for line in lines if line.startswith("USER")]

    assert users == ["USER shoes"]
    assert lines.index("USER shoes") < next(n for n, line in enumerate(lines) if line.startswith("CMD"))
    assert [name for name in copied if not (ROOT / name).exists()] == []


# Dependencies ---------------------------------------------------------------------------------------------------------

LOCKS = ["requirements.txt", "requirements-dev.txt"]


def _pins(lock: str) -> list[str]:
    """One requirement, with its hashes, an item."""
    joined = (ROOT / lock).read_text().replace("\\\n", " ")
    return [line for line in joined.splitlines() if line and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_its_hashes(lock: str) -> None:
    for pin in _pins(lock):
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+", pin), pin
        assert "--hash=sha256:" in pin, pin


@pytest.mark.parametrize("lock", [*LOCKS, "package-lock.json", ".npmrc", "pyproject.toml"])
def test_no_lock_names_the_host_that_it_came_from(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert '"resolved"' not in text
    assert not re.search(r"(index-url|extra-index|registry\s*=|find-links|@ (https?|file):)", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_the_driver_is_psycopg2_alone(lock: str) -> None:
    names = {re.split(r"[=\[ ]", pin)[0] for pin in _pins(lock)}

    assert "psycopg2-binary" in names
    assert not {name for name in names if name.startswith("psycopg") and name != "psycopg2-binary"}


def test_the_tests_run_on_the_versions_that_are_deployed() -> None:
    deployed, tested = ({re.split(r"[; ]", pin)[0] for pin in _pins(lock)} for lock in LOCKS)

    assert deployed - tested == set()


def test_every_direct_dependency_says_why_and_is_pinned() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pinned = {re.split(r"[=\[ ]", pin)[0] for pin in _pins("requirements-dev.txt")}

    for dependency in wanted:
        line = next(line for line in text.splitlines() if f'"{dependency}"' in line)
        assert "#" in line, f"{dependency} has no reason beside it"
        assert re.split(r"[\[<>=]", dependency)[0] in pinned


# Commands -------------------------------------------------------------------------------------------------------------


def test_the_gate_of_a_change_is_every_test_with_nothing_skipped() -> None:
    assert "CI=true exec make browser redis test" in (ROOT / ".ci/run").read_text()


def test_make_help_lists_the_commands() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    for target in ("demo", "demo-reset", "test", "prove", "browser", "redis"):
        assert f"make {target} " in said


def _run(script: str, *arguments: str, path: Path, environment: dict[str, str] | None = None) -> Any:
    return subprocess.run(
        ["/bin/sh", str(ROOT / "scripts" / script), *arguments],
        env={"PATH": f"{path}", **(environment or {})},
        cwd=path,
        capture_output=True,
        text=True,
        check=False,
    )


def _program(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def test_a_missing_or_old_python_gets_one_clear_sentence(tmp_path: Path) -> None:
    _program(tmp_path, "python3", "exit 1")

    refused = _run("make-venv", path=tmp_path)

    assert refused.returncode == 1
    assert refused.stderr.startswith("Python 3.11 or later is needed")
    assert refused.stderr.count("\n") == 1


def test_a_python_without_venv_gets_one_clear_sentence(tmp_path: Path) -> None:
    _program(tmp_path, "python3", 'case "$2" in *ensurepip*) exit 1;; esac')

    refused = _run("make-venv", path=tmp_path)

    assert refused.returncode == 1
    assert "python3-venv" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_missing_node_gets_one_clear_sentence(tmp_path: Path) -> None:
    refused = _run("check-node", path=tmp_path)

    assert refused.returncode == 1
    assert refused.stderr.startswith("Node 18 or later with npm is needed")
    assert refused.stderr.count("\n") == 1


def test_an_old_node_gets_one_clear_sentence(tmp_path: Path) -> None:
    _program(tmp_path, "npm", "exit 0")
    _program(tmp_path, "node", 'case "$1" in --version) echo v16.20.0;; *) exit 1;; esac')

    refused = _run("check-node", path=tmp_path)

    assert refused.returncode == 1
    assert refused.stderr.startswith("Node v16.20.0 is too old")


def test_without_the_right_to_install_it_prints_the_one_command(tmp_path: Path) -> None:
    _program(tmp_path, "apt-get", "exit 1")
    _program(tmp_path, "id", "echo 1000")

    said = _run("install-tool", "redis-server", "redis-server", "redis", path=tmp_path)
    in_ci = _run("install-tool", "redis-server", "redis-server", "redis", path=tmp_path, environment={"CI": "true"})

    assert (said.returncode, said.stdout) == (0, "Run `sudo apt-get install redis-server`.\n")
    assert in_ci.returncode == 1
