"""One batch of a register's rows, taken with the same few statements however many rows it has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from partnerships.actions.leavers import end_what_it_had
from partnerships.actions.slugs import free_slugs
from partnerships.ground import workflow
from partnerships.importers.records import Ended, Record
from partnerships.models import Identifier, Organisation, Place, RegisterEntry, User
from partnerships.states import SECTOR_OF_FIELD, OrganisationState

GONE = (OrganisationState.CLOSED, OrganisationState.MERGED)
FROM_REGISTER = (
    "name", "sector", "field", "legal_form", "place", "latitude", "longitude", "size", "website", "register_summary",
)  # fmt: skip
"""What a register says of an organisation that nobody looks after. Of the others it says `register_summary` alone."""


@dataclass(frozen=True, slots=True)
class Run:
    """What is the same for every batch of one import. `as_of` is the day on which the register stood so."""

    register: str
    as_of: date
    by: User | None
    at: datetime
    places: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Taken:
    created: int
    updated: int
    unchanged: int


def fingerprint(record: Record, place: Place | None) -> str:
    """Changes when anything changes that the record says, or the place that it is found in."""
    said = [
        record.name, record.field, record.legal_form, record.identifiers, record.facts, place.code if place else "",
        record.point, record.size, record.website, record.summary,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def take_records(records: list[Record], run: Run) -> Taken:
    """List what is new, bring up to date what has changed, and leave the rest alone."""
    entries = _entries(run.register, [record.reference for record in records])
    prints = {record.reference: fingerprint(record, run.places.get(record.place_code)) for record in records}
    new = [record for record in records if record.reference not in entries]
    changed = [
        record
        for record in records
        if (entry := entries.get(record.reference))
        and (entry.fingerprint != prints[record.reference] or entry.closed_on is not None)
    ]
    owners = _known_by_identifier(new)
    strangers = [record for record in new if record.reference not in owners]
    for record in changed:
        owners[record.reference] = entries[record.reference].organisation
    again = [owners[record.reference] for record in changed if entries[record.reference].closed_on]
    reopen_from_register(again, by=run.by, at=run.at)
    _bring_up_to_date([(record, owners[record.reference]) for record in records if record.reference in owners], run)
    owners |= _list_new(strangers, run)

    RegisterEntry.objects.bulk_create(
        _described(RegisterEntry(register=run.register, reference=record.reference), record, owners, prints, run)
        for record in new
    )
    RegisterEntry.objects.bulk_update(
        [_described(entries[record.reference], record, owners, prints, run) for record in changed],
        ["facts", "fingerprint", "as_of", "closed_on"],
    )
    # Two charities may share one company: the number names the one that was listed first.
    Identifier.objects.bulk_create(
        (
            Identifier(organisation=owners[record.reference], scheme=scheme, value=value)
            for record in (*new, *changed)
            for scheme, value in record.identifiers
        ),
        ignore_conflicts=True,
    )
    return Taken(
        created=len(strangers),
        updated=len(new) - len(strangers) + len(changed),
        unchanged=len(records) - len(new) - len(changed),
    )


def take_ended(ended: list[Ended], run: Run) -> int:
    """Close those that the directory knows; return how many it did not know to be closed."""
    entries = _entries(run.register, [row.reference for row in ended])
    closing = [entry for entry in entries.values() if entry.closed_on is None]
    if not closing:
        return 0
    days = {row.reference: row.on or run.as_of for row in ended}
    for entry in closing:
        entry.closed_on, entry.as_of = days[entry.reference], run.as_of
    RegisterEntry.objects.bulk_update(closing, ["closed_on", "as_of"])
    owners = {entry.organisation_id: entry.organisation for entry in closing}
    elsewhere = set(
        RegisterEntry.objects.filter(organisation__in=owners, closed_on__isnull=True).values_list(
            "organisation_id", flat=True
        )
    )
    close_from_register(
        [organisation for key, organisation in owners.items() if key not in elsewhere], by=run.by, at=run.at
    )
    return len(closing)


def close_from_register(organisations: Iterable[Organisation], *, by: User | None, at: datetime) -> None:
    """Close organisations that their register says are no more."""
    closing = [organisation for organisation in organisations if organisation.state not in GONE]
    # Nobody belongs to one that is only listed, and most that a register closes are.
    looked_after = [organisation for organisation in closing if organisation.state != OrganisationState.LISTED]
    with transaction.atomic():
        workflow.move_all(closing, to=OrganisationState.CLOSED, verb="close_from_register", by=by, at=at)
        for organisation in looked_after:
            end_what_it_had(organisation, by=by, at=at)


def reopen_from_register(organisations: Iterable[Organisation], *, by: User | None, at: datetime) -> None:
    """List again organisations that a register had closed and now has as open; their people claim them anew."""
    workflow.move_all(
        [organisation for organisation in organisations if organisation.state == OrganisationState.CLOSED],
        to=OrganisationState.LISTED,
        verb="reopen_from_register",
        by=by,
        at=at,
    )


def _entries(register: str, references: list[str]) -> dict[str, RegisterEntry]:
    found = RegisterEntry.objects.filter(register=register, reference__in=references)
    return {
        entry.reference: entry
        for entry in found.select_related("organisation").defer(
            "facts", "organisation__register_summary", "organisation__search"
        )
    }


def _known_by_identifier(records: list[Record]) -> dict[str, Organisation]:
    """Those that are here already, entered by their own people or read from another register, by reference."""
    wanted = {record.identifiers[0]: record.reference for record in records}
    found = Identifier.objects.filter(
        scheme__in={scheme for scheme, _ in wanted}, value__in={value for _, value in wanted}
    ).select_related("organisation")
    return {
        wanted[identifier.scheme, identifier.value]: identifier.organisation
        for identifier in found
        if (identifier.scheme, identifier.value) in wanted
    }


def _list_new(records: list[Record], run: Run) -> dict[str, Organisation]:
    slugs = free_slugs((record.reference, record.name) for record in records)
    made = Organisation.objects.bulk_create(
        Organisation(
            slug=slugs[record.reference],
            state=OrganisationState.LISTED,
            created_at=run.at,
            **_values(record, run),
        )
        for record in records
    )
    workflow.created_all(made, by=run.by, verb="import_register", at=run.at)
    return {record.reference: organisation for record, organisation in zip(records, made, strict=True)}


def _bring_up_to_date(pairs: list[tuple[Record, Organisation]], run: Run) -> None:
    unclaimed, looked_after = [], []
    for record, organisation in pairs:
        values = _values(record, run)
        if organisation.state == OrganisationState.LISTED:
            for name in FROM_REGISTER:
                setattr(organisation, name, values[name])
            unclaimed.append(organisation)
        else:
            organisation.register_summary = values["register_summary"]
            looked_after.append(organisation)
    if unclaimed:
        Organisation.objects.bulk_update(unclaimed, FROM_REGISTER)
    if looked_after:
        Organisation.objects.bulk_update(looked_after, ["register_summary"])


def _values(record: Record, run: Run) -> dict[str, Any]:
    latitude, longitude = record.point or (None, None)
    return {
        "name": record.name,
        "sector": SECTOR_OF_FIELD[record.field],
        "field": record.field,
        "legal_form": record.legal_form,
        "place": run.places.get(record.place_code),
        "latitude": latitude,
        "longitude": longitude,
        "size": record.size,
        "website": record.website,
        "register_summary": record.summary,
    }


def _described(
    entry: RegisterEntry, record: Record, owners: Mapping[str, Organisation], prints: Mapping[str, str], run: Run
) -> RegisterEntry:
    entry.organisation = owners[record.reference]
    entry.facts = record.facts
    entry.fingerprint = prints[record.reference]
    entry.as_of = run.as_of
    entry.closed_on = None
    return entry
