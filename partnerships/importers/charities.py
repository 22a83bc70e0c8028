"""Registered charities in the layout of UK-CAT: three regulators' registers, tagged by cause and kind of work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from partnerships.importers.facts import keep
from partnerships.importers.names import readable_name, readable_text, without_contacts
from partnerships.importers.reading import Layout, Rejected, Row, date_in, pounds_in, rows, website_in
from partnerships.importers.records import Ended, Outcome, Record, RegisterFile, Seen, beside
from partnerships.postcodes import Postcodes, whole_list
from partnerships.states import Field, Register, SizeBand

LAYOUT = Layout(
    columns=("org_id", "reg_number", "name", "postcode", "active", "activities", "source", "income"),
    expected="charities in the layout of UK-CAT: charities/ukcat_sample.csv",
)
CAUSES = Layout(columns=("Code", "tag"), expected="the cause tags of UK-CAT: classifications/ukcat.csv")
GROUPS = Layout(
    columns=("Section", "Group", "Sub-group", "Title"), expected="kinds of work: classifications/icnptso.csv"
)


@dataclass(frozen=True, slots=True)
class Regulator:
    scheme: str
    name: str


REGULATORS = {
    "CCEW": Regulator("GB-CHC", "Charity Commission for England and Wales"),
    "OSCR": Regulator("GB-SC", "Scottish Charity Regulator"),
    "CCNI": Regulator("GB-NIC", "Charity Commission for Northern Ireland"),
}
_NUMBER = {
    "GB-CHC": re.compile(r"\d{6,7}(-\d{1,3})?"),
    "GB-SC": re.compile(r"SC\d{6}"),
    "GB-NIC": re.compile(r"(NIC?)?\d{6}"),
}
_COMPANY = re.compile(r"(?:[A-Z]{2}|\d{2})\d{6}")
YES = {"true", "t", "yes", "y", "1", "registered", "active"}
NO = {"false", "f", "no", "n", "0", "removed", "ceased"}
BANDS = (
    (10_000, SizeBand.MICRO),
    (100_000, SizeBand.SMALL),
    (1_000_000, SizeBand.MEDIUM),
    (10_000_000, SizeBand.LARGE),
)
NO_LONGER_REGISTERED = "removed from the register"
LONGEST_ACTIVITIES = 2000


@dataclass(slots=True)
class _Reader:
    """What the rows are read with: the classifications where they lie beside the file, and the postcodes."""

    causes: dict[str, str]
    groups: dict[str, str]
    postcodes: Postcodes = field(default_factory=whole_list)
    seen: Seen = field(default_factory=Seen)

    def outcome(self, row: Row) -> Outcome:
        regulator = REGULATORS.get(row["source"].upper())
        if regulator is None:
            return Rejected(row.line, "source is none of CCEW, OSCR and CCNI", row["org_id"])
        number = row["org_id"].upper().removeprefix(f"{regulator.scheme}-") or row["reg_number"].upper()
        if not _NUMBER[regulator.scheme].fullmatch(number):
            return Rejected(row.line, f"org_id is not a number of the {regulator.name}", row["org_id"])
        reference = f"{regulator.scheme}-{number}"
        active = row["active"].lower()
        if active not in YES | NO:
            return Rejected(row.line, "active says neither yes nor no", reference)
        if not row["name"]:
            return Rejected(row.line, "no name", reference)
        if duplicate := self.seen.duplicate(reference, row.line):
            return duplicate
        if active in NO:
            return Ended(row.line, reference, NO_LONGER_REGISTERED, date_in(row["date_removed"]))
        return self._record(row, regulator, number, reference)

    def _record(self, row: Row, regulator: Regulator, number: str, reference: str) -> Record:
        exact = self.postcodes.place_of(row["postcode"])
        # Seen from the middle of its outcode: the exact postcode of a small charity is often somebody's home.
        near = self.postcodes.outcode(row["postcode"])
        income = pounds_in(row["income"])
        company = row["company_number"].upper()
        company = company.zfill(8) if company.isdigit() else company
        activities = without_contacts(readable_text(row["activities"] or row["objects"]))[:LONGEST_ACTIVITIES]
        causes = [self.causes[code] for code in row["UKCAT"].split(";") if code in self.causes]
        group = self.groups.get(row["ICNPTSO"], "")
        return Record(
            line=row.line,
            reference=reference,
            name=readable_name(row["name"])[:200],
            field=Field.VOLUNTARY,
            legal_form="Charitable company" if _COMPANY.fullmatch(company) else "Registered charity",
            identifiers=(
                (regulator.scheme, number),
                *([("GB-COH", company)] if _COMPANY.fullmatch(company) else []),
            ),
            facts=keep(
                Register.UKCAT,
                regulator=regulator.name,
                registered=date_in(row["date_registered"]),
                activities=activities,
                causes=sorted(set(causes)),
                activity_group=group,
                year_end=date_in(row["fye"]),
                income=income,
                spending=pounds_in(row["spending"]),
            ),
            place_code=exact.council_code if exact else "",
            point=(near.latitude, near.longitude) if near else None,
            size=size_of(income),
            website=website_in(row["web"]),
            summary="\n".join(filter(None, [activities, ", ".join(sorted(set(causes))), group])),
            remark="; ".join(_remarks(row, found=exact is not None)),
        )


def read(path: Path) -> Iterator[Outcome]:
    reader = _Reader(
        _titles(beside(path, "classifications/ukcat.csv"), CAUSES, ("Code",), "tag"),
        _titles(beside(path, "classifications/icnptso.csv"), GROUPS, ("Sub-group", "Group", "Section"), "Title"),
    )
    for row in rows(path, LAYOUT):
        yield row if isinstance(row, Rejected) else reader.outcome(row)


def size_of(income: int | None) -> SizeBand:
    if income is None:
        return SizeBand.UNKNOWN
    return next((band for limit, band in BANDS if income < limit), SizeBand.MAJOR)


def _remarks(row: Row, *, found: bool) -> Iterator[str]:
    """What could not be read. The cell itself is not repeated: it may be an address."""
    if not row["postcode"]:
        yield "listed without a place: no postcode"
    elif not found:
        yield "listed without a place: the postcode column holds no known postcode"
    for column in ("date_registered", "fye"):
        if row[column] and date_in(row[column]) is None:
            yield f"the date in {column} cannot be read"
    if row["web"] and not website_in(row["web"]):
        yield "listed without a website: the web column holds no proper address"


def _titles(path: Path | None, layout: Layout, codes: tuple[str, ...], title: str) -> dict[str, str]:
    """Titles by code; the first of `codes` that a row fills in is its own."""
    if path is None:
        return {}
    titles = {}
    for row in rows(path, layout):
        if isinstance(row, Row):
            titles[next((row[code] for code in codes if row[code]), "")] = row[title]
    return titles


FILE = RegisterFile(register=Register.UKCAT, layout=LAYOUT, inside="charities/ukcat_sample.csv", read=read)
