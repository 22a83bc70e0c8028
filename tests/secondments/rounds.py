"""What the tests of rounds share: joining, and a round that has been matched, or published."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from partnerships.ground import jobs
from partnerships.models import Membership, User
from secondments.actions.joining import join_round
from secondments.actions.publishing import publish_round
from secondments.actions.rounds import ask_for_match, close_round
from secondments.matches import monday_of, week_number
from secondments.models import MatchRun, Participation, Round
from secondments.states import Tie
from tests.cast import Cast
from tests.factories import AT


def first_week(a_round: Round) -> Any:
    """The Monday of the first week in which somebody could go."""
    return monday_of(week_number(a_round.starts_on - timedelta(days=1)) + 1)


def join(a_round: Round, membership: Membership, **said: Any) -> Participation:
    """Somebody joins, saying what the test does not care about."""
    first = first_week(a_round)
    values: dict[str, Any] = {
        "learn": "How a front desk copes",
        "wants": ["voluntary"],
        "weeks": [first + timedelta(weeks=week) for week in range(6)],
        "most_km": 30,
        "online": False,
        "needs": "A ground floor, please",
        "agrees_email": "manu@council.example.org",
    }
    return join_round(a_round=a_round, membership=membership, by=membership.user, **(values | {"at": AT} | said))


def typed(a_round: Round, **fields: object) -> dict[str, object]:
    """What somebody types on the page to join, with nothing that is asked for only if one likes."""
    return {
        "learn": "How a front desk copes",
        "wants": ["voluntary"],
        "weeks": [first_week(a_round).isoformat()],
        "most_km": "30",
        "how": ["in_person"],
        "tie": Tie.NONE.value,
        "agrees_email": "manu@council.example.org",
    } | fields


def matched(cast: Cast, a_round: Round) -> MatchRun:
    """Close the round, press match, and let the job run."""
    close_round(a_round=a_round, by=cast.broker, at=AT)
    run = ask_for_match(a_round=a_round, by=cast.broker, at=AT, seed=7)
    jobs.run_due()
    run.refresh_from_db()
    a_round.refresh_from_db()
    return run


def published(a_round: Round, by: User) -> tuple[int, int]:
    """Press "tell everyone" and let the jobs run: how many were asked for, and how many no longer could be."""
    publish_round(a_round=a_round, by=by, at=AT)
    jobs.run_due()
    a_round.refresh_from_db()
    matches = a_round.latest_run().matches
    return matches.exclude(placement=None).count(), matches.filter(placement=None).count()
