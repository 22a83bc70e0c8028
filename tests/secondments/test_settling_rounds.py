"""Once everyone has answered and nothing is left to offer, whoever has no place hears once that it is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from partnerships.ground import clock, jobs
from partnerships.ground.models import Event, Job
from secondments.actions.joining import leave_round
from secondments.actions.repairs import offer_repair, put_repair_aside, settle_round
from secondments.actions.rounds import archive_round
from secondments.models import HostOffer, Placement
from secondments.next_steps.rounds import steps
from secondments.states import PlacementState, RunState
from secondments.tasks.repairs import settle_rounds
from tests.cast import Cast
from tests.factories import AT, make_offer
from tests.secondments.helpers import mails_to
from tests.secondments.proposals import refusal
from tests.secondments.repairs import Published, repaired, yes

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(cast: Cast) -> Published:
    return Published(cast)


def an_hour_passes(told: Published) -> None:
    """The clock looks at every round."""
    job: Any = None
    settle_rounds(job)
    jobs.run_due()
    told.a_round.refresh_from_db()


def test_a_round_is_archived_only_after_whoever_waits_has_heard(
    cast: Cast, told: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Just past midnight, the clock has not come by yet."""
    after = told.a_round.ends_on + timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda at=None: after)
    with refusal("not_settled"):
        archive_round(a_round=told.a_round, by=cast.broker)
    an_hour_passes(told)
    assert over(str(told.waiting.membership.user.email)) == 1
    archive_round(a_round=told.a_round, by=cast.broker)


def over(person: str) -> int:
    return mails_to(person).count("No place has come free in Walk in their shoes")


def test_who_waits_hears_once_that_it_is_over_and_what_is_open(cast: Cast, told: Published) -> None:
    make_offer(cast.elsewhere, cast.outsider, title="A night on the ward")
    waits = str(told.waiting.membership.user.email)
    an_hour_passes(told)
    assert told.a_round.settled_at is None
    for placement in (told.at_advice, told.at_kite):
        yes(placement)
    jobs.run_due()
    mail.outbox.clear()
    for _ in range(2):
        an_hour_passes(told)
    assert told.a_round.settled_at == AT
    (letter,) = mail.outbox
    assert (letter.to[0], over(waits)) == (waits, 1)
    assert "A night on the ward" in str(letter.body)
    assert [event.verb for event in Event.objects.about(told.a_round)][-1] == "settle_round"


def test_it_is_not_over_while_something_came_free_or_waits_to_be_offered(cast: Cast, told: Published) -> None:
    yes(told.at_kite)
    refused = told.host_says_no().visitor
    an_hour_passes(told)
    assert told.a_round.settled_at is None, "Nobody has looked yet at what came free."
    run = repaired(told.a_round)
    assert run is not None
    an_hour_passes(told)
    assert told.a_round.settled_at is None, "A broker may still offer it."
    offer_repair(run=run, by=cast.broker, at=AT)
    jobs.run_due()
    an_hour_passes(told)
    assert told.a_round.settled_at is None, "Somebody is asked again."
    offered = run.matches.get().placement
    assert offered is not None
    yes(offered)
    an_hour_passes(told)
    assert told.a_round.settled_at == AT
    assert [over(str(each.email)) for each in (refused, offered.visitor)] == [1, 0]


def test_where_a_broker_offers_nothing_it_is_over(cast: Cast, told: Published) -> None:
    yes(told.at_kite)
    told.host_says_no()
    run = repaired(told.a_round)
    assert run is not None
    put_repair_aside(run=run, by=cast.broker, at=AT)
    an_hour_passes(told)
    assert told.a_round.settled_at == AT
    assert over(str(told.waiting.membership.user.email)) == 1


def test_nothing_that_can_be_offered_is_no_mail_to_its_brokers(cast: Cast, told: Published) -> None:
    HostOffer.objects.filter(pk=told.advice.pk).update(state="closed")
    yes(told.at_kite)
    told.host_says_no()
    before = len(mails_to(str(cast.broker.email)))
    assert repaired(told.a_round) is None
    assert len(mails_to(str(cast.broker.email))) == before
    an_hour_passes(told)
    assert over(str(told.waiting.membership.user.email)) == 1


def test_who_left_or_withdrew_hears_nothing_more(cast: Cast, told: Published) -> None:
    waits = told.waiting
    leave_round(participation=waits, by=waits.membership.user, at=AT)
    for placement in (told.at_advice, told.at_kite):
        yes(placement)
    an_hour_passes(told)
    assert told.a_round.settled_at == AT
    assert over(str(waits.membership.user.email)) == 0


def test_it_is_over_with_its_last_day_whatever_waits(cast: Cast, told: Published) -> None:
    told.host_says_no()
    run = repaired(told.a_round)
    assert run is not None
    settle_round(a_round=told.a_round, at=AT + timedelta(days=100))
    run.refresh_from_db()
    assert run.state == RunState.DISCARDED
    assert told.a_round.settled_at is not None
    assert Placement.objects.filter(state=PlacementState.REQUESTED).count() == 1


def test_what_came_free_is_a_next_step_of_its_brokers_until_it_is_offered(cast: Cast, told: Published) -> None:
    def titles() -> list[str]:
        return [step.title for step in steps(cast.broker, AT)]

    assert titles() == []
    told.host_says_no()
    run = repaired(told.a_round)
    assert run is not None
    assert titles() == ["Something came free in Walk in their shoes, Winter round"]
    offer_repair(run=run, by=cast.broker, at=AT)
    assert titles() == []
    assert not Job.objects.failed().exists()
