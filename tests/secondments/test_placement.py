"""/visits/booked/<uuid>/: one visit, for each person whom it concerns, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from secondments import actions
from secondments.models import Placement
from secondments.states import CheckKind, DecisionKind, HowBegan, Tie
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_offer
from tests.secondments.helpers import ask, confirm, free_half_days, say

pytestmark = pytest.mark.django_db

FIRST_DAY = AT + timedelta(days=14)


def page(browser: Client, placement: Placement, status: int = 200) -> str:
    response = browser.get(placement.get_absolute_url())
    assert response.status_code == status
    return response.content.decode()


def test_who_it_concerns_sees_it_and_nobody_else_knows_that_it_is(cast: Cast, client: Client) -> None:
    placement = ask(cast)
    for person in (cast.visitor, cast.host, cast.home_coordinator, cast.administrator):
        assert "A Monday at Test Advice" in page(enter(person), placement)
    for person in (cast.manager, cast.colleague, cast.adviser, cast.outsider, cast.broker, cast.curator, cast.newcomer):
        page(enter(person), placement, 404)
    page(client, placement, 302)


def test_what_the_visitor_needs_is_for_them_and_their_host(cast: Cast) -> None:
    placement = ask(cast)
    for person in (cast.visitor, cast.host):
        assert "A chair with arms." in page(enter(person), placement)
    for person in (cast.home_coordinator, cast.administrator):
        assert "A chair with arms." not in page(enter(person), placement)


def test_the_visitor_sees_whose_yes_is_missing(cast: Cast) -> None:
    placement = ask(cast)
    words = page(enter(cast.visitor), placement)
    assert "<title>A Monday at Test Advice: Asked" in words
    assert "Next: an answer from Test Advice and your manager" in words
    say(placement, DecisionKind.HOST, cast)
    words = page(enter(cast.visitor), placement)
    assert "Test Advice said yes, on the ground rules" in words
    assert "Next: an answer from your manager" in words
    assert "asked; answer by Monday 11 January" in words
    assert "Host agreed" in words


def test_the_host_is_led_to_their_answer(cast: Cast) -> None:
    placement = ask(cast, tie=Tie.HOST_FUNDS)
    words = page(enter(cast.host), placement)
    assert "Next: your yes or no" in words
    assert reverse("placement-decide", args=[placement.uuid, "host"]) in words
    assert "Vera Visitor asked Test Advice" in words
    Placement.objects.update(how_began=HowBegan.INTRODUCED)
    assert "A broker introduced Vera Visitor to Test Advice" in page(enter(cast.host), placement)
    assert "They come" in words


def test_a_tie_is_said_on_the_page(cast: Cast) -> None:
    cast.offer.accepts_ties = True
    cast.offer.save()
    placement = ask(cast, tie=Tie.VISITOR_INSPECTS)
    for person in (cast.visitor, cast.host, cast.home_coordinator):
        assert "My team inspects or assesses them" in page(enter(person), placement)


def test_what_is_needed_first_is_one_press(cast: Cast) -> None:
    cast.offer.checks = list(CheckKind.values)
    cast.offer.save()
    placement = confirm(cast, promises_confidentiality=False)
    for person, title, kind in (
        (cast.visitor, "Next: your promise of confidentiality", CheckKind.CONFIDENTIALITY),
        (cast.home_coordinator, "Next: your letter of assurance", CheckKind.LETTER_OF_ASSURANCE),
        (cast.host, "Next: a short induction", CheckKind.INDUCTION),
    ):
        assert title in page(enter(person), placement)
        address = reverse("placement-check", args=[placement.uuid, kind])
        assert enter(person).get(address).status_code == 405
        assert enter(person).post(address)["Location"] == placement.get_absolute_url()
    assert "It is settled: you go on Monday 18 January" in page(enter(cast.visitor), placement)
    assert "It is settled: Vera Visitor comes on Monday 18 January" in page(enter(cast.host), placement)
    assert "It is settled for Monday 18 January" in page(enter(cast.home_coordinator), placement)


def test_everyone_said_yes_and_somebody_else_has_to_do_something(cast: Cast) -> None:
    cast.offer.checks = [CheckKind.INDUCTION]
    cast.offer.save()
    words = page(enter(cast.visitor), confirm(cast))
    assert "Needed before the first day: short induction by the host" in words


@pytest.mark.parametrize("kind", ["confidentiality", "nonsense"])
def test_a_check_of_somebody_else_is_not_there(cast: Cast, kind: str) -> None:
    placement = ask(cast)
    assert enter(cast.host).post(reverse("placement-check", args=[placement.uuid, kind])).status_code == 404


def test_a_check_that_was_not_asked_for_is_said(cast: Cast) -> None:
    placement = ask(cast)
    answer = enter(cast.host).post(reverse("placement-check", args=[placement.uuid, "induction"]))
    assert "This visit does not need that" in answer.content.decode()


def test_a_no_is_one_neutral_sentence_for_everybody(cast: Cast) -> None:
    for kind in (DecisionKind.HOST, DecisionKind.HOME_APPROVER):
        placement = ask(cast)
        say(placement, kind, cast, yes=False)
        for person in (cast.visitor, cast.host, cast.home_coordinator):
            words = page(enter(person), placement)
            assert "It does not work out this time" in words
            assert "said no" not in words
            assert "Whose yes" not in words
        assert "See what is still open" in page(enter(cast.visitor), placement)


def test_the_two_sides_of_a_swap(cast: Cast) -> None:
    placement = confirm(cast, wants_return=True)
    words = page(enter(cast.visitor), placement)
    assert words.index("You go") < words.index("They come")
    assert "Open until January 2028. Only Test Advice calls it due." in words
    actions.start(placement=placement, at=FIRST_DAY)
    actions.complete(placement=placement, minutes=90, by=cast.host, at=FIRST_DAY)
    words = page(enter(cast.host), placement)
    assert "Would somebody of you like to go?" in words
    assert "1.5 hours" in words
    address = reverse("swap-call", args=[placement.uuid])
    assert enter(cast.visitor).post(address).status_code == 404
    assert enter(cast.host).post(address)["Location"] == address
    assert "Next: ask for days at Test Council" in page(enter(cast.host), placement)
    assert "Called due" in page(enter(cast.visitor), placement)
    assert "changed since you opened" in enter(cast.host).post(address).content.decode()
    assert placement.swap is not None
    actions.lapse(swap=placement.swap, at=AT)
    assert "nobody owes anything" in page(enter(cast.visitor), placement)


def test_a_return_visit_that_was_asked_for_stands_on_the_other_side(cast: Cast) -> None:
    placement = confirm(cast, wants_return=True)
    back = make_offer(cast.council, cast.home_coordinator, sessions=2)
    actions.request_placement(
        offer=back,
        membership=cast.adviser.memberships.get(),
        half_days=free_half_days(back),
        learn="How money is decided.",
        agrees_email=cast.host.email or "",
        by=cast.adviser,
        returning=placement.swap,
        at=AT,
    )
    assert "Monday 18 January 2027, all day" in page(enter(cast.visitor), placement)


def test_on_the_first_day_and_after_the_last(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    placement = confirm(cast)
    actions.start(placement=placement, at=FIRST_DAY)
    for at, visitor_reads in ((FIRST_DAY, "It is under way"), (FIRST_DAY + timedelta(days=1), "The last day is over")):
        monkeypatch.setattr("partnerships.ground.clock.now", lambda at=at: at)
        assert visitor_reads in page(enter(cast.visitor), placement)
        assert "Next: say that it happened" in page(enter(cast.host), placement)


def test_the_links_are_those_that_one_can_use(cast: Cast) -> None:
    placement = ask(cast)
    of_visitor, of_host = page(enter(cast.visitor), placement), page(enter(cast.host), placement)
    assert reverse("placement-withdraw", args=[placement.uuid]) in of_visitor
    assert reverse("placement-approver", args=[placement.uuid]) in of_visitor
    assert reverse("placement-cancel", args=[placement.uuid]) not in of_visitor
    assert reverse("placement-cancel", args=[placement.uuid]) in of_host
    assert reverse("placement-approver", args=[placement.uuid]) not in of_host
    for words in (of_visitor, of_host):
        assert reverse("concern", args=[placement.uuid]) in words


def test_it_costs_the_same_for_two_half_days_and_for_ten(cast: Cast) -> None:
    few = ask(cast)
    many = ask(cast, offer=make_offer(cast.advice, cast.host), half_days=free_half_days(cast.offer, 10)[2:])
    browser = enter(cast.visitor)
    page(browser, few)
    counts = []
    for placement in (few, many):
        with CaptureQueriesContext(connection) as queries:
            page(browser, placement)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
