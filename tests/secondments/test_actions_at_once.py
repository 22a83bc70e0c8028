"""Asking, leaving and closing at the same moment: whoever comes second sees what the first has done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import Model

from partnerships.actions.accounts import close_account
from partnerships.actions.memberships import end_membership
from partnerships.actions.organisations import suspend
from partnerships.ground import locks
from partnerships.models import Membership, Organisation, User
from secondments import actions
from secondments.actions import concerns, offers, placements
from secondments.models import Concern, HostOffer, OfferSession, Placement
from secondments.states import PlacementState
from tests.at_once import first_and_meanwhile, until_it_waits
from tests.cast import Cast
from tests.factories import AT
from tests.secondments.helpers import ask, confirm

pytestmark = pytest.mark.django_db(transaction=True)


# Rows of their own: a verb refreshes what it is given, and the other thread reads what the cast holds.


def leave(cast: Cast) -> None:
    membership = Membership.objects.get(pk=cast.visitor_membership.pk)
    end_membership(membership=membership, by=User.objects.get(pk=cast.home_coordinator.pk), at=AT)


def forget(cast: Cast) -> None:
    user = User.objects.get(pk=cast.visitor.pk)
    close_account(user=user, by=user, at=AT)


def suspend_home(cast: Cast) -> None:
    suspend(organisation=Organisation.objects.get(pk=cast.council.pk), by=cast.administrator, at=AT)


def suspend_host(cast: Cast) -> None:
    suspend(organisation=Organisation.objects.get(pk=cast.advice.pk), by=cast.administrator, at=AT)


ENDINGS = [leave, forget, suspend_home, suspend_host]


def standing() -> list[str]:
    return list(Placement.objects.live().values_list("state", flat=True))


@pytest.mark.parametrize("end", ENDINGS)
def test_who_asks_while_it_ends_is_refused(cast: Cast, end: Callable[[Cast], None]) -> None:
    heard = first_and_meanwhile(lambda: end(cast), lambda: ask(cast))
    assert heard & {"no_longer_there", "organisation_not_acting", "offer_not_open"}
    assert standing() == []


@pytest.mark.parametrize("end", ENDINGS)
def test_a_visit_asked_for_while_it_ends_ends_too(cast: Cast, end: Callable[[Cast], None]) -> None:
    assert first_and_meanwhile(lambda: ask(cast), lambda: end(cast)) == set()
    assert Placement.objects.exists()
    assert standing() == []


@pytest.mark.parametrize("end", ENDINGS)
def test_without_the_lock_a_visit_slips_through(
    cast: Cast, end: Callable[[Cast], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: only the offer and its days are locked, for their places."""

    def places_only(*rows: Model) -> None:
        locks.lock(*[row for row in rows if isinstance(row, HostOffer | OfferSession)])

    monkeypatch.setattr(placements, "lock", places_only)
    assert first_and_meanwhile(lambda: end(cast), lambda: ask(cast)) == set()
    assert standing() == [PlacementState.REQUESTED]


def first_in_the_table() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {OfferSession._meta.db_table} ORDER BY ctid LIMIT 1")  # noqa: S608 - our own table
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("ordered", [True, False])
def test_changing_an_offer_takes_its_days_in_the_order_of_the_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, ordered: bool
) -> None:
    """Who waits for the first row holds no later one; in the control an update takes them as it finds them."""
    if not ordered:
        monkeypatch.setattr(offers, "lock", lambda *rows: None)
    first, *_rest, last = cast.offer.sessions.order_by("pk")
    # Now it lies behind others in the table, and in time: where it is written to is the database's choice.
    later = count(1)
    while (found_first := first_in_the_table()) == first.pk:
        OfferSession.objects.filter(pk=first.pk).update(date=last.date + timedelta(weeks=next(later)))
    free: list[bool] = []

    def hold_the_first_and_reach_for_another() -> None:
        OfferSession.objects.select_for_update().get(pk=first.pk)
        other.start()
        until_it_waits(other)
        with suppress(OperationalError), transaction.atomic():
            OfferSession.objects.select_for_update(nowait=True).get(pk=found_first)
            free.append(True)

    def edit() -> None:
        try:
            actions.edit_offer(offer=HostOffer.objects.get(), by=cast.host, fields={"places": 7}, at=AT)
        finally:
            connection.close()

    other = threading.Thread(target=edit)
    with transaction.atomic():
        hold_the_first_and_reach_for_another()
    other.join()
    assert free == [True] * ordered
    assert set(OfferSession.objects.values_list("places", flat=True)) == {7}


def test_two_who_end_and_answer_at_once_both_get_through(cast: Cast) -> None:
    """Ending takes every row of every visit at once, before it goes through them."""
    placement = confirm(cast)
    heard = first_and_meanwhile(
        lambda: leave(cast),
        lambda: actions.withdraw(placement=Placement.objects.get(pk=placement.pk), by=cast.visitor, at=AT),
    )
    assert heard == {"out_of_turn"}
    assert standing() == []


@pytest.mark.parametrize("in_turns", [True, False])
def test_two_concerns_at_once_are_both_counted(monkeypatch: pytest.MonkeyPatch, in_turns: bool) -> None:
    """In the control neither sees the other, and together they are one too many."""
    monkeypatch.setattr(concerns, "CONCERNS_AN_HOUR", 1)
    if not in_turns:
        monkeypatch.setattr(concerns, "take_turns", lambda what: None)

    def say() -> None:
        actions.raise_concern(what_is_wrong="Nobody was there.", at=AT)

    assert first_and_meanwhile(say, say) == ({"too_many_concerns"} if in_turns else set())
    assert Concern.objects.count() == (1 if in_turns else 2)
