"""The page of a round: what it is, how people are matched, and what came of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground import clock
from partnerships.ground.problems import Problem, Refused
from secondments.actions.rounds import close_round
from secondments.models import Programme, Round
from secondments.states import RoundState
from secondments.views import rounds
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_offer, make_round
from tests.secondments.rounds import first_week, join, matched, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_round(cast: Cast) -> Round:
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    return make_round(cast.cvs)


def test_anyone_reads_how_people_are_matched_before_they_join(a_round: Round, client: Client) -> None:
    page = client.get(a_round.get_absolute_url()).content.decode()
    assert "Everyone’s chance of a place" in page
    assert page.index("Everyone’s chance of a place") < page.index("Hosts who have had fewest visitors")
    assert "what came free is offered to people who wait, by the same steps. A no counts against nobody." in page
    assert "Join" in page


def test_its_title_says_which_round_and_where_it_stands(cast: Cast, a_round: Round, client: Client) -> None:
    page = client.get(a_round.get_absolute_url()).content.decode()
    assert f"<title>{a_round.full_name}: Join until " in page
    close_round(a_round=a_round, by=cast.broker, at=AT)
    assert (
        f"<title>{a_round.full_name}: Closed for joining"
        in enter(cast.broker).get(a_round.get_absolute_url()).content.decode()
    )


def test_whoever_has_to_go_reads_for_whom_it_is_and_by_when(a_round: Round, client: Client) -> None:
    programme = a_round.programme
    programme.requirement, programme.required_by = "One visit and a written reflection.", date(2027, 12, 31)
    programme.save()
    page = client.get(a_round.get_absolute_url()).content.decode()
    assert "One visit and a written reflection. By 31 December 2027." in page


def test_the_list_shows_open_rounds_to_all_and_others_to_their_own(cast: Cast, a_round: Round, client: Client) -> None:
    hidden = make_round(cast.cvs, name="Hidden round", state=RoundState.DRAFT)
    page = client.get(reverse("rounds")).content.decode()
    assert a_round.name in page
    assert hidden.name not in page
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert hidden.name in enter(cast.broker).get(reverse("rounds")).content.decode()
    assert "Start a programme" not in page


@pytest.mark.parametrize("state", [RoundState.OPEN, RoundState.DRAFT])
def test_the_list_costs_the_same_for_one_and_for_ten(cast: Cast, a_round: Round, state: str) -> None:
    make_round(cast.cvs, state=state)
    browser = enter(cast.broker)
    browser.get(reverse("rounds"))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("rounds"))
        counts.append(len(queries))
        for _ in range(9):
            make_round(cast.cvs, state=state)
    assert counts[0] == counts[1]


def test_open_ones_and_ones_own_have_pages_each(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "PAGE_SIZE", 1)
    for state in (RoundState.OPEN, RoundState.DRAFT):
        for number in (1, 2):
            make_round(cast.cvs, name=f"{state} {number}", state=state)
    browser = enter(cast.broker)

    def named(**page: int) -> set[str]:
        text = browser.get(reverse("rounds"), page).content.decode()
        return {name for name in ("open 1", "open 2", "draft 1", "draft 2") if f": {name}<" in text}

    assert named() == {"open 1", "draft 2"}
    assert named(page=2) == {"open 2", "draft 2"}
    assert named(yours=2) == {"open 1", "draft 1"}


def test_a_list_without_rounds_says_what_will_be_there(client: Client, db: None) -> None:
    assert "No round is open at the moment" in client.get(reverse("rounds")).content.decode()


def test_who_has_a_place_reads_why_and_goes_on_to_the_visit(cast: Cast, a_round: Round) -> None:
    make_offer(cast.advice, cast.host)
    join(a_round, cast.visitor_membership)
    run = matched(cast, a_round)
    member = enter(cast.visitor)
    assert "You have a place" not in member.get(a_round.get_absolute_url()).content.decode()
    published(a_round, cast.broker)
    page = member.get(a_round.get_absolute_url()).content.decode()
    placement = run.matches.get().placement
    assert placement is not None
    assert "You have a place" in page
    assert "Shows what was asked for" in page
    assert placement.get_absolute_url() in page
    visit = member.get(placement.get_absolute_url()).content.decode()
    assert "You were matched with Test Advice" in visit
    assert "You asked" not in visit


def test_who_has_no_place_reads_why_without_people_and_what_is_open(cast: Cast, a_round: Round) -> None:
    make_offer(cast.advice, cast.host)
    only = [first_week(a_round)]
    join(a_round, cast.visitor_membership, weeks=only)
    join(a_round, cast.colleague.memberships.get(), weeks=only)
    run = matched(cast, a_round)
    published(a_round, cast.broker)
    unplaced = run.not_placed.get().participation.membership.user
    placed = run.matches.get().participation.membership.user
    page = enter(unplaced).get(a_round.get_absolute_url()).content.decode()
    assert "We could not place you this time" in page
    assert "See which hosts suit you now" in page
    assert placed.name not in page
    make_offer(cast.elsewhere, cast.outsider, title="A night on the ward")
    assert "A night on the ward, Elsewhere Trust" in enter(unplaced).get(a_round.get_absolute_url()).content.decode()


def test_who_has_joined_a_closed_round_is_not_told_to_change_anything(cast: Cast, a_round: Round) -> None:
    join(a_round, cast.visitor_membership)
    member = enter(cast.visitor)
    assert "Change what you said" in member.get(a_round.get_absolute_url()).content.decode()
    close_round(a_round=a_round, by=cast.broker, at=AT)
    page = member.get(a_round.get_absolute_url()).content.decode()
    assert "You have joined" in page
    assert "People can no longer join" in page
    assert "You can change what you said" not in page


def test_a_broker_is_led_to_the_desk_first(cast: Cast, a_round: Round) -> None:
    desk = reverse("round-desk", args=[a_round.slug])
    page = enter(cast.broker).get(a_round.get_absolute_url()).content.decode()
    assert page.count(f'href="{desk}"') == 1
    assert page.index("You run this round") < page.index(a_round.programme.about)
    join(a_round, make_membership(cast.broker, cast.council))
    page = enter(cast.broker).get(a_round.get_absolute_url()).content.decode()
    assert "You have joined" in page
    assert page.count(f'href="{desk}"') == 1


def test_who_did_not_join_sees_no_outcome(cast: Cast, a_round: Round, client: Client) -> None:
    make_offer(cast.advice, cast.host)
    join(a_round, cast.visitor_membership)
    matched(cast, a_round)
    published(a_round, cast.broker)
    assert client.get(a_round.get_absolute_url()).status_code == 404
    assert enter(cast.outsider).get(a_round.get_absolute_url()).status_code == 404


def programme() -> dict[str, object]:
    """What a broker types to start a programme."""
    day = AT.date().replace(year=AT.year + 1)
    dates = {"join_by": day, "starts_on": day + timedelta(days=14), "ends_on": day + timedelta(days=60)}
    form: dict[str, object] = {
        "name": "Walk in their shoes",
        "about": "A day in the other sector.",
        "crossings": ["out", "back"],
        "criteria": "placed hosts fit",
        "days": "1",
        "most_km": "40",
        "pays_pounds": "120",
        "answer_days": "7",
        "who": "anybody",
        "ways": ["one_way"],
        "points": "usual",
        "round_name": "Winter",
    }
    for name, value in dates.items():
        form |= {f"{name}-day": value.day, f"{name}-month": value.month, f"{name}-year": value.year}
    return form


def test_a_broker_starts_a_programme_on_one_page(cast: Cast) -> None:
    desk = enter(cast.broker)
    address = reverse("round-new")
    form = programme()
    assert "Start a programme" in desk.get(address).content.decode()
    wrong = desk.post(address, form | {"starts_on-year": AT.year})
    assert "Visits begin after the last day to join" in wrong.content.decode()
    assert "A day in the other sector." in wrong.content.decode()
    assert not Round.objects.exists()

    answer = desk.post(address, form)
    made = Round.objects.get()
    assert answer.url == reverse("round-desk", args=[made.slug])  # type: ignore[attr-defined]  # a redirect
    assert (made.state, made.programme.pays_pence) == (RoundState.DRAFT, 12000)
    assert "Next: open it for people to join" in desk.get(answer.url).content.decode()  # type: ignore[attr-defined]  # a redirect
    assert ["local_government", "voluntary"] in made.programme.crossings
    assert enter(cast.host).get(address).status_code == 403


def test_a_round_whose_points_are_its_brokers_own_waits_for_them(cast: Cast) -> None:
    desk = enter(cast.broker)
    answer = desk.post(reverse("round-new"), programme() | {"points": "own"}, follow=True)
    made = Round.objects.get()
    assert made.state == RoundState.DRAFT
    assert answer.redirect_chain[-1][0] == reverse("round-weights", args=[made.slug])
    assert "Share out the points, then open it" in answer.content.decode()


def test_a_programme_whose_round_does_not_open_is_not_made(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**words: object) -> None:
        raise Refused([Problem("busy", "Somebody else is changing this right now.")])

    monkeypatch.setattr("secondments.views.programmes.open_round", refused)
    desk = enter(cast.broker)
    today = {f"opens_on-{part}": getattr(clock.today(), part) for part in ("day", "month", "year")}
    page = desk.post(reverse("round-new"), programme() | today).content.decode()
    assert "Somebody else is changing this right now." in page
    assert not Round.objects.exists()
    assert not Programme.objects.exists()
