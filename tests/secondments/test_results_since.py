"""What became of a published round stands on its page of results once all have answered, beside what was published."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground import jobs
from secondments.actions.repairs import offer_repair, settle_round
from secondments.matches.since import became
from secondments.models import Match, MatchRun, Placement, Round
from secondments.states import DecisionKind
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_offer, make_round, make_user
from tests.secondments.repairs import Published, no, repaired, yes
from tests.secondments.rounds import first_week, join, matched, published

pytestmark = pytest.mark.django_db


def told(cast: Cast, *, people: int, places: int) -> Round:
    """So many people of the council, and a host with so many places."""
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    cast.advice.most_visits_per_week = places
    cast.advice.save()
    make_offer(cast.advice, cast.host, places=places, usual_weekdays=[0])
    a_round = make_round(cast.cvs, opened_at=AT)
    for _ in range(people):
        join(a_round, make_membership(make_user(), cast.council), weeks=[first_week(a_round)])
    matched(cast, a_round)
    assert published(a_round, cast.broker) == (places, 0)
    return a_round


def some_say_no_and_others_go(cast: Cast, a_round: Round, noes: int) -> None:
    asked = list(Placement.objects.order_by("id"))
    for placement in asked[:noes]:
        no(placement, DecisionKind.HOST, cast.host)
    for placement in asked[noes:]:
        yes(placement)
    run = repaired(a_round)
    assert run is not None
    offer_repair(run=run, by=cast.broker, at=AT)
    jobs.run_due()
    for placement in Placement.objects.filter(match__run=run):
        yes(placement)


def read(a_round: Round) -> str:
    page = Client().get(reverse("round-results", args=[a_round.slug])).content.decode()
    return page.split('id="since"')[1].split("The rules that were published")[0]


def test_visits_that_were_offered_later_count_and_what_was_published_stays(cast: Cast) -> None:
    a_round = told(cast, people=20, places=10)
    before = dict(a_round.results or {})
    page = read(a_round)
    assert "What was published was followed: every visit was asked for just as it was matched." in page
    assert "Once everyone has answered, what became of the visits stands here." in page

    some_say_no_and_others_go(cast, a_round, 5)
    # Until all have answered, what changes from one day to the next would tell who said what.
    a_round.refresh_from_db()
    assert a_round.results == before
    settle_round(a_round=a_round, at=AT)
    a_round.refresh_from_db()
    assert a_round.results == before | {
        "since": {"day": "2027-01-04", "stand": 5, "gone": 5, "later": 5, "settled": 10}
    }
    page = read(a_round)
    assert "5 of the visits that were published take place." in page
    assert "5 do not, for whatever reason." in page
    assert "5 people have a visit that was offered later, of what came free." in page
    assert "10 people have a visit in the end." in page
    assert "Counted on 4 January 2027" in page
    assert "Once everyone has answered" not in page

    MatchRun.objects.filter(kind="repair").update(figures={})
    with CaptureQueriesContext(connection) as asked:
        read(a_round)
    assert len(asked) <= 3


def test_small_numbers_are_left_out_and_its_brokers_read_them(cast: Cast) -> None:
    a_round = told(cast, people=20, places=10)
    some_say_no_and_others_go(cast, a_round, 2)
    figures = enter(cast.broker).get(reverse("round-figures", args=[a_round.slug])).content.decode()
    for line in (
        "8 of the visits that were published take place.",
        "2 do not, for whatever reason.",
        "2 people have a visit that was offered later",
        "10 people have a visit in the end.",
        "Counted now.",
    ):
        assert line in figures
    settle_round(a_round=a_round, at=AT)
    a_round.refresh_from_db()
    assert a_round.results is not None
    assert {name: value for name, value in a_round.results["since"].items() if name != "day"} == {
        "stand": None,
        "gone": None,
        "later": None,
        "settled": None,
    }
    page = read(a_round)
    assert "is not shown: it would be about few people." in page
    assert "that were published take place" not in page
    assert "2" not in json.dumps(a_round.results["since"]).replace("2027-01-04", "")


def test_everybody_who_goes_and_nobody_who_came_later_is_said(cast: Cast) -> None:
    a_round = told(cast, people=12, places=6)
    for placement in Placement.objects.all():
        yes(placement)
    settle_round(a_round=a_round, at=AT)
    page = read(a_round)
    assert "6 of the visits that were published take place." in page
    assert "0 do not" in page
    assert "0 people have a visit that was offered later" in page
    assert "6 people have a visit in the end." in page


def test_a_round_of_before_there_were_figures_is_settled_without(cast: Cast) -> None:
    small = Published(cast)
    MatchRun.objects.update(figures={})
    Round.objects.update(results=None)
    for placement in (small.at_advice, small.at_kite):
        yes(placement)
    small.a_round.refresh_from_db()
    assert became(small.a_round) is None
    settle_round(a_round=small.a_round, at=AT)
    small.a_round.refresh_from_db()
    assert (small.a_round.settled_at, small.a_round.results) == (AT, None)
    assert Match.objects.standing().count() == 2
