"""What the clock does for visits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.ground import clock
from partnerships.ground.jobs import registry
from partnerships.ground.models import Job, OutboxMail
from partnerships.ground.problems import Problem, Refused
from partnerships.ground.tasks import KEEP_JOBS
from secondments import actions
from secondments.emails.links import fingerprint
from secondments.models import Placement
from secondments.states import CheckKind, DecisionKind, PlacementState, SwapState
from secondments.tasks import visits
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_user
from tests.secondments.helpers import ask, confirm, free_half_days, mails_to, miscounted, say

pytestmark = pytest.mark.django_db

FIRST_DAY = AT + timedelta(days=14)


class Handed:
    """A job as its handler sees it, as far as these handlers look."""

    def __init__(self, payload: dict[str, Any]) -> None:
        self.payload = payload


def run(handler: Any, payload: dict[str, Any] | None = None) -> None:
    save = handler(Handed(payload or {}))
    if save:
        save()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    def move_to(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return move_to


def test_what_nobody_answered_in_time_is_given_back(cast: Cast, at: Any) -> None:
    placement, in_time = (
        ask(cast),
        ask(
            cast,
            membership=cast.colleague.memberships.get(),
            by=cast.colleague,
            half_days=free_half_days(cast.offer, 4)[2:],
            at=AT + timedelta(days=1),
        ),
    )
    at(AT + timedelta(days=7, minutes=1))
    run(visits.lives)
    run(visits.lives)
    placement.refresh_from_db()
    in_time.refresh_from_db()
    assert (placement.state, in_time.state) == (PlacementState.EXPIRED, PlacementState.REQUESTED)
    assert mails_to(cast.visitor.email or "").count("Not everyone could answer in time: A Monday at Test Advice") == 1
    assert miscounted() == []


def test_the_first_day_comes_and_after_the_last_the_host_is_asked_once(cast: Cast, at: Any) -> None:
    placement = confirm(cast)
    at(FIRST_DAY)
    run(visits.lives)
    placement.refresh_from_db()
    assert placement.state == PlacementState.UNDER_WAY
    assert not Job.objects.of_kind(visits.DID_IT_HAPPEN).exists()
    at(FIRST_DAY + timedelta(days=1))
    run(visits.lives)
    run(visits.lives)
    job = Job.objects.of_kind(visits.DID_IT_HAPPEN).get()
    run(visits.did_it_happen, job.payload)
    assert mails_to(cast.host.email or "")[-1] == "Did it happen? Vera Visitor at Test Advice"
    actions.complete(placement=placement, minutes=60, by=cast.host, at=FIRST_DAY)
    count = OutboxMail.objects.count()
    run(visits.did_it_happen, job.payload)
    assert OutboxMail.objects.count() == count, "said already, so no longer asked"


def test_a_host_who_never_says_how_it_was_is_not_asked_again_once_the_job_is_gone(cast: Cast, at: Any) -> None:
    confirm(cast)
    for day in (FIRST_DAY, FIRST_DAY + timedelta(days=1)):
        at(day)
        run(visits.lives)
    Job.objects.of_kind(visits.DID_IT_HAPPEN).delete()
    at(FIRST_DAY + KEEP_JOBS)
    run(visits.lives)
    assert not Job.objects.of_kind(visits.DID_IT_HAPPEN).exists()
    assert visits.TIME_TO_ASK_HOW_IT_WAS < KEEP_JOBS


def test_what_was_never_made_ready_ends_a_week_after_its_last_day(cast: Cast, at: Any) -> None:
    cast.offer.checks = [CheckKind.INDUCTION]
    cast.offer.save()
    placement = confirm(cast)
    for days, state in ((7, PlacementState.AGREED), (8, PlacementState.EXPIRED)):
        at(FIRST_DAY + timedelta(days=days))
        run(visits.lives)
        placement.refresh_from_db()
        assert placement.state == state


def test_a_return_that_nobody_called_lapses(cast: Cast, at: Any) -> None:
    swap = confirm(cast, wants_return=True).swap
    assert swap is not None
    for days, state in ((365, SwapState.OPEN), (366, SwapState.LAPSED)):
        at(FIRST_DAY + timedelta(days=days))
        run(visits.lives)
        swap.refresh_from_db()
        assert swap.state == state


def test_a_return_that_somebody_came_for_does_not_lapse(cast: Cast, at: Any) -> None:
    placement = confirm(cast, wants_return=True)
    back = ask(
        cast,
        offer=make_offer(cast.council, cast.home_coordinator, sessions=2),
        membership=cast.adviser.memberships.get(),
        by=cast.adviser,
        agrees_email="hal@advice.example.org",
        returning=placement.swap,
    )
    Placement.objects.filter(pk=back.pk).update(state=PlacementState.COMPLETED)
    at(FIRST_DAY + timedelta(days=366))
    run(visits.lives)
    assert placement.swap is not None
    placement.swap.refresh_from_db()
    assert placement.swap.state == SwapState.OPEN


def test_one_that_is_stuck_keeps_nobody_else_waiting(cast: Cast, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = ask(cast)
    other = ask(
        cast,
        membership=cast.colleague.memberships.get(),
        by=cast.colleague,
        half_days=free_half_days(cast.offer, 4)[2:],
    )
    expire = actions.expire

    def expire_others(*, placement: Placement, at: datetime) -> None:
        if placement == stuck:
            raise Refused([Problem("busy", "Somebody else is changing this right now.")])
        expire(placement=placement, at=at)

    monkeypatch.setattr(actions, "expire", expire_others)
    at(AT + timedelta(days=8))
    run(visits.lives)
    other.refresh_from_db()
    assert other.state == PlacementState.EXPIRED


# Reminders ----------------------------------------------------------------------------------------------------------


def remind_all() -> None:
    run(visits.reminders)
    for job in Job.objects.of_kind(visits.REMIND):
        if not job.ended:
            run(visits.remind, job.payload)
            Job.objects.filter(pk=job.pk).update(state="done")


def reminders_to(address: str | None) -> list[OutboxMail]:
    return [
        mail
        for mail in OutboxMail.objects.filter(to=address)
        if "wait for" in mail.subject or "waits for" in mail.subject
    ]


def test_one_combined_reminder_a_week_to_who_has_not_answered(cast: Cast, at: Any) -> None:
    ask(cast)
    second = ask(
        cast,
        membership=cast.colleague.memberships.get(),
        by=cast.colleague,
        half_days=free_half_days(cast.offer, 4)[2:],
    )
    say(second, DecisionKind.HOME_APPROVER, cast)
    at(AT + timedelta(days=3))
    remind_all()
    assert not Job.objects.of_kind(visits.REMIND).exists(), "there is time still"
    for hours in (0, 24, 48):
        at(AT + timedelta(days=4, hours=hours))
        remind_all()
    (of_host,) = reminders_to(cast.host.email)
    (of_manager,) = reminders_to(cast.manager.email)
    assert of_host.text.count("/decide/") == 2
    assert "Vera Visitor" in of_host.text
    assert "Cole Colleague" in of_host.text
    assert "only reminder that we send you this week" in of_host.text
    assert of_manager.text.count("/decide/") == 1
    assert not reminders_to(cast.visitor.email)


def test_what_was_answered_in_between_is_no_longer_asked_for(cast: Cast, at: Any) -> None:
    placement = ask(cast)
    at(AT + timedelta(days=5))
    run(visits.reminders)
    say(placement, DecisionKind.HOST, cast)
    remind_all()
    assert not reminders_to(cast.host.email)
    assert reminders_to(cast.manager.email)


def test_a_reminder_costs_the_same_however_many_wait_for_others(cast: Cast, at: Any) -> None:
    cast.offer.places = 10
    cast.offer.save()
    cast.offer.sessions.update(places=10)
    ask(cast)

    def cost_for_manager() -> int:
        Job.objects.of_kind(visits.REMIND).delete()
        run(visits.reminders)
        mine = fingerprint(cast.manager.email or "")
        (job,) = [each for each in Job.objects.of_kind(visits.REMIND) if each.payload["reader"] == mine]
        with CaptureQueriesContext(connection) as queries:
            run(visits.remind, job.payload)
        return len(queries)

    at(AT + timedelta(days=5))
    alone = cost_for_manager()
    for number in range(5):
        person = make_user(f"Visitor {number}", f"visitor{number}@council.example.org")
        ask(cast, membership=make_membership(person, cast.council), by=person, agrees_email=cast.colleague.email)
    assert cost_for_manager() == alone


def test_the_clock_knows_them() -> None:
    kinds = {schedule.kind for schedule in registry.schedules()}
    assert kinds >= {"secondments.lives", "secondments.reminders"}
