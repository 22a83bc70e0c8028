"""A round that was matched and waits to be published, for tests of what a broker does with its proposal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from partnerships.ground import jobs
from partnerships.ground.problems import Refused
from partnerships.states import Field
from secondments.actions.proposals import change_by_hand
from secondments.actions.rounds import ask_for_match
from secondments.models import Adjustment, HostOffer, MatchRun, Participation, Round
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_organisation, make_place, make_round, make_user
from tests.secondments.rounds import first_week, join, matched


class Proposal:
    """Two people of the council, and two hosts with one place each: the near desk fits both better than the far one."""

    def __init__(self, cast: Cast) -> None:
        cast.offer.sessions.all().delete()
        cast.offer.delete()
        self.cast = cast
        self.a_round: Round = make_round(cast.cvs)
        self.week: date = first_week(self.a_round)
        self.near = make_offer(cast.advice, cast.host, title="The near desk")
        far_away = make_organisation("Far Advice", field=Field.VOLUNTARY, place=make_place("Rochdale", latitude=53.62))
        make_membership(make_user("Fara Host"), far_away, is_coordinator=True)
        self.far = make_offer(far_away, cast.host, title="The far desk")
        self.vera, self.cole = (
            join(self.a_round, membership, weeks=[self.week])
            for membership in (cast.visitor_membership, cast.colleague.memberships.get())
        )
        self.run = matched(cast, self.a_round)

    def change(self, kind: str = "make", who: Participation | None = None, **said: Any) -> Adjustment:
        values: dict[str, Any] = {"offer": self.far, "week": self.week, "reason": "they_said_so"}
        values |= {"participation": who or self.at_near, "by": self.cast.broker, "at": AT}
        return change_by_hand(a_round=self.a_round, kind=kind, **(values | said))

    def again(self) -> MatchRun:
        run = ask_for_match(a_round=self.a_round, by=self.cast.broker, at=AT, seed=7)
        jobs.run_due()
        run.refresh_from_db()
        self.a_round.refresh_from_db()
        return run

    @property
    def at_near(self) -> Participation:
        return self.run.matches.get(offer=self.near).participation

    @property
    def at_far(self) -> Participation:
        return self.run.matches.get(offer=self.far).participation

    def places(self) -> dict[Participation, HostOffer]:
        return {match.participation: match.offer for match in self.a_round.latest_run().matches.with_people()}


@contextmanager
def refusal(code: str) -> Iterator[None]:
    """What is done here is refused for this reason alone."""
    with pytest.raises(Refused) as refused:
        yield
    assert [problem.code for problem in refused.value.problems] == [code]
