"""The rule of tests/conftest.py: what a machine lacks is skipped at home, and is a failure with CI=true."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import conftest
from tests.source import ROOT

NEEDS = {
    "browser": "Chromium is not installed: run `make browser`.",
    "redis": "redis-server is not installed: run `make redis`.",
    "shared_data": "set SHARED_DATA.",
}


def _run(folder: Path, **environment: str) -> str:
    """One test for each need, run by a pytest of its own on a machine that has nothing."""
    tests = "".join(f"@pytest.mark.{need}\ndef test_{need}():\n    pass\n\n" for need in NEEDS)
    (folder / "test_needs.py").write_text(f"import pytest\n\n{tests}def test_plain():\n    pass\n")
    nowhere = str(folder / "nowhere")
    bare = {
        "PATH": nowhere,
        "CHROMIUM": nowhere,
        "SHARED_DATA": nowhere,
        # No test asks for a database, and none has to be claimed.
        "DATABASE_URL": "postgres://nobody@localhost/none",
    }
    configuration = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder), "-p", "no:cacheprovider"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", *configuration, "-rA", str(folder)],
        env=bare | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    ).stdout


def test_at_home_what_is_absent_is_skipped_and_named(tmp_path: Path) -> None:
    said = _run(tmp_path)
    assert "1 passed, 3 skipped" in said
    for reason in NEEDS.values():
        assert reason in said


def test_in_ci_what_is_absent_is_a_failure_and_named(tmp_path: Path) -> None:
    said = _run(tmp_path, CI="true")
    assert "1 passed, 3 errors" in said
    assert "skipped" not in said
    for need, reason in NEEDS.items():
        assert reason in said
        assert f"::test_{need}" in said


@pytest.mark.parametrize("report", ["docs/proofs.md", "docs/not-written-yet.md"])
def test_the_long_proofs_are_collected_whether_their_report_exists_or_not(report: str) -> None:
    """pytest takes a file that exists for a place to look for tests, and then does not know our option."""
    rules = (ROOT / "Makefile").read_text()
    recipe = rules.split("\nprove:")[1].split("\n\n")[0].split("@$(BIN)/pytest ")[1].strip()
    arguments = recipe.replace("docs/proofs.md", report).replace("tests ", "tests/config/test_cache.py ").split()
    assert (ROOT / "docs/proofs.md").exists()
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "SLIPCOVER_"))}
    found = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, "--collect-only", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**alone, "DATABASE_URL": "postgres://nobody@localhost/none"},
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert "test_pages_answer_while_redis_does_not" in found.stdout


@pytest.mark.parametrize(("user", "boxed"), [(0, False), (1000, True)])
def test_chromium_asks_nobody_else_and_does_without_its_sandbox_for_root_only(
    monkeypatch: pytest.MonkeyPatch, user: int, boxed: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    arguments = conftest.chromium_arguments()
    assert "--disable-background-networking" in arguments
    assert ("--no-sandbox" not in arguments) is boxed


def test_the_browser_of_the_tests_is_started_so(browser_type_launch_args: dict[str, object]) -> None:
    assert browser_type_launch_args["args"] == conftest.chromium_arguments()
    assert browser_type_launch_args["executable_path"] == conftest.chromium()
