"""What every register's file becomes: organisations, areas, and rows that say that something has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from partnerships.importers.reading import Layout, Rejected, Skipped
from partnerships.states import SizeBand

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Area:
    """A place with an official code. Another code of the same area, older or newer, is one of `former_codes`."""

    kind: str
    code: str
    name: str
    parent_code: str = ""
    former_codes: tuple[str, ...] = ()
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """An organisation as a register has it now. The first of `identifiers` is the register's own number.

    `remark` says what could not be read of a row that is good otherwise.
    """

    line: int
    reference: str
    name: str
    field: str
    legal_form: str
    identifiers: tuple[tuple[str, str], ...]
    facts: dict[str, Any]
    place_code: str = ""
    point: Point | None = None
    size: str = SizeBand.UNKNOWN
    website: str = ""
    summary: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """A row about an organisation that is no more."""

    line: int
    reference: str
    reason: str
    on: date | None = None


Outcome = Record | Ended | Rejected | Skipped


def _no_areas(path: Path) -> list[Area]:
    return []


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """How to find, check and read one register's file. `inside` is where it lies in the folder of all registers."""

    register: str
    layout: Layout
    inside: str
    read: Callable[[Path], Iterator[Outcome]]
    areas: Callable[[Path], list[Area]] = field(default=_no_areas)

    def locate(self, path: Path) -> Path:
        """The file itself, whether it, its folder or the folder of all registers was named."""
        if not path.is_dir():
            return path
        inside = Path(self.inside)
        return next((found for found in (path / inside, path / inside.name) if found.is_file()), path)


def beside(path: Path, name: str) -> Path | None:
    """Another file of the same collection, in the same folder or in one next to it; None where there is none."""
    return next((found for found in (path.parent / name, path.parent.parent / name) if found.is_file()), None)


@dataclass(slots=True)
class Seen:
    """The references that have been read, to tell the second row about one organisation from the first."""

    lines: dict[str, int] = field(default_factory=dict)

    def duplicate(self, reference: str, line: int) -> Skipped | None:
        first = self.lines.setdefault(reference, line)
        if first == line:
            return None
        return Skipped(line, f"the same number as line {first}, which stands", reference)
