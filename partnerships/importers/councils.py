"""UK local authorities, as mySociety lists them: the councils of today, and the areas that they look after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from partnerships.importers.areas import NATIONS, REGIONS, nations_and_regions, with_points
from partnerships.importers.facts import keep
from partnerships.importers.reading import Layout, Rejected, Row, date_in, pounds_in, rows
from partnerships.importers.records import Area, Ended, Outcome, Point, Record, RegisterFile, Seen
from partnerships.postcodes import SAME_AREA, council_points
from partnerships.states import Field, PlaceKind, Register

LAYOUT = Layout(
    columns=(
        "local-authority-code",
        "official-name",
        "nice-name",
        "gss-code",
        "replaced-by",
        "nation",
        "region",
        "local-authority-type-name",
        "county-la",
        "combined-authority",
        "former-gss-codes",
        "current-authority",
    ),
    expected="mySociety's list of UK local authorities: councils/uk_local_authorities_current.csv",
)
COMBINED = {"COMB", "SRA"}
"""Combined authorities, and the Greater London Authority: they lie over councils and are areas of their own kind."""

SCHEMES = {
    "local-authority-eng": "GB-LAE",
    "local-authority-sct": "GB-LAS",
    "local-authority-nir": "GB-LANI",
    "principal-local-authority": "GB-PLA",
}
"""The government's registers of councils by their org-id.guide schemes. They closed in 2021: councils that began since
then are in none, and are known by their area's code alone."""


@dataclass(frozen=True, slots=True)
class _Whole:
    """The whole list, which is short, by council code: what a row says of other rows needs all of them."""

    current: dict[str, Row]
    successors: dict[str, tuple[str, ...]]
    former: dict[str, tuple[str, ...]]


def _read_whole(path: Path) -> _Whole:
    found = [row for row in rows(path, LAYOUT) if isinstance(row, Row)]
    current = {row["local-authority-code"]: row for row in found if _is_current(row)}
    ended = {row["local-authority-code"]: row for row in found if not _is_current(row)}
    replaced = {code: _codes(row["replaced-by"]) for code, row in ended.items()}

    @cache
    def last(code: str) -> tuple[str, ...]:
        """Who looks after the area today: a successor may have had a successor."""
        if code in current:
            return (code,)
        return tuple(dict.fromkeys(heir for next_code in replaced.get(code, ()) for heir in last(next_code)))

    former: dict[str, list[str]] = {code: _codes(row["former-gss-codes"]) for code, row in current.items()}
    for code, row in ended.items():
        heirs = last(code)
        # An area that was divided is no earlier form of any of its parts.
        if len(heirs) == 1 and row["gss-code"]:
            former[heirs[0]].append(row["gss-code"])
    for other, code in SAME_AREA.items():
        for authority, row in current.items():
            if row["gss-code"] == code:
                former[authority].append(other)
    return _Whole(
        current,
        {code: last(code) for code in ended},
        {code: tuple(sorted(set(codes) - {current[code]["gss-code"]})) for code, codes in former.items()},
    )


def areas(path: Path) -> list[Area]:
    """Every council's area below its county, combined authority, region and nation."""
    whole = _read_whole(path)
    points = council_points()
    found = nations_and_regions()
    for code, row in whole.current.items():
        if _problem(row):
            continue
        found.append(
            Area(
                kind=PlaceKind.COMBINED_AUTHORITY if _is_combined(row) else PlaceKind.COUNCIL,
                code=row["gss-code"],
                name=row["nice-name"] or row["official-name"],
                parent_code=_parent(row, whole),
                former_codes=whole.former[code],
                point=points.get(row["gss-code"]) or _point(row),
            )
        )
    return with_points(found)


def read(path: Path) -> Iterator[Outcome]:
    whole = _read_whole(path)
    points = {area.code: area.point for area in areas(path)}
    seen = Seen()
    for row in rows(path, LAYOUT):
        yield row if isinstance(row, Rejected) else _outcome(row, whole, points, seen)


def _outcome(row: Row, whole: _Whole, points: dict[str, Point | None], seen: Seen) -> Outcome:
    code = row["local-authority-code"]
    if problem := _problem(row):
        return Rejected(row.line, problem, code)
    if duplicate := seen.duplicate(code, row.line):
        return duplicate
    if not _is_current(row):
        return Ended(row.line, code, _ending(code, whole), date_in(row["end-date"]))
    gss = row["gss-code"]
    kind = row["local-authority-type-name"]
    return Record(
        line=row.line,
        reference=code,
        name=row["official-name"],
        field=Field.LOCAL_GOVERNMENT,
        legal_form=kind,
        identifiers=(("GSS", gss), *_register_code(row)),
        facts=keep(
            Register.COUNCILS,
            type=kind,
            nation=row["nation"],
            region=row["region"] if row["region"] in REGIONS else "",
            county=_name_of(row["county-la"], whole),
            combined_authority=_name_of(row["combined-authority"], whole),
            # Not the start-date: for most it is when the register took them up, and Salford did not begin in 2005.
            population=pounds_in(row["pop-2020"]),
        ),
        place_code=gss,
        point=points[gss],
        summary=f"{kind} for {row['nice-name']}, {', '.join(dict.fromkeys([row['region'], row['nation']]))}.",
    )


def _problem(row: Row) -> str:
    if not row["local-authority-code"]:
        return "no local-authority-code"
    if row["current-authority"].lower() not in {"true", "false"}:
        return "current-authority is neither True nor False"
    if not _is_current(row):
        return ""
    if not row["official-name"]:
        return "no official-name"
    if not row["gss-code"]:
        return "no gss-code, so that its area is not known"
    return ""


def _is_current(row: Row) -> bool:
    return row["current-authority"].lower() == "true"


def _is_combined(row: Row) -> bool:
    return row["local-authority-type"] in COMBINED


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]


def _parent(row: Row, whole: _Whole) -> str:
    """The county of a district, else the combined authority, else the region, else the nation."""
    for column in ("county-la", "combined-authority"):
        above = whole.current.get(row[column])
        if above is not None and above is not row:
            return above["gss-code"]
    return REGIONS.get(row["region"]) or NATIONS.get(row["nation"], "")


def _name_of(code: str, whole: _Whole) -> str:
    return whole.current[code]["official-name"] if code in whole.current else ""


def _ending(code: str, whole: _Whole) -> str:
    heirs = whole.successors[code]
    if not heirs:
        return "abolished"
    return f"abolished, its area is now with {' and '.join(whole.current[heir]['official-name'] for heir in heirs)}"


def _point(row: Row) -> Point | None:
    try:
        return float(row["lat"]), float(row["long"])
    except ValueError:
        return None


def _register_code(row: Row) -> list[tuple[str, str]]:
    register, _, code = row["old-register-and-code"].partition(":")
    return [(SCHEMES[register], code)] if register in SCHEMES and code else []


FILE = RegisterFile(
    register=Register.COUNCILS,
    layout=LAYOUT,
    inside="councils/uk_local_authorities_current.csv",
    read=read,
    areas=areas,
)
