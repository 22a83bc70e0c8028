"""Publishing a round: a broker presses, one job asks everybody at once, and another writes to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Prefetch

from partnerships.ground import clock, events, jobs, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Problem, refuse
from partnerships.models import Membership, Organisation, User
from partnerships.models.people import with_coordinators
from partnerships.problems import problems_for_approver
from partnerships.states import WhoAgrees
from secondments.emails import failures
from secondments.matches.days_given import DaysGiven
from secondments.matches.results import beside, results_of
from secondments.models import HostOffer, Match, MatchRun, OfferSession, Programme, Round, Swap
from secondments.models.days import HalfDay
from secondments.problems import no_days, problems_for_asking, problems_for_placing, problems_for_publishing_round
from secondments.problems.facts import FactsOfMany
from secondments.states import HowBegan, RoundState, SwapState, Tie

from .answers import write_left_out
from .placements import RETURN_STAYS_OPEN
from .requests import Request, write_down
from .sessions import ready_sessions

LONGEST_REASON = 60


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: how many visits are asked for, and how many that were proposed no longer could be."""

    asked: int
    fell_through: int


def publish_round(*, a_round: Round, by: User, at: datetime | None = None) -> None:
    """Tell everyone: asked of a job, once, however often the button is pressed."""
    at = at or clock.now()
    with acting():
        lock(a_round)
        refuse(problems_for_publishing_round(a_round))
        workflow.move(a_round, to=RoundState.PUBLISHING, verb="publish_round", by=by, at=at)
        run = a_round.latest_run()
        # A press after a job was given up is a new promise, and so a new key.
        jobs.enqueue("publish_round", f"{run.uuid} {at.isoformat()}", {"run": run.pk, "by": by.pk})


def ask_everyone(*, run: MatchRun, by: User, at: datetime | None = None) -> Published:
    """Ask for each match like for any other visit, all in one transaction; then nobody knows sooner than another.

    A match that can no longer be asked, because a day was taken since, becomes one of those without a place. The
    number of statements does not grow with the round.
    """
    at = at or clock.now()
    with acting():
        lock_all_that_is_asked(run)
        workflow.move(run.round, to=RoundState.PUBLISHED, verb="ask_everyone", by=None, at=at, published_at=at)
        published = ask_for_all(run, by=by, at=at)
        write_left_out(run)
        counted = beside(run, fell_through=published.fell_through)
        run.round.results = results_of(run, published=run.round.criteria, **counted)
        run.round.save(update_fields=["results"])
        return published


def ask_for_all(run: MatchRun, *, by: User, at: datetime) -> Published:
    """Ask for every match of a run whose rows are locked, and have a job write to those who are asked."""
    matches = _matches(run)
    asked = _answering_each_other(_what_can_be_asked(matches, run.round, by, at), by, at)
    rows = ready_sessions((request.offer, request.half_days) for request in asked.values())
    placements = write_down(list(asked.values()), rows, by=by, at=at)
    for match, placement in zip(asked, placements, strict=True):
        match.placement = placement
    Match.objects.bulk_update(asked, ["placement"])
    jobs.enqueue("tell_everyone", str(run.uuid), {"run": run.pk})
    if len(asked) < len(matches):
        # Whoever fell through may find room elsewhere.
        jobs.enqueue("repair_round", str(run.uuid), {"round": run.round_id})
    return Published(asked=len(asked), fell_through=len(matches) - len(asked))


def fail_publishing(*, run: MatchRun, at: datetime | None = None) -> None:
    """The job was given up and nobody was told: the proposal stands, and its brokers hear that they can press again."""
    at = at or clock.now()
    with acting():
        lock(run.round)
        workflow.move(run.round, to=RoundState.PROPOSED, verb="fail_publishing", by=None, at=at)
        failures.not_told(run.round)


