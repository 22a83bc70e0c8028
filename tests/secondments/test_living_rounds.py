"""Rounds that live: whatever anybody does, in whatever order, what must never be is not.

A life is drawn from one number: who says what, when days pass and jobs run or are given up, what brokers do by hand,
and who reads which page. Every act is done, or refused with a reason; after each that was done everything is looked at.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import F

from partnerships.ground.models import Job, OutboxMail
from partnerships.models import Membership, Organisation
from partnerships.states import MembershipState
from secondments.actions import lives
from secondments.emails import repairs
from secondments.emails import rounds as mails
from secondments.models import (
    HostOffer,
    Match,
    MatchRun,
    Participation,
    Placement,
    PlacementSession,
    Round,
    Shortlisted,
)
from secondments.states import PlacementState, RoundState, RunKind, RunState, ShortlistState
from tests.factories import AT
from tests.secondments.living.life import end, life, tell
from tests.secondments.living.pages import read_something
from tests.secondments.living.watch import LOOKS, Watch
from tests.secondments.living.world import ACTS, NEEDED, WHY_AVOIDED, World

pytestmark = pytest.mark.django_db


@pytest.mark.prove
def test_whatever_anybody_does_what_must_never_be_is_not(
    rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    many, acts = rounds(1, 30), rounds(40, 150)
    done: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for seed in range(many):
        with life(seed) as (world, watch):
            world.live(acts)
            end(world, watch)
            done += world.done
            refused += world.refused
    proof(
        f"{many} lives of rounds, in which {done.total():,} acts of {len(done)} kinds out of {len(ACTS)} were done and "
        f"{refused.total():,} refused: {len(LOOKS)} rules held, and every page opened"
    )


# The rules themselves: each is broken on purpose, and says so ---------------------------------------------------------


def standing() -> list[Placement]:
    return list(Placement.objects.exclude(match=None).filter(state=PlacementState.REQUESTED).order_by("pk"))


def shown_by(who: Participation) -> HostOffer:
    if not HostOffer.objects.filter(shown_by=who).exists():
        HostOffer.objects.filter(pk=HostOffer.objects.of_organisations()[0].pk).update(shown_by=who)
    return HostOffer.objects.get(shown_by=who)


def two_visits_of_one(watch: Watch) -> None:
    first, other = standing()[:2]
    Match.objects.filter(placement=other).update(placement=None)
    Shortlisted.objects.create(
        participation=first.match.participation,
        offer=other.offer,
        placement=other,
        state=ShortlistState.ASKED,
        listed_by=watch.world.cast.broker,
        listed_at=AT,
    )


def a_place_is_given_back_and_still_counted(watch: Watch) -> None:
    PlacementSession.objects.filter(placement=standing()[0]).update(holding=False)


def a_visit_ends_and_keeps_its_days(watch: Watch) -> None:
    Placement.objects.filter(pk=standing()[0].pk).update(state=PlacementState.DECLINED)


def two_are_shown_the_same(watch: Watch) -> None:
    first, other = standing()[:2]
    Match.objects.filter(placement__in=[first, other]).update(offer=shown_by(first.match.participation))


def somebody_visits_themselves(watch: Watch) -> None:
    first = standing()[0]
    Placement.objects.filter(pk=first.pk).update(offer=shown_by(first.match.participation))


def an_organisation_can_bear_less(watch: Watch) -> None:
    Organisation.objects.filter(pk=standing()[0].home_id).update(most_away_per_week=0)


def somebody_is_sent_to_whom_they_avoid(watch: Watch) -> None:
    first = standing()[0]
    first.match.participation.avoids.add(first.offer.organisation)


def nothing_counts(watch: Watch) -> None:
    watch.world.programme = copy.copy(watch.world.programme)
    watch.world.programme.crossings = []


def somebody_works_elsewhere(watch: Watch) -> None:
    Membership.objects.filter(pk=standing()[0].membership_id).update(state=MembershipState.ENDED)


def the_same_host_again(watch: Watch) -> None:
    first, other = standing()[:2]
    match = copy.copy(first.match)
    other.match.delete()
    run = MatchRun.objects.create(
        round=match.run.round,
        number=99,
        kind=RunKind.REPAIR,
        state=RunState.OFFERED,
        asked_at=AT,
        seed=1,
        keep_until=AT,
    )
    match.pk, match.uuid, match.run, match.placement = None, uuid4(), run, other
    match.save()


def a_visit_is_moved(watch: Watch) -> None:
    watch.found()
    PlacementSession.objects.filter(placement=standing()[0]).update(date=F("date") + timedelta(days=1))


def a_state_is_set_by_hand(watch: Watch) -> None:
    Round.objects.update(state=RoundState.ARCHIVED)


def a_job_fails(watch: Watch) -> None:
    Job.objects.filter(kind="tell_everyone").update(error_code="TypeError")


def again(mail: OutboxMail, **changed: str) -> None:
    mail.pk, mail.uuid = None, uuid4()
    mail.message_id = str(mail.uuid)
    for name, value in changed.items():
        setattr(mail, name, value)
    mail.save(force_insert=True)


def a_mail_goes_twice(watch: Watch) -> None:
    again(OutboxMail.objects.filter(thing_type="secondments.placement")[0])


def a_mail_says_what_was_told_to_a_host(watch: Watch) -> None:
    again(OutboxMail.objects.all()[0], text=f"They need this: {NEEDED}")


def a_letter_is_lost(watch: Watch) -> None:
    OutboxMail.objects.filter(thing_type="secondments.placement").delete()


def a_figure_is_wrong(watch: Watch) -> None:
    Round.objects.update(results={"joined": 99})


def somebody_withdraws_and_is_looked_for(watch: Watch) -> None:
    Placement.objects.filter(pk=standing()[0].pk).update(state=PlacementState.WITHDRAWN)


BREAKS: dict[str, Callable[[Watch], None]] = {
    "one_visit_for_each": two_visits_of_one,
    "places_are_counted": a_place_is_given_back_and_still_counted,
    "days_are_held_by_what_stands": a_visit_ends_and_keeps_its_days,
    "what_somebody_shows_is_seen_by_one": two_are_shown_the_same,
    "whoever_shows_something_is_there": somebody_visits_themselves,
    "limits_of_organisations_hold": an_organisation_can_bear_less,
    "nobody_meets_whom_they_avoid": somebody_is_sent_to_whom_they_avoid,
    "only_crossings_that_count": nothing_counts,
    "everybody_goes_for_those_they_belong_to": somebody_works_elsewhere,
    "nobody_is_found_the_same_host_twice": the_same_host_again,
    "what_was_asked_stays": a_visit_is_moved,
    "every_move_is_in_the_table_and_written_down": a_state_is_set_by_hand,
    "no_job_falls_over": a_job_fails,
    "nothing_is_said_twice": a_mail_goes_twice,
    "nothing_private_is_mailed": a_mail_says_what_was_told_to_a_host,
    "everybody_hears_what_came_of_it": a_letter_is_lost,
    "results_are_what_is_there": a_figure_is_wrong,
    "whoever_withdrew_is_found_nothing_else": somebody_withdraws_and_is_looked_for,
}


TOLD = 1
"""A life in which several have a place."""

MOST_TRIES = 20


@contextmanager
def as_if() -> Iterator[None]:
    """Nothing of it stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def without_giving_days_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lives, "release", lambda placement: None)


