"""A list of staff, as spreadsheets write one: rows become the cells that we know, each with its line in the file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from partnerships.importers.reading import WrongFile, clean, records

MOST_BYTES = 1_000_000
MOST_ROWS = 2000
LONGEST_CELL = 300

COLUMNS = ("name", "email", "job_title", "organisation", "commissioner", "agrees_email")
"""What we read of a row. Everything else in a file is left where it is."""

HEADINGS = {
    "name": "Name",
    "email": "Email",
    "job_title": "Job title",
    "organisation": "Organisation",
    "commissioner": "Commissioner",
    "agrees_email": "Manager email",
}
"""As the file to fill in has them. They are understood in any spelling below, and so not translated."""

KNOWN_AS = {
    "name": ("name", "full name", "person", "staff name", "employee name", "employee"),
    "first": ("first name", "forename", "given name", "firstname"),
    "last": ("last name", "surname", "family name", "lastname"),
    "email": ("email", "e mail", "email address", "e mail address", "work email", "work email address", "mail"),
    "job_title": ("job title", "title", "role", "job", "post", "position", "job role"),
    "organisation": ("organisation", "organization", "employer", "charity", "where they work"),
    "commissioner": ("commissioner", "is commissioner", "commissioner yes or no"),
    "agrees_email": (
        "manager email",
        "line manager email",
        "manager",
        "who agrees",
        "managers email",
        "manager e mail",
    ),
}
_COLUMN_OF = {heading: column for column, headings in KNOWN_AS.items() for heading in headings}

OPEN_QUOTE, TOO_MANY_CELLS = "open_quote", "too_many_cells"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One record: its first line in the file, what we read of it, and what is `broken` about the record itself."""

    line: int
    cells: dict[str, str]
    broken: str = ""


def read(data: bytes) -> list[StaffRow]:
    """Every record of a file, good or broken; `WrongFile` with a sentence for whoever sent it, where it is no list."""
    lines = enumerate(io.StringIO(_text(data), newline=""), start=1)
    header = _header(lines)
    delimiter = max(";,\t", key=header.count)
    names = next((record.cells for record in records(iter([(1, header)]), delimiter, bool)), [])
    columns = [_COLUMN_OF.get(_plain(name), "") for name in names]
    _refuse_without(columns, names)
    rows = []
    for record in records(lines, delimiter, lambda cells: not any(cell.strip() for cell in cells[len(columns) :])):
        if record.whole and not any(cell.strip() for cell in record.cells):
            continue
        rows.append(_row(record.line, record.cells, columns, whole=record.whole))
        if len(rows) > MOST_ROWS:
            raise WrongFile(
                _("There are more than %(most)s people in it. Cut it into several files.") % {"most": MOST_ROWS}
            )
    if not rows:
        raise WrongFile(_("There is nobody in it: below the line with the names of the columns it is empty."))
    return rows


def _text(data: bytes) -> str:
    """Spreadsheets write UTF-8 with or without a mark, UTF-16, or what Windows used before."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            break
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    if "\0" in text or data.startswith((b"PK\x03\x04", b"%PDF")):
        raise WrongFile(
            _("It is not a CSV file. In your spreadsheet choose “Save as” and then “CSV UTF-8”, and send that one.")
        )
    return text


def _header(lines: Iterator[tuple[int, str]]) -> str:
    """The first line that says anything; some programs write the separator above it."""
    for _line, text in lines:
        if text.strip() and not text.lower().startswith("sep="):
            return text
    raise WrongFile(_("It is empty."))


def _plain(heading: str) -> str:
    """E-mail Address: → e mail address."""
    return " ".join(re.sub(r"[^a-z]+", " ", heading.lower().replace("’", "").replace("'", "")).split())


def _refuse_without(columns: Sequence[str], names: Sequence[str]) -> None:
    named = "name" in columns or {"first", "last"} <= set(columns)
    if named and "email" in columns:
        return
    if any("@" in name for name in names):
        raise WrongFile(_("Its first line is a person. Put the names of the columns above it: Name, Email."))
    raise WrongFile(_("Its first line must name the columns, and among them there must be Name and Email."))


def _row(line: int, cells: Sequence[str], columns: Sequence[str], *, whole: bool) -> StaffRow:
    found: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        value = unescaped(clean(cell))[:LONGEST_CELL]
        if column and value:
            found.setdefault(column, value)
    parts = [found.pop(part, "") for part in ("first", "last")]
    if any(parts) and "name" not in found:
        found["name"] = " ".join(filter(None, parts))
    too_many = any(cell.strip() for cell in cells[len(columns) :])
    return StaffRow(line, found, (TOO_MANY_CELLS if too_many else "") if whole else OPEN_QUOTE)


def write(rows: Iterable[Mapping[str, str]], *, more: Sequence[str] = ()) -> bytes:
    """A file that a spreadsheet opens as it is, with our columns and `more` of them; no cell of it is a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([*(HEADINGS[column] for column in COLUMNS), *more])
    for row in rows:
        writer.writerow([escaped(str(row.get(column, ""))) for column in (*COLUMNS, *more)])
    return file.getvalue().encode("utf-8-sig")


def escaped(cell: str) -> str:
    """A spreadsheet would run what begins like this; with an apostrophe before it, it shows it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def unescaped(cell: str) -> str:
    """What `escaped` made of it, taken back, so that a file can be mended and sent again."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
