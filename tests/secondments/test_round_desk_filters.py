"""A broker looks for some of the people of a proposal: by sector, by organisation, by what came of it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.states import Field, WhoAgrees
from secondments.models import Match, MatchRun
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_membership, make_offer, make_organisation, make_round, make_user
from tests.secondments.rounds import first_week, join, matched

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast: Cast) -> MatchRun:
    """A commissioner goes from the council to the advice centre, and an adviser from there to the council.

    Lena of the library has only one week, in which nobody takes her.
    """
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    make_offer(cast.advice, cast.host, title="The front desk", places=1, months_to_avoid=[2])
    make_offer(cast.council, cast.home_coordinator, title="The housing team", places=1)
    library = make_organisation("Test Library", field=Field.LOCAL_GOVERNMENT, who_agrees=WhoAgrees.SELF)
    a_round = make_round(cast.cvs)
    join(a_round, cast.visitor_membership)
    adviser = make_membership(make_user("Abe Adviser"), cast.advice, job_title="Debt adviser")
    join(a_round, adviser, wants=["local_government"], agrees_email=cast.host.email)
    join(a_round, make_membership(make_user("Lena Librarian"), library), weeks=[first_week(a_round)])
    return matched(cast, a_round)


VERA, ABE, LENA = "Vera Visitor", "Abe Adviser", "Lena Librarian"


def shown(cast: Cast, run: MatchRun, **asked: str) -> set[str]:
    page = enter(cast.broker).get(reverse("round-desk", args=[run.round.slug]), asked).content.decode()
    assert "2 of 3 people have a place" in page
    return {name for name in (VERA, ABE, LENA) if name in page}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {VERA, ABE, LENA}),
        ({"show": "placed"}, {VERA, ABE}),
        ({"show": "without"}, {LENA}),
        ({"show": "compulsory"}, {VERA}),
        ({"show": "low"}, set()),
        ({"sector": "vcse"}, {ABE}),
        ({"sector": "public"}, {VERA, LENA}),
        ({"sector": "public", "show": "without"}, {LENA}),
        ({"sector": "nonsense"}, {VERA, ABE, LENA}),
        ({"show": "nonsense", "sector": "vcse"}, {ABE}),
    ],
)
def test_some_are_asked_for(cast: Cast, run: MatchRun, asked: dict[str, str], found: set[str]) -> None:
    assert shown(cast, run, **asked) == found


def test_an_organisation_is_found_on_either_side(cast: Cast, run: MatchRun) -> None:
    library = make_organisation("Not In It")
    assert shown(cast, run, organisation=cast.advice.slug) == {VERA, ABE}
    assert shown(cast, run, organisation=run.not_placed.get().participation.membership.organisation.slug) == {LENA}
    assert shown(cast, run, organisation=library.slug) == {VERA, ABE, LENA}


def test_what_fits_less_than_half_is_found(cast: Cast, run: MatchRun) -> None:
    most = sum(part["out_of"] for part in run.matches.all()[0].parts)
    vera = Match.objects.get(participation__membership__user=cast.visitor)
    for fit, found in ((most // 2, set()), (most // 2 - 1, {VERA})):
        Match.objects.filter(pk=vera.pk).update(fit=fit)
        assert shown(cast, run, show="low") == found


def test_a_row_shows_both_sides(cast: Cast, run: MatchRun) -> None:
    page = enter(cast.broker).get(reverse("round-desk", args=[run.round.slug])).content.decode()
    for words in (VERA, "Officer, Test Council", "Has to go", "The front desk", "Hal Host, Test Advice"):
        assert words in page


def test_nobody_like_this_leads_back_to_everybody(cast: Cast, run: MatchRun) -> None:
    page = enter(cast.broker).get(reverse("round-desk", args=[run.round.slug]), {"show": "low"}).content.decode()
    assert "Nobody like this" in page
    assert "Show everybody" in page


def test_the_desk_costs_the_same_for_two_and_for_two_hundred(cast: Cast) -> None:
    desk: Client = enter(cast.broker)
    counts: dict[str, list[int]] = {"": [], "?show=placed&sector=public": []}
    for people in (2, 200):
        a_round = make_round(cast.cvs)
        make_offer(cast.advice, cast.host, places=people)
        for _ in range(people):
            join(a_round, make_membership(make_user(), cast.council))
        matched(cast, a_round)
        for asked, counted in counts.items():
            address = reverse("round-desk", args=[a_round.slug]) + asked
            desk.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert f"{people} of {people} people have a place" in desk.get(address).content.decode()
            counted.append(len(queries))
            assert not any('"problem"' in query["sql"] for query in queries), "What only a replay reads was read."
    for few, many in counts.values():
        # From thirty people on there is a picture, which is one question more.
        assert many - few == 1
        assert many <= 15


def test_a_round_of_twelve_is_simple_and_says_what_is_next(cast: Cast) -> None:
    desk = enter(cast.broker)
    pages = []
    for people in (12, 13):
        a_round = make_round(cast.cvs)
        make_offer(cast.advice, cast.host, places=people)
        for _ in range(people):
            join(a_round, make_membership(make_user(), cast.council))
        matched(cast, a_round)
        pages.append(desk.get(reverse("round-desk", args=[a_round.slug])).content.decode())
    small, large = pages
    assert "Next: read who meets whom, then tell everyone" in small
    assert small.count("Tell everyone") == 1
    for part in ("app-filters", "app-figures"):
        assert part not in small
        assert part in large
    assert large.count("Tell everyone") == 1
