"""What brokers do with a round, what its dates do, and what its jobs do or give up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from partnerships.ground.jobs import registry
from partnerships.ground.models import Job
from secondments.actions.brokering import introduce, put_host_aside, put_on_shortlist, speak_to_host, write_note
from secondments.actions.calling_off import call_off_round
from secondments.actions.letters import write_to_people
from secondments.actions.programmes import create_round, open_round
from secondments.actions.proposals import change_by_hand, change_places_by_hand, take_back_change
from secondments.actions.publishing import publish_round
from secondments.actions.repairs import begin_repair, leave_what_came_free, offer_repair, put_repair_aside
from secondments.actions.rounds import (
    archive_round,
    ask_for_match,
    change_dates,
    close_round,
    put_proposal_aside,
    reopen_round,
    stop_matching,
)
from secondments.actions.trials import try_out
from secondments.actions.unfinished import letters_given_up, write_the_rest
from secondments.actions.weights import set_weights
from secondments.matches.by_hand import ByHand
from secondments.matches.swaps import weeks_round
from secondments.models import Adjustment, Enrolment, HostOffer, MatchRun, Participation, Round, Shortlisted
from secondments.models.weights import usual_weights
from secondments.states import TO_INTRODUCE, UNTOLD_STATES, AdjustmentKind, RoundState, RunKind, RunState

from .world import NOTED, World, act

LATER = [RoundState.DRAFT, RoundState.OPEN, RoundState.CLOSED]
SOME_DAY = ("match_round", "publish_round", "tell_everyone", "work_out_repair", "repair_round", "tell_waiting")


# Its own life ---------------------------------------------------------------------------------------------------------


@act(often=12)
def jobs_run(world: World) -> None:
    world.at += timedelta(minutes=10)
    world.work()


@act(often=4)
def a_day_passes(world: World) -> None:
    world.days_pass(1)


@act(often=2)
def days_pass(world: World) -> None:
    world.days_pass(world.draw.randrange(2, 9))


@act(often=1)
def weeks_pass(world: World) -> None:
    for _week in range(world.draw.randrange(2, 6)):
        world.at += timedelta(weeks=1)
        world.work()
        world.look()


@act(often=10)
def a_round_closes(world: World) -> None:
    close_round(a_round=world.a_round(RoundState.OPEN), by=world.broker(), at=world.at)


@act(often=1)
def a_round_opens_again(world: World) -> None:
    reopen_round(a_round=world.a_round(RoundState.CLOSED), by=world.broker(), at=world.at)


@act(often=20)
def a_match_is_asked_for(world: World) -> None:
    a_round = world.a_round(RoundState.CLOSED, RoundState.PROPOSED)
    ask_for_match(a_round=a_round, by=world.broker(), at=world.at, seed=world.draw.randrange(99))


@act(often=3)
def a_matching_is_stopped(world: World) -> None:
    waits = MatchRun.objects.waiting()
    stop_matching(a_round=world.row(waits).round, by=world.broker(), at=world.at)


@act(often=1.5)
def a_proposal_is_put_aside(world: World) -> None:
    put_proposal_aside(a_round=world.a_round(RoundState.PROPOSED), by=world.broker(), at=world.at)


@act(often=20)
def everyone_is_told(world: World) -> None:
    publish_round(a_round=world.a_round(RoundState.PROPOSED), by=world.broker(), at=world.at)


@act(often=0.3)
def a_round_is_called_off(world: World) -> None:
    because = "Too few of us are there." if world.chance(0.9) else ""
    call_off_round(a_round=world.a_round(*UNTOLD_STATES), because=because, by=world.broker(), at=world.at)


@act(often=3)
def a_round_is_archived(world: World) -> None:
    archive_round(a_round=world.a_round(RoundState.PUBLISHED), by=world.broker(), at=world.at)


def dates(world: World) -> dict[str, Any]:
    today, draw = world.at.date(), world.draw
    join_by = today + timedelta(days=draw.randrange(3, 15))
    starts_on = join_by + timedelta(days=draw.randrange(4, 15))
    return {
        "opens_on": draw.choice([None, today + timedelta(days=1)]),
        "join_by": join_by,
        "match_on": draw.choice([None, join_by + timedelta(days=2)]),
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=draw.randrange(13, 30)),
    }


@act(often=1)
def dates_change(world: World) -> None:
    a_round = world.a_round(*LATER)
    said = dates(world)
    if world.chance(0.8):
        said |= {"starts_on": a_round.starts_on, "ends_on": a_round.ends_on}
    change_dates(a_round=a_round, by=world.broker(), at=world.at, **said)


@act(often=1)
def another_round_is_made(world: World) -> None:
    number = Round.objects.filter(programme=world.programme).count() + world.draw.randrange(2)
    create_round(after=world.a_round(), name=f"Round {number}", by=world.broker(), at=world.at, **dates(world))


@act(often=2)
def another_round_opens(world: World) -> None:
    open_round(a_round=world.a_round(RoundState.DRAFT), by=world.broker(), at=world.at)


@act(often=1)
def points_are_shared_out(world: World) -> None:
    names = list(usual_weights())
    weights = dict.fromkeys(names, 0) | {world.one(names): 100}
    set_weights(a_round=world.a_round(RoundState.DRAFT), weights=weights, by=world.broker(), at=world.at)


@act(often=1)
def other_points_are_tried(world: World) -> None:
    a_round = world.a_round(RoundState.DRAFT, RoundState.PROPOSED)
    tried_on = MatchRun.objects.tried_on(world.programme)
    runs = [tried_on] if tried_on else []
    asked = {"weights": usual_weights()}
    try_out(a_round=a_round, run=world.one(runs), asked=asked, by=world.broker(), at=world.at)


# Jobs that are given up -----------------------------------------------------------------------------------------------


@act(often=3)
def a_job_is_given_up(world: World) -> None:
    """As after the last attempt of a worker that was lost each time."""
    job = world.row(Job.objects.to_end().filter(kind__in=SOME_DAY))
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state="failed")
        handler = registry.find(job.kind)
        if handler is not None and handler.on_failure is not None:
            handler.on_failure(job)


@act(often=2)
def the_rest_is_written(world: World) -> None:
    rounds = [each for each in Round.objects.order_by("pk") if letters_given_up(each).exists()]
    write_the_rest(a_round=world.one(rounds), by=world.broker(), at=world.at)


# By hand --------------------------------------------------------------------------------------------------------------


@act(often=10)
def a_change_is_made_by_hand(world: World) -> None:
    a_round = world.a_round(RoundState.PROPOSED)
    kind = world.one(AdjustmentKind.values)
    run = a_round.proposal()
    week: date | None = world.one(world.weeks(a_round))
    if kind == AdjustmentKind.KEEP and run is not None and not world.chance(0.1):
        match = world.row(run.matches.all())
        participation, offer, week = match.participation, match.offer, match.week
    else:
        participation = world.row(a_round.participations.all())
        offer = world.row(HostOffer.objects.filter(pk__in=a_round.offers_on_desk()))
    change_by_hand(
        a_round=a_round,
        kind=kind,
        participation=participation,
        offer=offer,
        week=week,
        reason="they_said_so",
        note=NOTED,
        by=world.broker(),
        at=world.at,
    )


@act(often=7)
def people_are_let_change_places(world: World) -> None:
    a_round = world.a_round(RoundState.PROPOSED)
    shows = list(a_round.participations.joined().filter(welcomes=True).order_by("pk"))
    many = world.draw.randrange(2, 4)
    council = [each for each in shows if each.membership.organisation == world.cast.council]
    others = [each for each in shows if each not in council]
    people = [world.one(council), *world.some(others, many - 1)]
    run = a_round.proposal()
    possible = weeks_round(run, ByHand.in_round(a_round), people) if run else ()
    weeks = [world.one(weeks) for weeks in possible if weeks]
    if len(weeks) < len(people):
        weeks = world.weeks(a_round)[:1] * len(people)
    change_places_by_hand(
        a_round=a_round, people=people, weeks=weeks, reason="fairer", note=NOTED, by=world.broker(), at=world.at
    )


@act(often=3)
def a_change_is_taken_back(world: World) -> None:
    changes = Adjustment.objects.all() if world.chance(0.1) else Adjustment.objects.filter(state="standing")
    take_back_change(adjustment=world.row(changes), by=world.broker(), at=world.at)


# Beside the round -----------------------------------------------------------------------------------------------------


@act(often=1)
def the_broker_notes_something(world: World) -> None:
    about = world.row(Participation.objects.all()) if world.chance(0.7) else world.row(Enrolment.objects.all())
    write_note(about=about, text=NOTED, by=world.broker(), at=world.at)


@act(often=1.5)
def a_host_is_had_in_mind(world: World) -> None:
    participation = world.row(Participation.objects.joined())
    offer = world.row(HostOffer.objects.of_organisations())
    put_on_shortlist(participation=participation, offer=offer, by=world.broker(), at=world.at)


@act(often=1)
def a_host_in_mind_is_spoken_to_or_put_aside(world: World) -> None:
    moves = world.one([speak_to_host, put_host_aside])
    moves(shortlisted=world.row(Shortlisted.objects.all()), by=world.broker(), at=world.at)


@act(often=4)
def somebody_is_introduced(world: World) -> None:
    listed = world.row(Shortlisted.objects.filter(state__in=TO_INTRODUCE))
    week = world.one(listed.participation.weeks)
    introduce(shortlisted=listed, week=week, by=world.broker(), at=world.at)


@act(often=1)
def a_letter_goes_to_some(world: World) -> None:
    a_round = world.a_round()
    readers = world.some(a_round.participations.values_list("pk", flat=True).order_by("pk"), 5)
    text = f"Please bring a coat. {world.draw.random()}"
    write_to_people(a_round=a_round, people=readers, subject="Before you go", text=text, by=world.broker(), at=world.at)


# Once everyone is told ------------------------------------------------------------------------------------------------


@act(often=5)
def what_came_free_is_looked_at_again(world: World) -> None:
    begin_repair(a_round=world.a_round(RoundState.PUBLISHED), by=world.broker(), at=world.at)


@act(often=25)
def a_repair_is_offered(world: World) -> None:
    repairs = MatchRun.objects.filter(kind=RunKind.REPAIR)
    run = world.row(repairs if world.chance(0.05) else repairs.filter(state=RunState.SOLVED, matches__isnull=False))
    offer_repair(run=run, by=world.broker(), at=world.at)


@act(often=1)
def a_repair_is_put_aside(world: World) -> None:
    repairs = MatchRun.objects.filter(kind=RunKind.REPAIR)
    put_repair_aside(run=world.row(repairs.filter(state=RunState.SOLVED)), by=world.broker(), at=world.at)


@act(often=3)
def what_came_free_is_left(world: World) -> None:
    leave_what_came_free(a_round=world.a_round(RoundState.PUBLISHED), by=world.broker(), at=world.at)
