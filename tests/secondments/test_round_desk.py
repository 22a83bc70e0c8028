"""The broker's desk: one thing to do next, who meets whom and why, and telling everyone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground import jobs
from secondments.actions.rounds import ask_for_match, close_round
from secondments.models import Enrolment, MatchRun, Placement, Programme, Round
from secondments.states import EnrolmentState, RoundState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_offer, make_round, make_user
from tests.secondments.rounds import join, matched

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_round(cast: Cast) -> Round:
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    make_offer(cast.advice, cast.host, places=2)
    return make_round(cast.cvs)


@pytest.fixture
def at_desk(cast: Cast) -> Client:
    return enter(cast.broker)


def desk(a_round: Round) -> str:
    return reverse("round-desk", args=[a_round.slug])


def test_a_page_of_a_large_proposal_is_found_by_keys_before_all_is_read_that_stands_with_them(
    cast: Cast, a_round: Round, at_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that sorts two thousand matches, each with both of its people, takes longer than for all else."""
    for member in (cast.visitor_membership, cast.colleague.memberships.get()):
        join(a_round, member)
    run = matched(cast, a_round)
    monkeypatch.setattr("secondments.views.desk.proposal.PAGE_SIZE", 1)
    seen = []
    for number in (1, 2):
        with CaptureQueriesContext(connection) as queries:
            seen += at_desk.get(desk(a_round), {"page": number}).context["matches"]
        wide = [
            each["sql"] for each in queries if '"secondments_match"."parts"' in each["sql"] and "LIMIT" in each["sql"]
        ]
        assert wide
        assert all(sql.index("LIMIT") < sql.rindex("ORDER BY") for sql in wide)
    assert seen == list(run.matches.exchanges_first())


def test_each_state_shows_the_one_thing_to_do_next(cast: Cast, a_round: Round, at_desk: Client) -> None:
    assert "Nobody yet" in at_desk.get(desk(a_round)).content.decode()
    join(a_round, cast.visitor_membership)
    page = at_desk.get(desk(a_round)).content.decode()
    assert "1 person has joined" in page
    assert "Close the round now" in page

    at_desk.post(reverse("round-close", args=[a_round.slug]))
    assert "Next: match 1 person" in at_desk.get(desk(a_round)).content.decode()

    at_desk.post(reverse("round-match", args=[a_round.slug]))
    page = at_desk.get(desk(a_round)).content.decode()
    assert "Waiting for its turn" in page
    assert "Look again" in page

    jobs.run_due()
    page = at_desk.get(desk(a_round)).content.decode()
    assert "1 of 1 people have a place" in page
    assert "Nobody has been told yet" in page
    assert cast.visitor.name in page
    assert "Shows what was asked for" in page

    publish = reverse("round-publish", args=[a_round.slug])
    asked = at_desk.get(publish).content.decode()
    assert "All mails go out at once" in asked
    assert "has 7 days to answer, or less where a visit is near" in asked
    assert not Placement.objects.exists()
    at_desk.post(publish)
    page = at_desk.get(desk(a_round)).content.decode()
    assert "Telling 1 person" in page
    assert "every 2s" in page
    assert not Placement.objects.exists()
    jobs.run_due()
    assert Placement.objects.count() == 1
    assert "Everyone has been told" in at_desk.get(desk(a_round)).content.decode()


def test_an_open_round_without_people_says_how_they_come(cast: Cast, a_round: Round, at_desk: Client) -> None:
    page = at_desk.get(desk(a_round)).content.decode()
    assert "Nobody has joined yet" in page
    assert "Send people this address" in page
    assert "Close the round now" not in page
    Programme.objects.update(by_enrolment=True)
    assert "Next: invite organisations" in at_desk.get(desk(a_round)).content.decode()
    Enrolment.objects.create(
        programme=a_round.programme,
        organisation=cast.council,
        state=EnrolmentState.ENROLLED,
        accepted_at=AT,
        created_at=AT,
    )
    assert "Next: invite organisations" not in at_desk.get(desk(a_round)).content.decode()


