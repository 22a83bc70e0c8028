"""A round from closing to everyone hearing: a broker asks the engine, a job answers, a broker publishes."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from partnerships.ground import clock, events, jobs, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Refused, refuse
from partnerships.matching import engine
from partnerships.matching.types import Allocation, Problem
from partnerships.models import Organisation, User
from secondments.actions.open_instead import open_for
from secondments.actions.placements import request_placement
from secondments.emails import rounds as mails
from secondments.matches.days import Calendar, calendar_of, days_for, monday_of, week_number
from secondments.matches.problem import offer_pk
from secondments.matches.words import causes_of, facts_in, parts_of
from secondments.models import HostOffer, Match, MatchRun, NotPlaced, PlacementSession, Round
from secondments.models.days import HalfDay
from secondments.problems import problems_for_matching, problems_for_publishing_round
from secondments.states import HowBegan, RoundState, RunState, Tie

KEEP_PROBLEM_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: how many visits were asked for, how many people could not be placed."""

    asked: int
    not_placed: int
    fell_through: int


def close_round(*, a_round: Round, by: User | None, at: datetime | None = None) -> None:
    """Nobody joins any more. The broker may match now."""
    with acting():
        workflow.move(a_round, to=RoundState.CLOSED, verb="close_round", by=by, at=at or clock.now())


def reopen_round(*, a_round: Round, by: User, at: datetime | None = None) -> None:
    """Let people join again, before anything was published."""
    with acting():
        workflow.move(a_round, to=RoundState.OPEN, verb="reopen_round", by=by, at=at or clock.now())


def ask_for_match(*, a_round: Round, by: User, at: datetime | None = None, seed: int | None = None) -> MatchRun:
    """Ask the engine for a proposal: one run, however often the button is pressed. A job does the work.

    `seed` breaks ties and is stored with the run; a fresh one is drawn where none is given.
    """
    at = at or clock.now()
    with acting():
        lock(a_round)
        refuse(problems_for_matching(a_round))
        workflow.move(a_round, to=RoundState.MATCHING, verb="ask_for_match", by=by, at=at)
        latest = a_round.runs.first()
        run = MatchRun.objects.create(
            round=a_round,
            number=latest.number + 1 if latest else 1,
            state=RunState.WAITING,
            asked_by=by,
            asked_at=at,
            seed=secrets.randbits(31) if seed is None else seed,
            criteria=[],
            keep_until=clock.today(at) + KEEP_PROBLEM_FOR,
        )
        workflow.created(run, by=by, at=at)
        jobs.enqueue("match_round", str(run.uuid), {"run": run.pk})
    return run


def save_run(*, run: MatchRun, problem: Problem, answer: Allocation, at: datetime | None = None) -> None:
    """Save a verified answer whole: who meets whom, who could not be placed and why, and what replays it."""
    at = at or clock.now()
    with acting():
        lock(run.round, run)
        workflow.move(
            run,
            to=RunState.SOLVED,
            verb="save_run",
            by=None,
            at=at,
            finished_at=at,
            engine_version=answer.engine_version,
            problem=json.loads(engine.problem_to_json(problem)),
            result=json.loads(engine.allocation_to_json(answer)),
            criteria=[
                {"name": one.name, "value": one.value, "proven": one.proven, "bound": one.bound}
                for one in answer.criteria
            ],
        )
        people = {str(each.uuid): each for each in run.round.participations.all()}
        facts_of = facts_in(problem, answer)
        Match.objects.bulk_create(
            Match(
                run=run,
                participation=people[hosting.leg.person_id],
                offer_id=offer_pk(hosting.leg.offer_id),
                week=monday_of(hosting.leg.week),
                fit=hosting.leg.fit,
                parts=parts_of(hosting),
                facts=facts_of(hosting),
            )
            for hosting in answer.hostings
        )
        placed = {hosting.leg.person_id for hosting in answer.hostings}
        NotPlaced.objects.bulk_create(
            NotPlaced(run=run, participation=people[reason.person_id], causes=causes_of(reason, answer))
            for reason in answer.reasons
            if reason.person_id not in placed
        )
        workflow.move(run.round, to=RoundState.PROPOSED, verb="save_run", by=None, at=at)
        mails.proposed(run)


