"""Territorial police forces, as the Office for National Statistics lists their areas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from partnerships.importers.areas import NATION_OF_LETTER
from partnerships.importers.facts import keep
from partnerships.importers.reading import Layout, Rejected, Row, rows
from partnerships.importers.records import Area, Outcome, Record, RegisterFile, Seen
from partnerships.states import Field, PlaceKind, Register

LAYOUT = Layout(
    columns=("pfa_gss_code", "name", "pnc_force_code"),
    expected="the list of police force areas: police/police_forces.csv",
)
_CODE = re.compile(r"[EWSN]\d{8}")
FULL_NAMES = {"Scotland": "Police Scotland"}


def areas(path: Path) -> list[Area]:
    return [
        Area(PlaceKind.POLICE_FORCE, row["pfa_gss_code"], row["name"], NATION_OF_LETTER[row["pfa_gss_code"][0]])
        for row in rows(path, LAYOUT)
        if isinstance(row, Row) and _CODE.fullmatch(row["pfa_gss_code"]) and row["name"]
    ]


def read(path: Path) -> Iterator[Outcome]:
    seen = Seen()
    for row in rows(path, LAYOUT):
        yield row if isinstance(row, Rejected) else _outcome(row, seen)


def _outcome(row: Row, seen: Seen) -> Outcome:
    code, area = row["pfa_gss_code"], row["name"]
    if not _CODE.fullmatch(code):
        return Rejected(row.line, "pfa_gss_code is not a code of the Office for National Statistics", code)
    if not area:
        return Rejected(row.line, "no name", code)
    if duplicate := seen.duplicate(code, row.line):
        return duplicate
    return Record(
        line=row.line,
        reference=code,
        name=_full_name(area),
        field=Field.POLICING,
        legal_form="Police force",
        # No list of org-id.guide has the forces, so that the code of their area has to name them.
        identifiers=(("GSS", code),),
        facts=keep(Register.POLICE, area=area),
        place_code=code,
        summary=f"Police force for {area}." if area != _full_name(area) else "Police force.",
    )


def _full_name(area: str) -> str:
    """The list names areas: "Lancashire" is looked after by Lancashire Police."""
    return FULL_NAMES.get(area) or (area if area.endswith("Police") else f"{area} Police")


FILE = RegisterFile(
    register=Register.POLICE,
    layout=LAYOUT,
    inside="police/police_forces.csv",
    read=read,
    areas=areas,
)
