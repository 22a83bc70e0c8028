"""/visits/booked/<uuid>/they-come/: from "somebody would like to go" to the visit in return."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from partnerships.models import ApprovedDomain
from secondments import actions
from secondments.models import Placement
from secondments.states import SwapState
from secondments.views.calendar import value_of
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_offer
from tests.secondments.helpers import confirm, free_half_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(cast: Cast) -> Placement:
    """A visit that happened, with a visit in return open."""
    ApprovedDomain.objects.create(organisation=cast.advice, domain="advice.example.org")
    placement = confirm(cast, wants_return=True)
    day = AT + timedelta(days=14)
    actions.start(placement=placement, at=day)
    actions.complete(placement=placement, minutes=60, by=cast.host, at=day)
    return placement


def address(placement: Placement) -> str:
    return reverse("swap-call", args=[placement.uuid])


def test_before_it_is_called_and_for_others_there_is_nothing(cast: Cast, first: Placement) -> None:
    assert enter(cast.host).get(address(first))["Location"] == first.get_absolute_url()
    for person in (cast.visitor, cast.home_coordinator, cast.adviser, cast.outsider):
        assert enter(person).get(address(first)).status_code == 404


def test_where_nothing_is_open_it_says_so(cast: Cast, first: Placement) -> None:
    host = enter(cast.host)
    page = host.post(address(first), follow=True).content.decode()
    assert "Test Council has no offer open yet" in page
    make_offer(cast.council, cast.home_coordinator, sessions=2, title="A day with commissioners")
    page = host.get(address(first)).content.decode()
    assert "A day with commissioners" in page
    assert "Vera Visitor has been with you. One of you is welcome until" in page
    assert "Next free day: Monday 18 January" in page
    assert "no offer open yet" not in page


@pytest.mark.parametrize("person", ["host", "adviser"])
def test_the_visit_in_return_is_booked(cast: Cast, first: Placement, person: str) -> None:
    offer = make_offer(cast.council, cast.home_coordinator, sessions=4, checks=[])
    page = enter(cast.host).post(address(first), follow=True).content.decode()
    (ask_days,) = re.findall(r'href="([^"]+returning=[^"]+)"', page)
    goer = enter(getattr(cast, person))
    goer.get(ask_days)
    goer.post(ask_days, {"days": [value_of(each) for each in free_half_days(offer)]})
    about, check = reverse("ask-about", args=[offer.slug]), reverse("ask-check", args=[offer.slug])
    assert "wants_return" not in goer.get(about).content.decode()
    other = cast.adviser if person == "host" else cast.host
    said = {"tie": "none", "learn": "How money is decided.", "agrees_email": other.email}
    assert goer.post(about, said)["Location"] == check
    page = goer.get(check).content.decode()
    assert "This is your visit in return for the one from Test Council" in page
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    goer.post(check, {"key": found[1]})
    back = Placement.objects.exclude(pk=first.pk).get()
    assert back.swap == first.swap
    assert "Monday 18 January 2027, all day" in enter(cast.visitor).get(first.get_absolute_url()).content.decode()
    # It is used once: the page leads back, and the same address asks for a visit of its own.
    assert enter(cast.host).get(address(first))["Location"] == first.get_absolute_url()
    assert "Next: ask for days" not in enter(cast.host).get(first.get_absolute_url()).content.decode()
    goer.post(ask_days, {"days": [value_of(each) for each in free_half_days(offer, 4)[2:]]})
    assert "wants_return" in goer.get(about).content.decode()


@pytest.mark.parametrize("named", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_an_address_that_names_no_swap_asks_as_usual(cast: Cast, named: str) -> None:
    asker, days = enter(cast.visitor), reverse("ask-days", args=[cast.offer.slug])
    asker.post(f"{days}?returning={named}", {"days": [value_of(each) for each in free_half_days(cast.offer)]})
    assert "wants_return" in asker.get(reverse("ask-about", args=[cast.offer.slug])).content.decode()


def test_a_return_of_others_asks_as_usual(cast: Cast, first: Placement) -> None:
    assert first.swap is not None
    assert first.swap.state == SwapState.OPEN
    offer = make_offer(cast.council, cast.home_coordinator, sessions=2)
    outsider, days = enter(cast.outsider), reverse("ask-days", args=[offer.slug])
    outsider.post(f"{days}?returning={first.swap.uuid}", {"days": [value_of(each) for each in free_half_days(offer)]})
    assert "wants_return" in outsider.get(reverse("ask-about", args=[offer.slug])).content.decode()
