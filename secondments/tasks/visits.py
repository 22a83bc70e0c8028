"""What the clock does for visits: first days come, answers run out, hosts are asked how it was, people are reminded."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from partnerships.ground import clock, jobs
from partnerships.ground.jobs import RunningJob, Save, every, handler
from partnerships.ground.problems import Refused
from partnerships.models import User
from secondments import actions, emails
from secondments.emails.links import fingerprint
from secondments.models import Decision, Placement, Swap
from secondments.permissions import addresses_asked
from secondments.problems import TIME_FOR_CHECKS
from secondments.states import PlacementState, SwapState

DID_IT_HAPPEN = "secondments.did_it_happen"
REMIND = "secondments.remind"
BEFORE_THE_ANSWER = timedelta(days=3)
TIME_TO_ASK_HOW_IT_WAS = timedelta(days=30)
"""Shorter than jobs are kept: the job that asked is what keeps a host from being asked again."""

log = logging.getLogger(__name__)


@every("secondments.lives", minutes=15, how="resumable")
def lives(job: RunningJob) -> None:
    """Each visit moves on in a transaction of its own, so that one that is stuck keeps nobody else waiting."""
    at = clock.now()
    today = clock.today(at)
    each_of(Placement.objects.unanswered_at(at), lambda row: actions.expire(placement=row, at=at))
    each_of(Placement.objects.starting_by(today), lambda row: actions.start(placement=row, at=at))
    each_of(_never_ready(at), lambda row: actions.expire(placement=row, at=at))
    each_of(
        Swap.objects.unanswered().filter(state__in=[SwapState.OPEN, SwapState.DUE], return_until__lt=today),
        lambda row: actions.lapse(swap=row, at=at),
    )
    for placement in _over(at):
        jobs.enqueue(DID_IT_HAPPEN, str(placement.uuid), {"placement": placement.pk})


def each_of(rows: Iterable[Any], act: Callable[[Any], None]) -> None:
    for row in list(rows):
        try:
            act(row)
        except Refused as refused:
            # Somebody was quicker, which is as good.
            log.info("%s %s stays as it is: %s", row._meta.label, row.pk, ", ".join(sorted(refused.codes)))


def _over(at: datetime) -> Iterable[Placement]:
    """Under way, and their last day has passed not long ago."""
    under_way = Placement.objects.filter(state=PlacementState.UNDER_WAY)
    return under_way.annotate(last_day=Max("sessions__date")).filter(
        last_day__lt=clock.today(at), last_day__gte=clock.today(at - TIME_TO_ASK_HOW_IT_WAS)
    )


def _never_ready(at: datetime) -> Iterable[Placement]:
    agreed = Placement.objects.filter(state=PlacementState.AGREED)
    return agreed.annotate(last_day=Max("sessions__date")).filter(last_day__lt=clock.today(at - TIME_FOR_CHECKS))


@handler(DID_IT_HAPPEN, how="transactional")
def did_it_happen(job: RunningJob) -> Save | None:
    """The host's second touch, asked for once."""
    placement = Placement.objects.filter(pk=job.payload["placement"], state=PlacementState.UNDER_WAY).first()
    return None if placement is None else lambda: emails.did_it_happen(placement)


@every("secondments.reminders", at_hour=8)
def reminders(job: RunningJob) -> Save | None:
    """Who has not answered and whose time runs out hears once, of everything that waits for them."""
    at = clock.now()
    year, week, _weekday = clock.today(at).isocalendar()
    # What waits for whom is found out here, once for all readers and not by each reader's job again.
    asked: dict[str, list[int]] = {}
    readers = set()
    for decision in _waiting(at):
        for address in addresses_asked(decision):
            asked.setdefault(address, []).append(decision.pk)
            if decision.placement.answer_by <= at + BEFORE_THE_ANSWER:
                readers.add(address)

    def save() -> None:
        # The key is the promise: one combined reminder a week to each reader.
        users = dict(User.objects.filter(email__in=readers).values_list("email", "pk"))
        for address in sorted(readers):
            payload = {"reader": fingerprint(address), "user": users.get(address), "decisions": asked[address]}
            jobs.enqueue(REMIND, f"{fingerprint(address)}-{year}-{week}", payload)

    return save


@handler(REMIND, how="transactional")
def remind(job: RunningJob) -> Save | None:
    """Read afresh: what was answered in between is no longer asked for."""
    waiting = [
        (address, decision)
        for decision in _waiting(clock.now(), among=job.payload["decisions"])
        for address in addresses_asked(decision)
        if fingerprint(address) == job.payload["reader"]
    ]
    if not waiting:
        return None
    address = waiting[0][0]
    user = User.objects.filter(pk=job.payload["user"]).first()
    language = user.language if user else "en-gb"
    return lambda: emails.reminder(address, language, [decision for _address, decision in waiting])


def _waiting(at: datetime, *, among: Iterable[int] | None = None) -> list[Decision]:
    """Questions that are open, with some time left to answer; all of them, or those `among` a few."""
    decisions = (
        Decision.objects.waiting()
        .filter(placement__state=PlacementState.REQUESTED, placement__answer_by__gt=at)
        .select_related("placement__visitor", "placement__home", "placement__offer__organisation")
        .prefetch_related("placement__sessions")
        .order_by("placement__answer_by", "id")
    )
    if among is not None:
        decisions = decisions.filter(pk__in=among)
    return list(decisions)
