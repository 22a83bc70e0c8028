"""Asking for a visit in return: the other way round, while it is open, and once."""

from __future__ import annotations

import pytest

from partnerships.ground.problems import Refused
from partnerships.models import ApprovedDomain
from secondments import actions
from tests.cast import Cast
from tests.factories import AT, make_offer
from tests.secondments.helpers import ask, free_half_days

pytestmark = pytest.mark.django_db


def test_a_return_goes_the_other_way_and_once(cast: Cast) -> None:
    first = ask(cast, wants_return=True)
    way_back = {
        "offer": make_offer(cast.council, cast.home_coordinator, sessions=4),
        "membership": cast.adviser.memberships.get(),
        "by": cast.adviser,
        "agrees_email": cast.host.email,
        "returning": first.swap,
    }
    ApprovedDomain.objects.create(organisation=cast.advice, domain="advice.example.org")
    elsewhere = make_offer(cast.elsewhere, cast.outsider, sessions=2)
    with pytest.raises(Refused, match="between other organisations"):
        ask(cast, **way_back | {"offer": elsewhere})
    back = ask(cast, **way_back)
    days = free_half_days(back.offer, 4)[2:]
    with pytest.raises(Refused, match="has been asked for already"):
        ask(cast, **way_back | {"half_days": days})
    # One that came to nothing leaves room for another.
    actions.withdraw(placement=back, by=cast.adviser, at=AT)
    assert ask(cast, **way_back | {"half_days": days}).swap == first.swap


def test_a_return_is_neither_late_nor_for_a_visit_that_did_not_take_place(cast: Cast) -> None:
    first = ask(cast, wants_return=True)
    swap = first.swap
    assert swap is not None
    ApprovedDomain.objects.create(organisation=cast.advice, domain="advice.example.org")
    way_back = {
        "offer": make_offer(cast.council, cast.home_coordinator, sessions=2),
        "membership": cast.adviser.memberships.get(),
        "by": cast.adviser,
        "agrees_email": cast.host.email,
        "returning": swap,
    }
    actions.withdraw(placement=first, by=cast.visitor, at=AT)
    with pytest.raises(Refused, match="did not take place"):
        ask(cast, **way_back)
    actions.lapse(swap=swap, at=AT)
    with pytest.raises(Refused, match="is over"):
        ask(cast, **way_back)