def fail_run(*, run: MatchRun, at: datetime | None = None) -> None:
    """The job was given up: the round goes back to closed, so that the broker can press again."""
    at = at or clock.now()
    with acting():
        lock(run.round, run)
        workflow.move(run, to=RunState.FAILED, verb="fail_run", by=None, at=at, finished_at=at)
        workflow.move(run.round, to=RoundState.CLOSED, verb="fail_run", by=None, at=at)


def put_proposal_aside(*, a_round: Round, by: User, at: datetime | None = None) -> None:
    """Take a proposal back before anybody was told, to let people change what they said and match again."""
    at = at or clock.now()
    with acting():
        lock(a_round)
        workflow.move(a_round, to=RoundState.CLOSED, verb="put_proposal_aside", by=by, at=at)
        workflow.move_all(
            a_round.runs.filter(state=RunState.SOLVED), to=RunState.DISCARDED, verb="put_proposal_aside", by=by, at=at
        )


def publish_round(*, a_round: Round, by: User, at: datetime | None = None) -> Published:
    """Tell everyone at once: each match is asked like any other visit, and whoever has no place hears why.

    A match that can no longer be asked, because a day was taken since, becomes one of those without a place.
    """
    at = at or clock.now()
    with acting():
        lock(a_round)
        refuse(problems_for_publishing_round(a_round))
        workflow.move(a_round, to=RoundState.PUBLISHED, verb="publish_round", by=by, at=at, published_at=at)
        run = a_round.latest_run()
        _lock_all_that_is_asked(run)
        calendars: dict[int, Calendar] = {}
        asked = 0
        fell_through: list[Match] = []
        for match in run.matches.with_people().prefetch_related("offer__sessions"):
            if match.offer_id not in calendars:
                calendars[match.offer_id] = _calendar(match.offer, a_round, at)
            if _ask(match, calendars[match.offer_id], by=by, at=at):
                asked += 1
            else:
                fell_through.append(match)
        # Told once everything is asked: what is named as open then is not taken by the next match.
        for match in fell_through:
            mails.fell_through(match, open_for(match.participation, at=at))
        not_placed = list(
            run.not_placed.select_related(
                "participation__membership__user", "participation__membership__organisation", "run__round"
            )
        )
        for each in not_placed:
            mails.not_placed(each, open_for(each.participation, at=at))
    return Published(asked, len(not_placed), len(fell_through))


def _lock_all_that_is_asked(run: MatchRun) -> None:
    """Everything that the asking locks, match by match, at once and so in the one order.

    Who asks a host of the round in the same moment, or publishes another round with the same people, then waits.
    """
    asked = run.matches.all()
    lock(
        *Organisation.objects.filter(pk__in=asked.values("offer__organisation")),
        *Organisation.objects.filter(pk__in=asked.values("participation__membership__organisation")),
        *User.objects.filter(pk__in=asked.values("participation__membership__user")),
        *HostOffer.objects.filter(pk__in=asked.values("offer")),
    )


def _calendar(offer: HostOffer, a_round: Round, at: datetime) -> Calendar:
    return calendar_of(offer, first=a_round.starts_on, last=a_round.ends_on, at=at)


def _ask(match: Match, calendar: Calendar, *, by: User, at: datetime) -> bool:
    """Ask for one matched visit on days of its week; False where no days are left or the asking is refused."""
    participation = match.participation
    elsewhere = [
        HalfDay(day, half)
        for day, half in PlacementSession.objects.filter(
            visitor=participation.membership.user, holding=True, date__gte=match.week
        ).values_list("date", "half")
    ]
    days = days_for(calendar, week_number(match.week), match.run.round.programme.days, taken=elsewhere)
    if not days:
        return False
    try:
        placement = request_placement(
            offer=match.offer,
            membership=participation.membership,
            half_days=days,
            learn=participation.learn,
            needs=participation.needs,
            tie=participation.tie if participation.has_tie else Tie.NONE,
            agrees_email=participation.agrees_email,
            how_began=HowBegan.MATCHED,
            by=by,
            at=at,
        )
    except Refused as refused:
        if "busy" in refused.codes:
            # Somebody in the way for a moment is no reason to tell a person that there is no place for them.
            raise
        events.record(actor=by, verb="match_refused", thing=match, at=at, reason=",".join(sorted(refused.codes))[:60])
        return False
    match.placement = placement
    match.save(update_fields=["placement"])
    return True
