"""/visits/for-me/: the best hosts at this moment for whoever asks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.states import Field
from secondments.models import OfferSession
from secondments.states import Mode
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_membership, make_offer, make_organisation, make_place, make_round
from tests.secondments.rounds import join

pytestmark = pytest.mark.django_db

FOR_ME = "/visits/for-me/"


def page_of(client: Client, **asked: Any) -> str:
    return client.get(FOR_ME, asked).content.decode()


def suggested(client: Client, **asked: Any) -> list[str]:
    return re.findall(r'app-card__title"><a class="govuk-link" href="[^"]*">([^<]*)<', page_of(client, **asked))


def test_nothing_has_to_be_typed(cast: Cast) -> None:
    page = page_of(enter(cast.visitor))
    assert page.count("1 host suits you now") == 2, "In the title, and as the heading."
    assert cast.offer.title in page
    assert "In the same place" in page
    assert "From the week of 18 January" in page
    assert reverse("ask-days", args=[cast.offer.slug]) in page
    assert "Any kind of organisation · any month · up to 25 km · in person" in page


def test_what_one_wants_to_see_comes_first(cast: Cast) -> None:
    ward = make_offer(cast.elsewhere, cast.outsider, title="On the ward")
    client = enter(cast.visitor)
    assert suggested(client, km=25, wants=Field.HEALTH) == [ward.title, cast.offer.title]
    assert suggested(client, km=25, wants=Field.VOLUNTARY) == [cast.offer.title, ward.title]


def test_it_goes_both_ways(cast: Cast) -> None:
    desk = make_offer(cast.council, cast.home_coordinator, title="At the council")
    make_offer(cast.cvs, cast.broker, title="Of the same sector")
    assert suggested(enter(cast.adviser)) == [desk.title]


def test_why_others_are_not_shown_and_what_would_open_them(cast: Cast) -> None:
    far = make_organisation(place=make_place("Carlisle", latitude=53.9, longitude=-2.29))
    make_offer(far, cast.host, title="Far away")
    make_offer(cast.advice, cast.host, title="On a screen", mode=Mode.REMOTE)
    make_offer(cast.advice, cast.host, title="Not in winter", months_to_avoid=[1, 2, 3, 4, 5, 6, 7])
    page = page_of(enter(cast.visitor), km=25, months="2027-02")
    assert "1 host is too far away." in page
    assert "Going 21 km further, 1 more host would suit." in page
    assert "1 host meets the other way: in person or online." in page
    assert "If a visit online would do, 1 more host would suit." in page
    assert "1 host has no week that suits both." in page


def test_a_month_that_would_help_is_named(cast: Cast) -> None:
    OfferSession.objects.filter(offer=cast.offer, date__gte="2027-02-01").delete()
    page = page_of(enter(cast.visitor), km=25, months="2027-03")
    assert "No host suits all of this now" in page
    assert "With the week of 18 January as well, 1 more host would suit." in page


def test_how_and_what_is_paid(cast: Cast) -> None:
    screen = make_offer(cast.elsewhere, cast.outsider, title="On a screen", mode=Mode.REMOTE, payment_pence=5000)
    client = enter(cast.visitor)
    assert set(suggested(client, km=25, how="either")) == {screen.title, cast.offer.title}
    assert suggested(client, km=25, how="online") == [screen.title]
    assert suggested(client, km=25, how="online", unpaid="on") == []
    assert "If £50 more could be paid for a day" in page_of(client, km=25, how="online", unpaid="on")


def test_a_tie_leads_only_where_it_is_welcome(cast: Cast) -> None:
    welcoming = make_offer(cast.elsewhere, cast.outsider, title="All are welcome", accepts_ties=True)
    client = enter(cast.visitor)
    assert suggested(client, km=25, tie="on") == [welcoming.title]
    page = page_of(client, km=25, tie="on")
    assert "Some hosts were not available to you." in page
    assert "funds or inspects it" not in page


def test_whom_somebody_must_not_meet_they_are_not_shown_and_nobody_reads_it(cast: Cast) -> None:
    join(make_round(cast.cvs), cast.visitor_membership, avoids=[cast.advice])
    page = page_of(enter(cast.visitor))
    assert cast.offer.title not in page
    assert "not to meet" not in page


def test_what_somebody_needs_of_a_place_holds_here_too(cast: Cast) -> None:
    join(make_round(cast.cvs), cast.visitor_membership, access_needs=["step_free"])
    client = enter(cast.visitor)
    assert suggested(client) == []
    level = make_offer(cast.elsewhere, cast.outsider, title="On the level", meets=["step_free"])
    assert suggested(client) == [level.title]


def test_it_begins_with_what_one_said_last(cast: Cast) -> None:
    ward = make_offer(cast.elsewhere, cast.outsider, title="On the ward", mode=Mode.REMOTE)
    join(make_round(cast.cvs), cast.visitor_membership, wants=["health"], online=True, most_km=7, tie="visitor_funds")
    page = page_of(enter(cast.visitor))
    assert "Health · any month · up to 7 km · in person or online" in page
    assert ward.title not in page, "Where their team has a tie they go only where that is welcome."
    assert suggested(enter(cast.visitor), km=7, how="either", wants="health")[0] == ward.title


def test_where_one_goes_from(cast: Cast) -> None:
    make_membership(cast.visitor, cast.advice)
    desk = make_offer(cast.council, cast.home_coordinator, title="At the council")
    client = enter(cast.visitor)
    assert suggested(client, km=25, home=cast.council.slug) == [cast.offer.title]
    assert suggested(client, km=25, home=cast.advice.slug) == [desk.title]


def test_what_is_typed_wrong_is_said(cast: Cast) -> None:
    page = page_of(enter(cast.visitor), km="far")
    assert "There is a problem" in page
    assert "Enter how far you can travel, such as 25" in page
    assert 'value="far"' in page


def test_whoever_belongs_nowhere_says_so_first(cast: Cast) -> None:
    answer = enter(cast.newcomer).get(FOR_ME)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("join-organisation"))


def test_the_way_there(cast: Cast, client: Client) -> None:
    for page in (reverse("offers"), reverse("next-steps"), reverse("front")):
        assert FOR_ME in enter(cast.visitor).get(page).content.decode()
    assert FOR_ME not in client.get(reverse("offers")).content.decode()


def test_it_costs_the_same_for_one_offer_and_for_fifty(cast: Cast) -> None:
    client = enter(cast.visitor)
    client.get(FOR_ME)
    with CaptureQueriesContext(connection) as one:
        client.get(FOR_ME)
    for _ in range(50):
        make_offer(make_organisation(most_visits_per_week=2), cast.host, sessions=2)
    with CaptureQueriesContext(connection) as many:
        assert "The best 10 of 51 that suit" in page_of(client)
    assert len(one) == len(many) <= 15
