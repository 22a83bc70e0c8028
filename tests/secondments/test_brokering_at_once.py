"""Two brokers at the same moment: whoever comes second finds what the first has done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.db.models import Model

from secondments.actions import brokering, letters
from secondments.actions.brokering import introduce, put_on_shortlist
from secondments.actions.joining import leave_round
from secondments.actions.letters import write_to_people
from secondments.models import GroupLetter, HostOffer, Participation, Placement, Shortlisted
from secondments.problems.brokering import MOST_LETTERS_A_DAY
from tests.at_once import first_and_meanwhile
from tests.cast import Cast
from tests.factories import AT, make_offer, make_round
from tests.secondments.rounds import first_week, join

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(cast: Cast) -> Participation:
    return join(make_round(cast.cvs), cast.visitor_membership)


@pytest.fixture
def desk(cast: Cast) -> HostOffer:
    return make_offer(cast.advice, cast.host)


def no_lock(*rows: Model) -> None:
    """As if nothing were locked."""


def test_somebody_is_introduced_to_a_host_once(cast: Cast, person: Participation, desk: HostOffer) -> None:
    listed, week = put_on_shortlist(participation=person, offer=desk, by=cast.broker), first_week(person.round)
    again = Shortlisted.objects.get()
    heard = first_and_meanwhile(
        lambda: introduce(shortlisted=listed, week=week, by=cast.broker, at=AT),
        lambda: introduce(shortlisted=again, week=week + timedelta(weeks=1), by=cast.broker, at=AT),
    )
    assert heard == {"out_of_turn"}
    assert Placement.objects.count() == 1


@pytest.mark.parametrize("locked", [True, False])
def test_somebody_is_introduced_to_one_host_at_a_time(
    cast: Cast, person: Participation, desk: HostOffer, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """And without the lock they are asked about two visits at once."""
    if not locked:
        monkeypatch.setattr(brokering, "lock", no_lock)
    week, other = first_week(person.round), make_offer(cast.advice, cast.host)
    for offer in (desk, other):
        put_on_shortlist(participation=person, offer=offer, by=cast.broker)

    def ask(offer: HostOffer, when: date) -> None:
        introduce(shortlisted=Shortlisted.objects.get(offer=offer), week=when, by=cast.broker, at=AT)

    heard = first_and_meanwhile(lambda: ask(desk, week), lambda: ask(other, week + timedelta(weeks=1)))
    assert heard == ({"has_a_visit"} if locked else set())
    assert Placement.objects.count() == 2 - locked


def test_whoever_leaves_the_round_at_this_moment_is_introduced_to_nobody(
    cast: Cast, person: Participation, desk: HostOffer
) -> None:
    put_on_shortlist(participation=person, offer=desk, by=cast.broker)
    read = Shortlisted.objects.select_related("participation__membership", "participation__round__programme")
    listed, week = read.get(), first_week(person.round)
    heard = first_and_meanwhile(
        lambda: leave_round(participation=person, by=cast.visitor, at=AT),
        lambda: introduce(shortlisted=listed, week=week, by=cast.broker, at=AT),
    )
    assert heard == {"left_round"}
    assert not Placement.objects.exists()


@pytest.mark.parametrize("locked", [True, False])
def test_a_host_is_put_on_a_list_once(
    cast: Cast, person: Participation, desk: HostOffer, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """And without the lock the second press meets the first in the database, which is no answer for a page."""
    if not locked:
        monkeypatch.setattr(brokering, "lock", no_lock)
    broken: list[Exception] = []

    def put() -> None:
        try:
            put_on_shortlist(
                participation=Participation.objects.get(pk=person.pk),
                offer=HostOffer.objects.get(pk=desk.pk),
                by=cast.broker,
                at=AT,
            )
        except IntegrityError as error:
            broken.append(error)

    assert first_and_meanwhile(put, put) == set()
    assert Shortlisted.objects.count() == 1
    assert bool(broken) is not locked


@pytest.mark.parametrize("locked", [True, False])
def test_the_last_letter_of_a_day_is_the_last(
    cast: Cast, person: Participation, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """And without the lock there is one more."""
    if not locked:
        monkeypatch.setattr(letters, "lock", no_lock)

    def write() -> None:
        write_to_people(
            a_round=type(person.round).objects.get(),
            people=[person.pk],
            subject="A word",
            text="Hello",
            by=cast.broker,
            at=AT,
        )

    for _ in range(MOST_LETTERS_A_DAY - 1):
        write()
    heard = first_and_meanwhile(write, write)
    assert heard == ({"enough_for_today"} if locked else set())
    assert GroupLetter.objects.count() == MOST_LETTERS_A_DAY + (not locked)
