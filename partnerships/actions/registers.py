"""Taking over what a public register says, in batches that may be stopped and taken up again at any row.

A row that says what it said before writes nothing: running an import again is how it goes on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from partnerships.actions.places import PlacesKept, keep_areas, places_by_code
from partnerships.actions.register_rows import Run, take_ended, take_records
from partnerships.ground import clock
from partnerships.ground.locks import take_turns
from partnerships.importers import reading
from partnerships.importers.reading import Rejected, Skipped
from partnerships.importers.records import Ended, Outcome, Record, RegisterFile
from partnerships.models import User

BATCH = 500


@dataclass(frozen=True, slots=True)
class Note:
    """A row that was not simply taken, and why."""

    line: int
    reference: str
    outcome: str
    reason: str


@dataclass(slots=True)
class Report:
    """What became of every row. Of the closed, `closed_now` were open in the directory until this import."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    closed: int = 0
    closed_now: int = 0
    rejected: int = 0
    skipped: int = 0
    line: int = 0
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: PlacesKept = field(default_factory=PlacesKept)

    def check(self) -> None:
        """Every row that was read is accounted for, once."""
        total = self.created + self.updated + self.unchanged + self.closed + self.rejected + self.skipped
        if self.read != total:
            raise RuntimeError(f"{self.read} rows were read and {total} accounted for.")

    def count(self, note: Note) -> None:
        """Reasons are counted without the numbers in them, so that the like come together."""
        self.reasons[note.outcome, re.sub(r"\d+", "…", note.reason)] += 1


def _no_progress(report: Report) -> None:
    pass


def _no_note(note: Note) -> None:
    pass


def import_register(
    *,
    file: RegisterFile,
    path: Path,
    as_of: date | None = None,
    by: User | None = None,
    at: datetime | None = None,
    report: Report | None = None,
    progress: Callable[[Report], None] = _no_progress,
    note: Callable[[Note], None] = _no_note,
) -> Report:
    """Import one register's file; raise `WrongFile`, with nothing written, if it is not that register's.

    `report` may be passed in, so that it can be read when the import is interrupted.
    """
    at = at or clock.now()
    report = report or Report()
    path = file.locate(path)
    reading.check(path, file.layout)
    with transaction.atomic():
        take_turns("registers")
        report.places = keep_areas(file.areas(path))
    run = Run(file.register, as_of or clock.today(at), by, at, places_by_code())
    outcomes = file.read(path)
    while batch := list(islice(outcomes, BATCH)):
        with transaction.atomic():
            take_turns("registers")
            taken = take_records([outcome for outcome in batch if isinstance(outcome, Record)], run)
            closed_now = take_ended([outcome for outcome in batch if isinstance(outcome, Ended)], run)
        report.read += len(batch)
        report.created += taken.created
        report.updated += taken.updated
        report.unchanged += taken.unchanged
        report.closed_now += closed_now
        report.line = batch[-1].line
        for found in _notes(batch, report):
            report.count(found)
            note(found)
        progress(report)
    report.check()
    return report


def _notes(batch: list[Outcome], report: Report) -> Iterator[Note]:
    """What there is to say about the rows of a batch, counted into `report` on the way."""
    for outcome in batch:
        match outcome:
            case Record(remark=remark):
                if remark:
                    yield Note(outcome.line, outcome.reference, "taken", remark)
            case Ended(reason=reason):
                report.closed += 1
                yield Note(outcome.line, outcome.reference, "closed", reason)
            case Rejected(reason=reason):
                report.rejected += 1
                yield Note(outcome.line, outcome.reference, "rejected", reason)
            case Skipped(reason=reason):
                report.skipped += 1
                yield Note(outcome.line, outcome.reference, "skipped", reason)
