"""What the tests of repairs share: a published round in which somebody waits, noes, and the pause that is over."""

from __future__ import annotations

from datetime import date

from django.db.models.functions import Now

from partnerships.ground import jobs
from partnerships.ground.models import Job
from partnerships.models import User
from partnerships.states import Field
from secondments import actions
from secondments.models import HostOffer, MatchRun, Participation, Placement, Round
from secondments.permissions import addresses_asked
from secondments.states import DecisionKind, RunKind
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_organisation, make_round, make_user
from tests.secondments.rounds import first_week, join, matched, published


class Published:
    """Three people of the council and two hosts with one place each, in one week: one of the three waits."""

    def __init__(self, cast: Cast) -> None:
        cast.offer.sessions.all().delete()
        cast.offer.delete()
        self.cast = cast
        self.a_round: Round = make_round(cast.cvs)
        self.week: date = first_week(self.a_round)
        self.advice: HostOffer = make_offer(cast.advice, cast.host, title="The front desk", usual_weekdays=[0])
        self.kite_host = make_user("Kit Kite")
        kite = make_organisation("Kite", field=Field.VOLUNTARY)
        make_membership(self.kite_host, kite, is_coordinator=True)
        self.kite: HostOffer = make_offer(kite, self.kite_host, title="The youth club", usual_weekdays=[0])
        for who in (cast.visitor, cast.colleague, cast.home_coordinator):
            join(self.a_round, who.memberships.get(), weeks=[self.week])
        self.run: MatchRun = matched(cast, self.a_round)
        assert published(self.a_round, cast.broker) == (2, 0)

    @property
    def at_advice(self) -> Placement:
        return Placement.objects.get(offer=self.advice, match__run=self.run)

    @property
    def at_kite(self) -> Placement:
        return Placement.objects.get(offer=self.kite, match__run=self.run)

    @property
    def waiting(self) -> Participation:
        return self.run.not_placed.get().participation

    def host_says_no(self, placement: Placement | None = None) -> Placement:
        placement = placement or self.at_advice
        host = self.cast.host if placement.offer == self.advice else self.kite_host
        return no(placement, DecisionKind.HOST, host)


def no(placement: Placement, kind: str, by: User) -> Placement:
    actions.decide(decision=placement.decisions.get(kind=kind), yes=False, by=by, at=AT)
    placement.refresh_from_db()
    return placement


def yes(placement: Placement) -> None:
    """Everybody says yes, each by the link that was mailed to them, or signed in."""
    for decision in placement.decisions.waiting():
        actions.decide(decision=decision, yes=True, address=addresses_asked(decision)[0], at=AT)


def repaired(a_round: Round) -> MatchRun | None:
    """The pause is over in which noes are gathered, and the jobs have run: the repair that waits, if there is one."""
    Job.objects.of_kind("repair_round").update(due_at=Now())
    jobs.run_due()
    return a_round.repair()


def runs(a_round: Round) -> list[tuple[str, int]]:
    """The repairs of a round, first to last."""
    found = a_round.runs.filter(kind=RunKind.REPAIR).order_by("number")
    return list(found.values_list("state", "criteria__0__value"))


def places(run: MatchRun) -> dict[User, HostOffer]:
    return {match.participation.membership.user: match.offer for match in run.matches.with_people()}
