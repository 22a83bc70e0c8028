"""What a person should do next about visits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.models import User
from partnerships.states import OrganisationState
from secondments import actions
from secondments.next_steps import steps
from secondments.states import DecisionKind, OfferState
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_user
from tests.secondments.helpers import ask, confirm, free_half_days, say

pytestmark = pytest.mark.django_db

FIRST_DAY = AT + timedelta(days=14)


def titles(user: User, days: int = 0) -> list[str]:
    return [step.title for step in steps(User.objects.get(pk=user.pk), AT + timedelta(days=days))]


def test_whose_answer_is_missing_is_told_first(cast: Cast) -> None:
    placement = ask(cast)
    for person in (cast.host, cast.manager):
        assert titles(person) == ["Answer Vera Visitor of Test Council"]
    (step,) = steps(cast.host, AT)
    assert (step.url, step.by) == (reverse("placement-decide", args=[placement.uuid, "host"]), placement.answer_by)
    assert titles(cast.visitor) == ["A Monday at Test Advice"]
    for person in (cast.home_coordinator, cast.colleague, cast.adviser, cast.outsider, cast.newcomer):
        assert titles(person) == []


def test_through_the_life_of_a_visit(cast: Cast) -> None:
    placement = confirm(cast, wants_return=True)
    assert titles(cast.visitor) == ["It is settled: you go on Monday 18 January"]
    assert titles(cast.host) == []
    actions.start(placement=placement, at=FIRST_DAY)
    assert titles(cast.host, days=15) == ["Next: say that it happened"]
    actions.complete(placement=placement, minutes=60, by=cast.host, at=FIRST_DAY)
    assert titles(cast.host, days=15) == []
    assert placement.swap is not None
    actions.call_due(swap=placement.swap, by=cast.host, at=FIRST_DAY)
    assert titles(cast.home_coordinator, days=15) == ["Somebody would like to come to you in return"]


def test_a_promise_that_is_missing(cast: Cast) -> None:
    confirm(cast, promises_confidentiality=False)
    assert titles(cast.visitor) == ["Next: your promise of confidentiality"]


def test_somebody_from_a_round_is_asked(cast: Cast) -> None:
    ask(cast, by=cast.broker, how_began="matched")
    assert titles(cast.visitor) == ["Say whether you would like to go: A Monday at Test Advice"]
    assert titles(cast.broker) == []


def test_drafts_and_what_is_missing(cast: Cast) -> None:
    make_offer(cast.advice, cast.host, title="In the making", state=OfferState.DRAFT)
    assert titles(cast.host) == ["Publish “In the making”"]
    assert titles(cast.adviser) == []


def test_nobody_is_told_to_publish_what_they_cannot_publish_yet(cast: Cast) -> None:
    make_offer(cast.advice, cast.host, title="In the making", state=OfferState.DRAFT)
    cast.advice.state = OrganisationState.TO_BE_CONFIRMED
    cast.advice.save()
    [step] = steps(User.objects.get(pk=cast.host.pk), AT)
    assert (step.title, step.status) == ("“In the making” waits as a draft", "Waiting")
    assert "still to be confirmed" in step.sentence


def test_administrators_hear_of_concerns(cast: Cast) -> None:
    actions.raise_concern(what_is_wrong="He shouted.", at=AT)
    assert titles(cast.administrator) == ["Somebody says that something is wrong"]


def test_nothing_is_left_once_all_is_answered(cast: Cast) -> None:
    placement = ask(cast)
    say(placement, DecisionKind.HOST, cast, yes=False)
    for person in (cast.host, cast.manager, cast.visitor):
        assert titles(person) == []


def test_it_costs_the_same_for_one_and_for_four(cast: Cast) -> None:
    half_days = free_half_days(cast.offer, 8)

    def cost() -> int:
        host = User.objects.get(pk=cast.host.pk)
        with CaptureQueriesContext(connection) as queries:
            steps(host, AT)
        return len(queries)

    ask(cast, half_days=half_days[:2])
    one = cost()
    for number in (2, 4, 6):
        person = make_user()
        membership = make_membership(person, cast.council)
        ask(cast, membership=membership, by=person, half_days=half_days[number : number + 2])
    assert cost() <= one <= 12  # four are one step: what each of them says is not even read