def lock_all_that_is_asked(run: MatchRun) -> None:
    """Everything that asking for one match after the other would lock, at once and so in the one order.

    Who asks a host of the round in the same moment, or publishes another round with the same people, then waits.
    """
    asked = run.matches.all()
    offers = HostOffer.objects.filter(pk__in=asked.values("offer"))
    memberships = Membership.objects.filter(pk__in=asked.values("participation__membership"))
    lock(
        *memberships,
        *Organisation.objects.filter(pk__in=offers.values("organisation")),
        *Organisation.objects.filter(pk__in=memberships.values("organisation")),
        *User.objects.filter(pk__in=memberships.values("user")),
        *offers,
        *OfferSession.objects.filter(offer__in=offers, date__range=(run.round.starts_on, run.round.ends_on)),
        run.round,
    )


def _matches(run: MatchRun) -> list[Match]:
    """Read once everything is locked. Each organisation is one object, with its coordinators and domains at hand."""
    return list(
        run.matches.order_by("id").prefetch_related(
            "participation__membership__user",
            Prefetch("participation__membership__organisation", with_coordinators()),
            "offer__shown_by__membership__user",
            Prefetch("offer__organisation", with_coordinators()),
        )
    )


def _what_can_be_asked(matches: Sequence[Match], a_round: Round, by: User, at: datetime) -> dict[Match, Request]:
    """A request for each match that nothing stands against, on days of its week. Of the others an event says why."""
    facts = FactsOfMany(
        offers={match.offer for match in matches},
        memberships=[match.participation.membership for match in matches],
        first=a_round.starts_on,
        last=a_round.ends_on,
    )
    given = DaysGiven(matches, a_round, facts, at=at)
    asked: dict[Match, Request] = {}
    enrolled = a_round.programme.enrolled_ids()
    introduced = frozenset(a_round.participations.introduced().values_list("pk", flat=True))
    refused: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        request = _request(match, given.of(match), a_round.programme, at)
        problems = problems_for_placing(match.participation, match.offer, enrolled=enrolled, introduced=introduced)
        problems += _problems(request, facts, by, at)
        if problems:
            refused[",".join(sorted({each.code for each in problems}))[:LONGEST_REASON]].append(match)
            continue
        facts.add(request.key, request.membership, request.offer, request.half_days)
        given.give(match)
        asked[match] = request
    for reason, some in refused.items():
        events.record_all(
            actor=by, verb="match_refused", things=some, at=at, from_states=[""] * len(some), reason=reason
        )
    return asked


def _answering_each_other(asked: Mapping[Match, Request], by: User, at: datetime) -> dict[Match, Request]:
    """Visits of one exchange are one swap. Where one of them fell through, it is the return visit that stays open."""
    numbers = sorted({match.exchange for match in asked if match.exchange is not None})
    last = max((half_day.date for request in asked.values() for half_day in request.half_days), default=clock.today(at))
    made = [Swap(state=SwapState.OPEN, return_until=last + RETURN_STAYS_OPEN, created_at=at) for _number in numbers]
    swaps = dict(zip(numbers, Swap.objects.bulk_create(made), strict=True))
    workflow.created_all(made, by=by, at=at)
    return {
        match: replace(request, swap=swaps[match.exchange]) if match.exchange is not None else request
        for match, request in asked.items()
    }


def _request(match: Match, half_days: Sequence[HalfDay], programme: Programme, at: datetime) -> Request:
    participation = match.participation
    membership = participation.membership
    return Request(
        offer=match.offer,
        membership=membership,
        half_days=half_days,
        learn=participation.learn,
        needs=participation.all_needs(),
        tie=participation.tie if participation.has_tie else Tie.NONE,
        agrees_email=participation.agrees_email,
        checks=programme.checks,
        how_began=HowBegan.MATCHED,
        answer_until=clock.today(at) + timedelta(days=programme.answer_days),
    )


def _problems(request: Request, facts: FactsOfMany, by: User, at: datetime) -> list[Problem]:
    """What would stand against asking for this visit by itself, and that there are days at all."""
    membership = request.membership
    if not request.half_days:
        return [no_days()]
    problems = problems_for_asking(membership, request.offer, request.half_days, tie=request.tie, at=at, facts=facts)
    if membership.organisation.who_agrees == WhoAgrees.MANAGER:
        problems += problems_for_approver(membership, request.agrees_email, named_by=by)
    return problems
