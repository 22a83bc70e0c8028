"""Registers come again and again: nothing twice, nothing overwritten, nothing lost, and what has ended is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.actions import registers
from partnerships.actions.registers import Report
from partnerships.ground.models import Event
from partnerships.models import Identifier, Organisation, Place, RegisterEntry
from partnerships.states import OrganisationState, PlaceKind, SizeBand
from tests.factories import make_organisation
from tests.partnerships.register_files import (
    WRITES,
    Importing,
    charity,
    numbers,
    trust,
)

pytestmark = pytest.mark.django_db


def test_a_second_run_writes_nothing(charities: Importing) -> None:
    rows = [charity(1000000 + number) for number in range(30)]
    charities(rows)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        report = charities(rows, as_of=date(2026, 5, 1))
    assert numbers(report) == {"unchanged": 30}
    assert [query["sql"] for query in captured if query["sql"].startswith(WRITES)] == []


def test_a_name_that_is_put_right_is_put_right_once(charities: Importing) -> None:
    rows = [charity(1000001, name="1St Magherally Rainbows"), charity(1000002, name="The Gemma Mchale Foundation")]
    charities(rows)
    names = set(Organisation.objects.values_list("name", flat=True))
    assert names == {"1st Magherally Rainbows", "The Gemma McHale Foundation"}
    assert numbers(charities(rows, as_of=date(2026, 5, 1))) == {"unchanged": 2}


def test_a_batch_costs_the_same_number_of_statements_whatever_its_size(charities: Importing) -> None:
    with CaptureQueriesContext(connection) as few:
        charities([charity(1000001)])
    with CaptureQueriesContext(connection) as many:
        charities([charity(1000100 + number) for number in range(60)])
    assert len(many) == len(few)


def test_a_changed_row_brings_an_unclaimed_organisation_up_to_date(charities: Importing) -> None:
    charities([charity(name="OLD NAME")])
    report = charities([charity(name="NEW NAME", income="5")], as_of=date(2026, 5, 1))
    assert numbers(report) == {"updated": 1}
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.slug, organisation.size) == ("New Name", "old-name", SizeBand.MICRO)
    assert organisation.register_entries.get().as_of == date(2026, 5, 1)


def test_what_an_organisation_says_of_itself_is_never_overwritten(charities: Importing) -> None:
    charities([charity()])
    Organisation.objects.update(
        state=OrganisationState.CLAIMED, name="Our Own Name", website="https://ours.example", what_it_does="Our words."
    )
    report = charities([charity(name="THEIR NAME", web="www.theirs.org", activities="Their words.", income="1")])
    assert numbers(report) == {"updated": 1}
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.website, organisation.what_it_does, organisation.size) == (
        "Our Own Name", "https://ours.example", "Our words.", SizeBand.SMALL,
    )  # fmt: skip
    assert organisation.register_summary == "Their words."
    assert organisation.register_entries.get().facts["activities"] == "Their words."


def test_an_organisation_that_entered_its_own_number_is_found_and_not_made_twice(charities: Importing) -> None:
    ours = make_organisation("Ours")
    Identifier.objects.create(organisation=ours, scheme="GB-CHC", value="1000001")
    assert numbers(charities([charity()])) == {"updated": 1}
    assert RegisterEntry.objects.get().organisation == ours
    assert Organisation.objects.get().name == "Ours"
    assert numbers(charities([charity()])) == {"unchanged": 1}


def test_a_place_that_comes_later_is_taken_over_by_the_next_run(charities: Importing) -> None:
    charities([charity()])
    assert Organisation.objects.get().place is None
    place = Place.objects.create(kind=PlaceKind.COUNCIL, code="E08000006", name="Salford")
    assert numbers(charities([charity()])) == {"updated": 1}
    assert Organisation.objects.get().place == place


def test_stopped_in_the_middle_it_keeps_what_it_had_and_goes_on(
    charities: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "BATCH", 10)
    rows = [charity(1000000 + number) for number in range(25)]

    def stop(report: Report) -> None:
        if report.read == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        charities(rows, progress=stop)
    assert Organisation.objects.count() == 20
    assert numbers(charities(rows)) == {"created": 5, "unchanged": 20}


def test_a_batch_that_fails_leaves_nothing_of_itself(charities: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(ended: Any, run: Any) -> int:
        raise RuntimeError

    monkeypatch.setattr(registers, "take_ended", fail)
    with pytest.raises(RuntimeError):
        charities([charity()])
    assert not Organisation.objects.exists()
    assert not Event.objects.exists()


def test_a_report_that_does_not_add_up_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="2 rows were read and 1 accounted for"):
        Report(read=2, created=1).check()


def test_a_removed_charity_is_counted_and_not_made(charities: Importing) -> None:
    assert numbers(charities([charity(active="False")])) == {"closed": 1}
    assert not Organisation.objects.exists()


def test_a_charity_that_is_removed_later_is_closed_through_the_one_door(charities: Importing) -> None:
    charities([charity()])
    report = charities([charity(active="false")], as_of=date(2026, 6, 1))
    assert (numbers(report), report.closed_now) == ({"closed": 1}, 1)
    organisation = Organisation.objects.get()
    assert organisation.state == OrganisationState.CLOSED
    assert organisation.register_entries.get().closed_on == date(2026, 6, 1)
    event = Event.objects.about(organisation).last()
    assert event is not None
    assert (event.verb, event.from_state, event.to_state) == ("close_from_register", "listed", "closed")
    again = charities([charity(active="false")])
    assert (numbers(again), again.closed_now) == ({"closed": 1}, 0)


def test_one_that_its_register_has_again_is_listed_again(charities: Importing) -> None:
    charities([charity()])
    charities([charity(active="False")])
    assert numbers(charities([charity()])) == {"updated": 1}
    organisation = Organisation.objects.get()
    assert organisation.state == OrganisationState.LISTED
    assert organisation.register_entries.get().closed_on is None


def test_what_another_register_still_has_stays_open(charities: Importing, trusts: Importing) -> None:
    trusts(trust())
    organisation = Organisation.objects.get()
    Identifier.objects.create(organisation=organisation, scheme="GB-CHC", value="1000001")
    charities([charity()])
    charities([charity(active="False")])
    organisation.refresh_from_db()
    assert organisation.state == OrganisationState.LISTED
