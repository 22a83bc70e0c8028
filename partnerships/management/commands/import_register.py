"""manage.py import_register REGISTER PATH"""

from __future__ import annotations

import csv
import time
from argparse import ArgumentTypeError
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnerships.actions.registers import Note, Report, import_register
from partnerships.ground import clock
from partnerships.importers.reading import WrongFile, check
from partnerships.importers.records import RegisterFile
from partnerships.importers.registers import REGISTER_FILES
from partnerships.states import ATTRIBUTIONS

BAR = 30
MOST_REASONS = 12
INTERRUPTED = 130
EVERY_SECONDS = 5.0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is not a date like 2026-04-01.") from None


class Command(BaseCommand):
    help = (
        "Imports a public register. May be stopped and run again at any time: rows that have not changed write nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("register", choices=sorted(REGISTER_FILES))
        parser.add_argument("path", type=Path, help="the file, its folder, or the folder of all registers")
        parser.add_argument(
            "--rejected", type=Path, metavar="FILE.csv", help="write every row that was not simply taken, and why"
        )
        parser.add_argument(
            "--as-of", type=_day, metavar="DATE", help="the day on which the register stood so (default: today)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: RegisterFile = REGISTER_FILES[options["register"]]
        path = file.locate(options["path"])
        report = Report()
        try:
            lines = check(path, file.layout)
            with ExitStack() as stack:
                notes = _Notes(options["rejected"], stack)
                progress = _Progress(self, lines)
                import_register(
                    file=file,
                    path=path,
                    as_of=options["as_of"] or clock.today(),
                    report=report,
                    progress=progress.show,
                    note=notes.write,
                )
        except WrongFile as wrong:
            raise CommandError(f"{wrong}. Nothing was written.") from None
        except KeyboardInterrupt:
            self._tell(options["register"], report)
            raise CommandError(
                "Stopped. What is counted above is kept; run the same command again to go on.", returncode=INTERRUPTED
            ) from None
        self._tell(options["register"], report)
        if options["rejected"]:
            self.stdout.write(f"Rows that were not simply taken, and why: {options['rejected']}")
        self.stdout.write(ATTRIBUTIONS[options["register"]])

    def _tell(self, register: str, report: Report) -> None:
        self.stdout.write(
            f"{register}: {report.read:,} rows read = {report.created:,} created + {report.updated:,} updated"
            f" + {report.unchanged:,} unchanged + {report.closed:,} closed + {report.rejected:,} rejected"
            f" + {report.skipped:,} skipped"
        )
        if report.closed:
            self.stdout.write(f"  {report.closed_now:,} of the closed were open in the directory until now")
        places = report.places
        if places.created or places.updated or places.unchanged:
            self.stdout.write(
                f"  places: {places.created:,} created, {places.updated:,} updated, {places.unchanged:,} unchanged"
            )
        for (outcome, reason), count in report.reasons.most_common(MOST_REASONS):
            self.stdout.write(f"  {count:>6,} {outcome}: {reason}")
        more = len(report.reasons) - MOST_REASONS
        if more > 0:
            self.stdout.write(f"  and {more} more reasons: see them with --rejected FILE.csv")


class _Notes:
    """The rows that were not simply taken, written as they come."""

    def __init__(self, path: Path | None, stack: ExitStack) -> None:
        self._writer = None
        if path is None:
            return
        try:
            opened = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
        except OSError as problem:
            raise CommandError(f"{path} cannot be written ({problem.strerror}). Nothing was imported.") from None
        self._writer = csv.writer(opened)
        self._writer.writerow(["line", "reference", "outcome", "reason"])

    def write(self, note: Note) -> None:
        if self._writer:
            self._writer.writerow([note.line, _inert(note.reference), note.outcome, _inert(note.reason)])


def _inert(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula is shown to it as text."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


class _Progress:
    """A bar where somebody watches, a line now and then where nobody does."""

    def __init__(self, command: Command, lines: int) -> None:
        self._out = command.stdout
        self._lines = max(lines, 1)
        self._watched = self._out.isatty()
        self._told = time.monotonic()

    def show(self, report: Report) -> None:
        share = min(report.line / self._lines, 1.0)
        if self._watched:
            filled = round(share * BAR)
            bar = f"\r  [{'#' * filled}{'.' * (BAR - filled)}] {share:4.0%}  {report.read:,} rows"
            self._out.write(bar, ending="\n" if share >= 1 else "")
            self._out.flush()
        elif time.monotonic() - self._told > EVERY_SECONDS:
            self._told = time.monotonic()
            self._out.write(f"  {share:.0%}, {report.read:,} rows")