def test_a_second_press_is_answered_by_a_sentence(cast: Cast, a_round: Round, at_desk: Client) -> None:
    join(a_round, cast.visitor_membership)
    for _ in range(2):
        at_desk.post(reverse("round-close", args=[a_round.slug]))
    for _ in range(2):
        answer = at_desk.post(reverse("round-match", args=[a_round.slug]), follow=True)
    assert "The matching is under way" in answer.content.decode()
    assert MatchRun.objects.count() == 1


def test_reading_changes_nothing(cast: Cast, a_round: Round, at_desk: Client) -> None:
    join(a_round, cast.visitor_membership)
    for name in ("round-close", "round-reopen", "round-match", "round-put-aside"):
        assert at_desk.get(reverse(name, args=[a_round.slug])).status_code == 405
    assert at_desk.get(reverse("round-publish", args=[a_round.slug])).status_code == 302
    assert Round.objects.get().state == RoundState.OPEN


def test_a_closed_round_without_people_is_opened_again(a_round: Round, at_desk: Client) -> None:
    at_desk.post(reverse("round-close", args=[a_round.slug]))
    assert "Nobody has joined yet" in at_desk.get(desk(a_round)).content.decode()
    at_desk.post(reverse("round-reopen", args=[a_round.slug]))
    assert Round.objects.get().state == RoundState.OPEN


def test_a_proposal_is_put_aside(cast: Cast, a_round: Round, at_desk: Client) -> None:
    join(a_round, cast.visitor_membership)
    matched(cast, a_round)
    answer = at_desk.post(reverse("round-put-aside", args=[a_round.slug]), follow=True)
    assert "Nobody was told" in answer.content.decode()
    assert "Next: match 1 person" in answer.content.decode()


def test_progress_is_a_part_that_asks_for_itself_until_it_is_over(cast: Cast, a_round: Round, at_desk: Client) -> None:
    join(a_round, cast.visitor_membership)
    close_round(a_round=a_round, by=cast.broker, at=AT)
    ask_for_match(a_round=a_round, by=cast.broker, at=AT)
    progress = reverse("round-progress", args=[a_round.slug])
    part = at_desk.get(progress)
    assert "every 2s" in part.content.decode()
    assert "<html" not in part.content.decode()
    jobs.run_due()
    over = at_desk.get(progress)
    assert (over.status_code, over["HX-Refresh"]) == (204, "true")


def test_another_broker_finds_nothing(cast: Cast, a_round: Round) -> None:
    stranger = make_user("Strange Broker")
    make_membership(stranger, cast.elsewhere, is_broker=True)
    client = enter(stranger)
    assert client.get(desk(a_round)).status_code == 404
    assert client.post(reverse("round-close", args=[a_round.slug])).status_code == 404
    assert Round.objects.get().state == RoundState.OPEN


def test_the_desk_costs_the_same_for_two_and_for_twenty(cast: Cast, a_round: Round, at_desk: Client) -> None:
    counts = []
    for people in (2, 20):
        fresh = make_round(cast.cvs)
        make_offer(cast.advice, cast.host, places=people)
        for _ in range(people):
            join(fresh, make_membership(make_user(), cast.council, is_commissioner=True))
        at_desk.get(desk(fresh))
        with CaptureQueriesContext(connection) as before:
            at_desk.get(desk(fresh))
        matched(cast, fresh)
        with CaptureQueriesContext(connection) as after:
            page = at_desk.get(desk(fresh)).content.decode()
        assert f"{people} of {people} people have a place" in page
        counts.append((len(before), len(after)))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15


def test_a_picture_shows_who_goes_where_from_thirty_people_on(cast: Cast, a_round: Round, at_desk: Client) -> None:
    make_offer(cast.advice, cast.host, places=20)
    make_offer(cast.advice, cast.host, places=20)
    for _ in range(31):
        join(a_round, make_membership(make_user(), cast.council))
    matched(cast, a_round)
    page = at_desk.get(desk(a_round)).content.decode()
    assert "Who goes where" in page
    assert "Public 31" in page
    assert "Who goes where" not in at_desk.get(desk(a_round), {"show": "placed"}).content.decode(), "It is of all."
