"""Files as they come: streamed, in any of the usual shapes, and refused whole if they are something else."""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

CHUNK = 1 << 16
LONGEST_RECORD = 100
"""In lines. A quotation mark that is never closed must not swallow the rest of the file."""


class WrongFile(Exception):
    """The file is not what was asked for; the sentence says what was expected. Nothing has been written."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file by column name; `line` is where it begins, counted from one."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that cannot be used, and why."""

    line: int
    reason: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that is understood and not wanted, and why."""

    line: int
    reason: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a register's file looks: `columns` in order where it has no header line, otherwise those it must have."""

    columns: tuple[str, ...]
    expected: str
    has_header: bool = True
    looks_right: Callable[[Row], bool] = lambda row: True
    """Judges the first record of a file that has no header line."""


def check(path: Path, layout: Layout) -> int:
    """Read the whole file once and raise `WrongFile` unless it is text in this layout; return its count of lines."""
    if path.is_dir():
        raise WrongFile(f"{path} is a folder that holds no {layout.expected}")
    if not path.exists():
        raise WrongFile(f"{path} does not exist. Expected {layout.expected}")
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    lines, last = 0, ""
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                text = decoder.decode(chunk)
                if "\0" in text:
                    raise WrongFile(f"{path} is not a text file. Expected {layout.expected}")
                lines += text.count("\n")
                last = text or last
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise WrongFile(
            f"{path} is not in UTF-8: save it as “CSV UTF-8” and try again. Expected {layout.expected}"
        ) from None
    if not last.strip():
        raise WrongFile(f"{path} is empty. Expected {layout.expected}")
    first = next(_records(path, layout, beginning=True), None)
    if layout.has_header:
        header = list(first.cells) if isinstance(first, Row) else []
        missing = [column for column in layout.columns if column not in header]
        if missing:
            raise WrongFile(f"{path} has no column {', '.join(missing)}. Expected {layout.expected}")
        if lines < 1 + last.endswith("\n"):
            raise WrongFile(f"{path} has a header and no rows. Expected {layout.expected}")
    elif not isinstance(first, Row) or not layout.looks_right(first):
        raise WrongFile(f"{path} is something else. Expected {layout.expected}")
    return lines + (not last.endswith("\n"))


def rows(path: Path, layout: Layout) -> Iterator[Row | Rejected]:
    """Every record of a file that was checked, good or bad."""
    yield from _records(path, layout, beginning=False)


def _records(path: Path, layout: Layout, *, beginning: bool) -> Iterator[Row | Rejected]:
    """`beginning`: only the header, as a row that has its own names, or only the first record."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = enumerate(file, start=1)
        columns: Sequence[str] = layout.columns
        delimiter = ","
        if layout.has_header:
            first = next(lines, (1, ""))[1]
            delimiter = "\t" if "\t" in first else ","
            columns = [clean(cell) for cell in _cells(first, delimiter)]
            if beginning:
                yield Row(1, {column: column for column in columns})
                return
        yield from _split(lines, columns, delimiter)


def _split(lines: Iterator[tuple[int, str]], columns: Sequence[str], delimiter: str) -> Iterator[Row | Rejected]:
    for record in records(lines, delimiter, lambda cells: len(cells) == len(columns)):
        if record.whole and len(record.cells) == len(columns):
            yield Row(record.line, {column: clean(cell) for column, cell in zip(columns, record.cells, strict=True)})
        elif not record.whole:
            yield Rejected(record.line, "a quotation mark is opened and never closed")
        else:
            yield Rejected(record.line, f"{len(record.cells)} columns where there should be {len(columns)}")


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one record as they stand; it is not `whole` where a quotation mark in it is never closed."""

    line: int
    cells: list[str]
    whole: bool


def records(lines: Iterator[tuple[int, str]], delimiter: str, fits: Callable[[list[str]], bool]) -> Iterator[Record]:
    """Join the lines of one record, which are those between an odd and the next odd count of quotation marks.

    A mark that is never closed, or cells that do not fit, cost the line that they stand in, not those after it.
    """
    waiting: deque[tuple[int, str]] = deque()

    def upcoming() -> tuple[int, str] | None:
        return waiting.popleft() if waiting else next(lines, None)

    while (begun := upcoming()) is not None:
        held = [begun]
        if not begun[1].strip():
            continue
        marks = begun[1].count('"') if delimiter != "\t" else 0
        while marks % 2 and len(held) < LONGEST_RECORD and (more := upcoming()) is not None:
            held.append(more)
            marks += more[1].count('"')
        cells = _cells("".join(line for _, line in held), delimiter)
        # What cannot be taken apart at all, such as a line end within a cell without marks, is no empty record.
        whole = marks % 2 == 0 and bool(cells)
        yield Record(begun[0], cells, whole)
        if not (whole and fits(cells)):
            waiting.extendleft(reversed(held[1:]))


def _cells(record: str, delimiter: str) -> list[str]:
    record = record.rstrip("\r\n")
    if delimiter != "\t":
        try:
            return next(csv.reader([record], delimiter=delimiter), [])
        except csv.Error:  # a cell of more than 131,072 characters, which no register has
            return []
    return [_unquoted(cell) for cell in record.split(delimiter)]


def _unquoted(cell: str) -> str:
    """A tab-separated cell. Quotation marks in it are its own, unless they stand around all of it."""
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def clean(cell: str) -> str:
    """Without the spaces around it, and with ordinary ones inside; paragraphs stay."""
    return "\n".join(" ".join(line.split()) for line in cell.strip().splitlines()) if cell else ""


_DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")


def date_in(text: str) -> date | None:
    """A date in any of the ways that registers write one, with or without a time; None if it is none of them."""
    day = re.split(r"[T ](?=\d{1,2}:)", text.strip(), maxsplit=1)[0]
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(day, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return None


def pounds_in(text: str) -> int | None:
    """Whole pounds from "75186.0" or "£75,186"; None if there is no number."""
    try:
        return round(float(text.replace(",", "").removeprefix("£")))
    except (ValueError, OverflowError):
        return None


_HOST = re.compile(r"(?=.{4,200}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.[a-z]{2,24}(:\d+)?")
_ADDRESS = re.compile(r"(https?)://([^\s/?#]+)([/?#]\S*)?", re.IGNORECASE)


def website_in(text: str) -> str:
    """A proper web address, or nothing: registers have mail and postal addresses in this column too."""
    typed = text.strip().rstrip(".,;")
    if not re.match(r"https?://", typed, re.IGNORECASE):
        typed = f"http://{typed}"
    while doubled := re.match(r"https?://(https?://.*)", typed, re.IGNORECASE):
        typed = doubled[1]
    found = _ADDRESS.fullmatch(typed)
    if not found or "@" in typed or len(typed) > 200:
        return ""
    host = found[2].lower()
    return f"{found[1].lower()}://{host}{found[3] or ''}" if _HOST.fullmatch(host) else ""
