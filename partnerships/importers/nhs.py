"""NHS trusts and integrated care boards, as the NHS's Organisation Data Service publishes them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from partnerships.importers.areas import NATIONS
from partnerships.importers.facts import keep
from partnerships.importers.names import readable_name
from partnerships.importers.reading import Layout, Rejected, Row, date_in, rows
from partnerships.importers.records import Area, Ended, Outcome, Point, Record, RegisterFile, Seen, beside
from partnerships.postcodes import Postcodes, whole_list
from partnerships.states import Field, PlaceKind, Register

_CODE = re.compile(r"[A-Z0-9]{3,5}")
_BOARD = re.compile(r"^NHS (.+) Integrated Care Board$")

NHS_REGIONS = {
    "Y56": "London",
    "Y58": "South West",
    "Y59": "South East",
    "Y60": "Midlands",
    "Y61": "East of England",
    "Y62": "North West",
    "Y63": "North East and Yorkshire",
}
NO_LONGER_OPEN = "closed"


def _looks_like_a_trust(row: Row) -> bool:
    return bool(_CODE.fullmatch(row["code"])) and "TRUST" in row["name"].upper() and bool(date_in(row["opened"]))


TRUSTS = Layout(
    columns=(
        *("code", "name", "region", "icb", "line1", "line2", "line3", "line4", "line5", "postcode"),
        *("opened", "closed", "13", "14", "15", "16", "17", "telephone"),
        *(str(number) for number in range(19, 28)),
    ),
    expected="the NHS's list of trusts, 27 columns without a header: nhs/etr.csv",
    has_header=False,
    looks_right=_looks_like_a_trust,
)
BOARDS = Layout(
    columns=("ods_code", "name", "gss_code_apr2023"),
    expected="the list of integrated care boards: nhs/icbs_2026-04.csv",
)


def read_trusts(path: Path) -> Iterator[Outcome]:
    boards_file = beside(path, Path(BOARDS_FILE.inside).name)
    boards = _board_names(boards_file) if boards_file else {}
    postcodes = whole_list()
    seen = Seen()
    for row in rows(path, TRUSTS):
        yield row if isinstance(row, Rejected) else _trust(row, boards, postcodes, seen)


def _trust(row: Row, boards: dict[str, str], postcodes: Postcodes, seen: Seen) -> Outcome:
    code = row["code"]
    if problem := _problem_with_trust(row):
        return Rejected(row.line, problem, code)
    if duplicate := seen.duplicate(code, row.line):
        return duplicate
    if row["closed"]:
        return Ended(row.line, code, NO_LONGER_OPEN, date_in(row["closed"]))
    name = readable_name(row["name"])
    located = postcodes.place_of(row["postcode"])
    region = NHS_REGIONS.get(row["region"], "")
    board = boards.get(row["icb"], "")
    return Record(
        line=row.line,
        reference=code,
        name=name,
        field=Field.HEALTH,
        legal_form="NHS foundation trust" if "NHS Foundation Trust" in name else "NHS trust",
        identifiers=(("GB-NHS", code),),
        facts=keep(Register.NHS_TRUSTS, region=region, icb=board, opened=date_in(row["opened"])),
        place_code=located.council_code if located else "",
        point=(located.latitude, located.longitude) if located else None,
        summary=f"NHS trust{', ' if region else ''}{region}. {board}".strip(),
        remark="" if located else "listed without a place: its postcode is not known",
    )


def _problem_with_trust(row: Row) -> str:
    if not _CODE.fullmatch(row["code"]):
        return "the first column is not an NHS organisation code"
    if not row["name"]:
        return "no name"
    if row["closed"] and not date_in(row["closed"]):
        return "the date on which it closed cannot be read, so that it may be open or not"
    return ""


def read_boards(path: Path) -> Iterator[Outcome]:
    points = {area.code: area.point for area in board_areas(path)}
    seen = Seen()
    for row in rows(path, BOARDS):
        yield row if isinstance(row, Rejected) else _board(row, points, seen)


def _board(row: Row, points: dict[str, Point | None], seen: Seen) -> Outcome:
    code, name = row["ods_code"], readable_name(row["name"])
    if not _CODE.fullmatch(code):
        return Rejected(row.line, "ods_code is not an NHS organisation code", code)
    if not name:
        return Rejected(row.line, "no name", code)
    if duplicate := seen.duplicate(code, row.line):
        return duplicate
    return Record(
        line=row.line,
        reference=code,
        name=name,
        field=Field.HEALTH,
        legal_form="Integrated care board",
        identifiers=(("GB-NHS", code),),
        facts=keep(Register.ICBS, area=_area_name(name)),
        place_code=_area_code(row),
        point=points.get(_area_code(row)),
        summary=f"Plans and pays for NHS services in {_area_name(name)} (ICB).",
    )


def board_areas(path: Path) -> list[Area]:
    """The boards' areas. The list of trusts, where it lies beside, says where the middle of each is."""
    trusts_file = beside(path, Path(TRUSTS_FILE.inside).name)
    points = _middles(trusts_file) if trusts_file else {}
    return [
        Area(
            kind=PlaceKind.ICB,
            code=_area_code(row),
            name=_area_name(readable_name(row["name"])),
            parent_code=NATIONS["England"],
            point=points.get(row["ods_code"]),
        )
        for row in rows(path, BOARDS)
        if isinstance(row, Row) and _CODE.fullmatch(row["ods_code"]) and row["name"]
    ]


def _area_code(row: Row) -> str:
    """Five boards of the mergers of April 2026 have no area code yet; the NHS's own code stands in."""
    return row["gss_code_apr2023"] or row["ods_code"]


def _area_name(board: str) -> str:
    found = _BOARD.match(board)
    return found[1] if found else board


def _board_names(path: Path) -> dict[str, str]:
    return {row["ods_code"]: readable_name(row["name"]) for row in rows(path, BOARDS) if isinstance(row, Row)}


def _middles(path: Path) -> dict[str, Point]:
    """The mean point of each board's open trusts."""
    postcodes = whole_list()
    points: dict[str, list[Point]] = defaultdict(list)
    for row in rows(path, TRUSTS):
        if isinstance(row, Row) and row["icb"] and not row["closed"]:
            located = postcodes.place_of(row["postcode"])
            if located:
                points[row["icb"]].append((located.latitude, located.longitude))
    return {
        board: (
            round(sum(latitude for latitude, _ in found) / len(found), 5),
            round(sum(longitude for _, longitude in found) / len(found), 5),
        )
        for board, found in points.items()
    }


TRUSTS_FILE = RegisterFile(register=Register.NHS_TRUSTS, layout=TRUSTS, inside="nhs/etr.csv", read=read_trusts)
BOARDS_FILE = RegisterFile(
    register=Register.ICBS,
    layout=BOARDS,
    inside="nhs/icbs_2026-04.csv",
    read=read_boards,
    areas=board_areas,
)
