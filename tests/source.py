"""The project's own source, read as text: what the tests of the house look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("config", "partnerships", "secondments", "volunteering")


def modules(*apps: str) -> Iterator[Path]:
    """Every Python module of ours in `apps` (all of them by default), migrations left out."""
    for app in apps or APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts and "__pycache__" not in path.parts:
                yield path


def templates() -> Iterator[Path]:
    """Every template of ours: pages, parts and mails."""
    yield from sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    """The path from the root of the project, for messages."""
    return str(path.relative_to(ROOT))
