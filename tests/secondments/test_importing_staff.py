"""Lists of staff as spreadsheets write them: every line is accounted for, and no file breaks the reader."""

from __future__ import annotations

import csv
import io
from string import printable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partnerships.importers.reading import WrongFile
from secondments.importers import staff
from secondments.importers.staff import MOST_ROWS, StaffRow, read, write

CELLS = st.text(st.sampled_from(printable + "éß’“”=;,\t\"'\u2028\x0b"), max_size=30)


def one(data: bytes) -> StaffRow:
    (row,) = read(data)
    return row


@pytest.mark.parametrize(
    "data",
    [
        b"Name,Email\nAda Lovelace,ada@example.org\n",
        b"\xef\xbb\xbfName,Email\r\nAda Lovelace,ada@example.org\r\n",
        b"Name;Email\r\nAda Lovelace;ada@example.org",
        b"sep=;\r\nName;Email\r\nAda Lovelace;ada@example.org",
        b"E-mail Address\tFull name\nada@example.org\tAda Lovelace\n",
        "Name,Email\nAda Lovelace,ada@example.org\n".encode("utf-16"),
        b"First name,SURNAME,Shoe size,Work email\nAda,Lovelace,38,ada@example.org\n",
        b'\n"Name","Email:"\n\n" Ada  Lovelace ","ada@example.org"\n,\n',
        b"Name,Email\rAda Lovelace,ada@example.org\r",
    ],
)
def test_the_shapes_in_which_spreadsheets_save_a_list(data: bytes) -> None:
    assert one(data).cells == {"name": "Ada Lovelace", "email": "ada@example.org"}


def test_what_windows_used_before_is_read() -> None:
    assert one("Name,Email\nZoë Müller,zoe@example.org\n".encode("cp1252")).cells["name"] == "Zoë Müller"


def test_a_line_break_within_quotation_marks_is_part_of_the_cell() -> None:
    first, second = read(b'Name,Job title,Email\nAda,"Head of\nnumbers",ada@example.org\nBob,,bob@example.org\n')
    assert first.cells["job_title"] == "Head of\nnumbers"
    assert (second.line, second.cells["name"]) == (4, "Bob")


def test_a_quotation_mark_that_is_never_closed_costs_its_line_alone() -> None:
    broken, good = read(b'Name,Email\n"Ada,ada@example.org\nBob,bob@example.org\n')
    assert (broken.line, broken.broken) == (2, "open_quote")
    assert (good.line, good.cells["name"], good.broken) == (3, "Bob", "")


def test_cells_that_are_missing_are_empty_and_cells_too_many_are_said() -> None:
    short, long = read(b"Name,Email,Job title\nAda,ada@example.org\nBob,bob@example.org,Head,of numbers\n")
    assert short.cells == {"name": "Ada", "email": "ada@example.org"}
    assert (short.broken, long.broken) == ("", "too_many_cells")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "It is empty."),
        (b"\n\n", "It is empty."),
        (b"Name,Email\n", "nobody in it"),
        (b"Name,Email\n,\n", "nobody in it"),
        (b"Ada,ada@example.org\n", "Its first line is a person"),
        (b"Name,Phone\nAda,1\n", "must name the columns"),
        (b"Email\nada@example.org\n", "must name the columns"),
        (b"PK\x03\x04rest of a workbook", "not a CSV file"),
        (b"%PDF-1.7 rest", "not a CSV file"),
        (b"Name,Email\n\0\0\n", "not a CSV file"),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(WrongFile, match=sentence):
        read(data)


def test_a_list_that_is_too_long_is_refused() -> None:
    rows = b"".join(b"P,p%d@example.org\n" % number for number in range(MOST_ROWS))
    assert len(read(b"Name,Email\n" + rows)) == MOST_ROWS
    with pytest.raises(WrongFile, match="more than 2000"):
        read(b"Name,Email\n" + rows + b"One,more@example.org\n")


@given(st.binary(max_size=400))
@example(b'Name,Email\n"')
@example(b"Name,Email\n" + b"\xff" * 3)
def test_no_file_breaks_the_reader(data: bytes) -> None:
    try:
        rows = read(data)
    except WrongFile:
        return
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8), st.sampled_from(",;\t"))
@example([('0"\r', '"')], ",")
def test_every_line_of_a_dirty_file_is_accounted_for(cells: list[tuple[str, str]], delimiter: str) -> None:
    """Whatever stands in it: a line that says something is a row of its own, or within the quotation marks of one."""
    text = "".join(f"{delimiter.join(each)}\n" for each in cells)
    lines = list(io.StringIO(f"Name{delimiter}Email\n{text}", newline=""))
    try:
        rows = read("".join(lines).encode())
    except WrongFile:
        rows = []
    begun = {row.line for row in rows}
    said = {
        number
        for number, line in enumerate(lines[1:], start=2)
        if any(c not in f' "{delimiter}\r\n\t\x0b\x0c\u2028' for c in line)
    }
    quoted = any('"' in line for line in lines)
    assert begun >= said or quoted
    # Where a mark opens a cell, whatever it swallowed belongs to the row before.
    assert not said or (begun and min(said) >= min(begun))


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8))
def test_what_we_write_is_read_as_it_was_and_no_cell_is_a_formula(people: list[tuple[str, str, str]]) -> None:
    rows = [{"name": f"N{name}", "email": email, "job_title": title} for name, email, title in people]
    data = write(rows, more=("Reason",))
    for cells in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_a_cell_that_was_escaped_comes_back_as_it_was() -> None:
    row = {"name": "=Ada", "email": "@example", "job_title": "'Quoted'", "organisation": "-Dash"}
    assert one(write([row], more=("Reason",))).cells == row


def test_an_overlong_cell_is_cut_and_not_kept() -> None:
    assert len(one(b"Name,Email\n" + b"A" * 5000 + b",a@example.org\n").cells["name"]) == staff.LONGEST_CELL