def without_leaving_the_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lives, "find_no_other", lambda placement, by, at: None)


FAULTS = {without_giving_days_back: "a_visit_is_called_off", without_leaving_the_round: "somebody_withdraws"}


def test_whatever_is_broken_is_found() -> None:
    with life(TOLD) as (world, looking):
        tell(world)
        assert looking.found() == []
        assert {each.__name__ for each in LOOKS} == set(BREAKS)
        for rule, break_it in BREAKS.items():
            with as_if():
                watch = Watch(world)
                break_it(watch)
                assert rule in {found.split(":")[0] for found in watch.found()}
        for fault, name in FAULTS.items():
            act = next(each for each in ACTS if each.name == name)
            with as_if(), pytest.MonkeyPatch.context() as monkeypatch:
                watch = Watch(world)
                fault(monkeypatch)
                # Now and then somebody else tries, who may not.
                assert any(world.happens(act) for _time in range(MOST_TRIES))
                assert watch.found()
        with as_if():
            Round.objects.update(name=WHY_AVOIDED)
            with pytest.raises(AssertionError, match=f"says {WHY_AVOIDED}"):
                read_many(world)


def read_many(world: World) -> None:
    for _page in range(MOST_TRIES):
        read_something(world)


def not_written(*args: object, **kwargs: object) -> None:
    """As if a letter had been forgotten."""


@pytest.mark.parametrize(("begin", "said"), [(World.join, "times that it is called off"), (tell, "is over")])
def test_whoever_hears_nothing_in_the_end_is_found(
    begin: Callable[[World], object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repairs, "over", not_written)
    monkeypatch.setattr(mails, "called_off", not_written)
    with life(TOLD) as (world, watch):
        begin(world)
        with pytest.raises(AssertionError, match=said):
            end(world, watch)
