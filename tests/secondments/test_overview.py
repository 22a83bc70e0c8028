"""/organisations/<slug>/overview/: an organisation's side at a glance, for its coordinators."""

from __future__ import annotations

from datetime import timedelta
from re import findall

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.models import Organisation, User
from partnerships.states import MembershipState
from secondments import actions
from secondments.states import Dating, DecisionKind, OfferState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_offer, make_round, make_session, make_user
from tests.secondments.helpers import ask, confirm, free_half_days, say
from tests.secondments.rounds import join

pytestmark = pytest.mark.django_db


def address(organisation: Organisation) -> str:
    return reverse("overview", args=[organisation.slug])


def page(user: User, organisation: Organisation, **asked: str) -> str:
    return enter(user).get(address(organisation), asked).content.decode()


def section(text: str, name: str) -> str:
    return text.partition(f'id="{name}"')[2].partition("<h2")[0]


def test_it_is_for_its_own_coordinators(cast: Cast) -> None:
    assert enter(cast.host).get(address(cast.advice)).status_code == 200
    for person in (cast.adviser, cast.administrator, cast.newcomer):
        assert enter(person).get(address(cast.advice)).status_code == 403
    for coordinator_of_others in (cast.home_coordinator, cast.outsider):
        assert enter(coordinator_of_others).get(address(cast.advice)).status_code == 404


def test_who_goes_and_who_comes_with_where_it_stands(cast: Cast) -> None:
    ask(cast)
    home, host = page(cast.home_coordinator, cast.council), page(cast.host, cast.advice)
    assert "Vera Visitor goes" in section(home, "going")
    assert "Waiting for Test Advice and Vera Visitor’s manager until 11 January" in section(home, "going")
    assert "Nobody is about to come" in section(home, "coming")
    assert "Vera Visitor of Test Council comes" in section(host, "coming")
    assert "Nobody of you is about to go" in section(host, "going")


def test_what_one_person_shows_in_a_round_is_no_offer_of_the_organisation(cast: Cast) -> None:
    """It has no page, and is open to nobody but whoever changes places with them."""
    before = page(cast.home_coordinator, cast.council)
    join(make_round(cast.cvs), cast.visitor_membership, shows="A morning of calls", welcomes=True)
    after = page(cast.home_coordinator, cast.council)
    assert "A visit in return" not in after
    assert section(after, "offers") == section(before, "offers")


def test_what_is_over_is_left_to_the_list_of_all_visits(cast: Cast) -> None:
    placement = ask(cast)
    say(placement, DecisionKind.HOST, cast, yes=False)
    assert "Vera Visitor" not in section(page(cast.host, cast.advice), "coming")


def test_its_title_says_what_waits_and_the_card_leads_there(cast: Cast) -> None:
    ask(cast)
    host = page(cast.host, cast.advice)
    assert "<title>Test Advice: 1 waits for your answer" in host
    assert reverse("to-answer") in host
    assert "<title>Test Council: nothing waits for you" in page(cast.home_coordinator, cast.council)
    make_membership(make_user(), cast.council, state=MembershipState.ASKED)
    home = page(cast.home_coordinator, cast.council)
    assert "<title>Test Council: 1 waits for your answer" in home
    assert "Next: say who works with you" in home


def test_what_waits_elsewhere_is_not_counted(cast: Cast) -> None:
    make_membership(cast.home_coordinator, cast.advice, is_coordinator=True)
    ask(cast)
    assert "nothing waits for you" in page(cast.home_coordinator, cast.council)


def test_who_has_to_go_and_has_not_comes_first(cast: Cast) -> None:
    names = {"Abel": None, "Bea": None}
    for name in names:
        make_membership(make_user(name), cast.council, is_commissioner=True)
    make_membership(make_user("Zoe"), cast.council)
    placement = confirm(cast)
    listed = section(page(cast.home_coordinator, cast.council), "commissioners")
    assert findall(r">(Abel|Bea|Vera Visitor|Zoe)<", listed) == ["Abel", "Bea", "Vera Visitor"]
    assert "Has asked for or booked Monday 18 January" in listed
    assert listed.count("Not yet") == 2
    actions.start(placement=placement, at=AT + timedelta(days=14))
    actions.complete(placement=placement, minutes=60, by=cast.host, at=AT + timedelta(days=14))
    home = page(cast.home_coordinator, cast.council)
    assert "Has been, last on Monday 18 January" in section(home, "commissioners")
    assert "<dd>1 of 3</dd>" in home
    assert 'id="commissioners"' not in page(cast.host, cast.advice)


def test_offers_with_their_next_free_day(cast: Cast) -> None:
    make_offer(cast.advice, cast.host, title="Ask us", dating=Dating.ASK_US)
    make_offer(cast.advice, cast.host, title="Long gone", state=OfferState.CLOSED)
    offers = section(page(cast.host, cast.advice), "offers")
    assert "Next free day: Monday 18 January" in offers
    assert "Agreed with each visitor" in offers
    assert "Long gone" not in offers
    cast.offer.sessions.update(booked=1)
    assert "No day is free" in section(page(cast.host, cast.advice), "offers")


def test_each_list_has_its_own_pages(cast: Cast) -> None:
    for number in range(11):
        make_offer(cast.advice, cast.host, title=f"Offer {number:02}")
    text = page(cast.host, cast.advice)
    assert "?offers=2" in text
    assert "Offer 10" not in section(text, "offers")
    assert "Offer 10" in section(page(cast.host, cast.advice, offers="2"), "offers")


def test_it_costs_the_same_for_one_and_for_ten(cast: Cast) -> None:
    offer = make_offer(cast.advice, cast.host, places=20, dating=Dating.DATED)
    make_session(offer, AT.date() + timedelta(days=14), places=50)
    half_days = free_half_days(offer, 1)

    def cost(person: User, organisation: Organisation) -> int:
        browser = enter(person)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address(organisation))
        return len(queries)

    def somebody() -> None:
        person = make_user()
        membership = make_membership(person, cast.council, is_commissioner=True)
        ask(cast, offer=offer, membership=membership, by=person, half_days=half_days)
        make_offer(cast.advice, cast.host, sessions=2)

    somebody()
    ones = cost(cast.host, cast.advice), cost(cast.home_coordinator, cast.council)
    for _number in range(9):
        somebody()
    tens = cost(cast.host, cast.advice), cost(cast.home_coordinator, cast.council)
    assert ones == tens
    assert max(tens) <= 15
