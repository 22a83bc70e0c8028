"""Who there is, what the time is, and how an act is drawn: everything comes again from one number."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

import pytest
from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.functions import Now

from partnerships.ground import clock, jobs, outbox
from partnerships.ground.jobs import registry
from partnerships.ground.jobs.runner import plan_schedules
from partnerships.ground.models import Job
from partnerships.ground.problems import Refused
from partnerships.models import ApprovedDomain, Membership, Organisation, User
from partnerships.states import Field, SizeBand, WhoAgrees
from secondments.matches.days import mondays
from secondments.models import Enrolment, HostOffer, Programme, Round
from secondments.states import CheckKind, EnrolmentState, RoundState
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_organisation, make_round, make_session, make_user

Thing = TypeVar("Thing", bound=Model)
Some = TypeVar("Some")

WHY_AVOIDED = "WHYAVOIDED"
NEEDED = "NEEDEDWORDS"
NOTED = "NOTEDWORDS"
"""Words that somebody wrote for one reader or none: wherever else they are found, they got there by mistake."""

LEFT_UNDONE = (outbox.KIND, "ground.retention")
"""A mail that is sent is emptied, and could not be read. How long rows are kept goes by the database's clock."""

AT_FIRST = 14
"""So many try to join before anything else happens."""


class NothingToDo(Exception):
    """There is nobody, or nothing, that the act could be done with."""


@dataclass(frozen=True, slots=True)
class Act:
    name: str
    often: float
    do: Callable[[World], None]


ACTS: list[Act] = []


def act(often: float) -> Callable[[Callable[[World], None]], Callable[[World], None]]:
    """One thing that somebody could do; `often` is how likely it is drawn."""

    def register(function: Callable[[World], None]) -> Callable[[World], None]:
        ACTS.append(Act(function.__name__, often, function))
        return function

    return register


class World:
    """A council and three charities in a programme of a broker, and all that they do."""

    def __init__(self, cast: Cast, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cast, self.seed = cast, seed
        self.draw = random.Random(seed)  # noqa: S311 - what is drawn has to come again
        self.at = AT
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.story: list[str] = []
        self.look: Callable[[], None] = lambda: None
        self.read: Callable[[], None] = lambda: None
        monkeypatch.setattr(clock, "now", lambda: self.at)
        registry.load()
        for kind in LEFT_UNDONE:
            nothing = registry.Handler(kind, "transactional", lambda job: None)
            monkeypatch.setitem(registry._handlers, kind, nothing)
        self._people()
        self._hosts()
        self.programme = self._programme()

    # Who there is ----------------------------------------------------------------------------------------------------

    def _people(self) -> None:
        cast, draw = self.cast, self.draw
        cast.offer.sessions.all().delete()
        cast.offer.delete()
        self.charities = [cast.advice]
        for name in ("Kite", "Shed"):
            charity = make_organisation(name, field=Field.VOLUNTARY, size=draw.choice([SizeBand.SMALL, SizeBand.LARGE]))
            make_membership(
                make_user(f"Host of {name}", f"host@{name.lower()}.example.org"), charity, is_coordinator=True
            )
            self.charities.append(charity)
        self.homes = [cast.council, *self.charities]
        for charity in self.charities:
            ApprovedDomain.objects.create(organisation=charity, domain=f"{charity.slug}.example.org")
        for organisation in self.homes:
            for number in range(4 if organisation == cast.council else 2):
                who = make_user(f"Worker {number} of {organisation.name}", f"w{number}@{organisation.slug}.example.org")
                make_membership(who, organisation)
        for number in range(2):
            silent = User.objects.create(email=None, name=f"Sila {number}", created_at=AT)
            make_membership(silent, draw.choice(self.homes))
        for charity in self.charities:
            charity.who_agrees = draw.choice([WhoAgrees.SELF, WhoAgrees.MANAGER, WhoAgrees.COORDINATOR])
        for organisation in self.homes:
            organisation.most_away_per_week = draw.choice([None, None, 1, 2])
            organisation.most_visits_per_week = draw.choice([None, None, 1, 2])
            organisation.most_visits_per_quarter = draw.choice([None, None, 2, 3])
            organisation.save()

    def _hosts(self) -> None:
        draw = self.draw
        for number, charity in enumerate(self.homes):
            by = charity.coordinators()[0].user
            weekdays = sorted(draw.sample(range(5), draw.randrange(1, 4)))
            checks = draw.choice([[], [CheckKind.CONFIDENTIALITY], [CheckKind.INDUCTION]])
            make_offer(
                charity,
                by,
                title=f"Offer {number}",
                usual_weekdays=weekdays,
                places=draw.choice([1, 1, 2]),
                accepts_ties=draw.random() < 0.5,
                checks=checks,
            )
        dated = make_offer(self.charities[-1], self.cast.host, title="On days that are named", usual_weekdays=[])
        HostOffer.objects.filter(pk=dated.pk).update(dating="dated")
        for ahead in range(30, 54, 3):
            make_session(dated, (AT + timedelta(days=ahead)).date())

    def _programme(self) -> Programme:
        draw = self.draw
        largest = draw.choice([1, 2, 2, 3])
        first = make_round(
            self.cast.cvs,
            opened_at=AT,
            ends_on=AT.date() + timedelta(days=55),
            criteria=draw.choice([["placed", "hosts", "fit"], ["placed", "compulsory", "fit"]]),
            match_on=draw.choice([None, AT.date() + timedelta(days=20)]),
        )
        programme = first.programme
        programme.days = draw.choice([1, 1, 2])
        programme.largest_exchange = largest
        programme.one_way = largest == 1 or draw.random() < 0.7
        programme.answer_days = draw.choice([3, 7, 14])
        programme.by_enrolment = draw.random() < 0.4
        programme.terms = "Come, and let others come."
        programme.checks = draw.choice([[], [CheckKind.CONFIDENTIALITY]])
        programme.save()
        if programme.by_enrolment:
            for organisation in self.homes:
                Enrolment.objects.create(
                    programme=programme,
                    organisation=organisation,
                    state=EnrolmentState.ENROLLED,
                    accepted_at=AT,
                    created_at=AT,
                )
        return programme

    # What is drawn ---------------------------------------------------------------------------------------------------

    def chance(self, of: float) -> bool:
        return self.draw.random() < of

    def row(self, rows: QuerySet[Thing]) -> Thing:
        """Any of these rows."""
        return self.one(list(rows.order_by("pk")))

    def one(self, things: Sequence[Some]) -> Some:
        if not things:
            raise NothingToDo
        return self.draw.choice(things)

    def some(self, rows: Iterable[Some], most: int) -> list[Some]:
        found = list(rows)
        return self.draw.sample(found, min(len(found), self.draw.randrange(most + 1)))

    def a_round(self, *states: RoundState) -> Round:
        """One of those in these states; now and then any other, with which it is refused."""
        rounds = Round.objects.filter(programme=self.programme)
        return self.row(rounds if not states or self.chance(0.05) else rounds.filter(state__in=states))

    def broker(self) -> User:
        """The broker, and now and then somebody who is none."""
        return self.person(self.cast.broker)

    def person(self, right: User | None) -> User:
        """Whose act it is, read afresh; now and then somebody else tries."""
        if right is None or self.chance(0.04):
            return self.row(User.objects.filter(anonymised_at=None))
        return User.objects.get(pk=right.pk)

    def coordinator(self, organisation: Organisation) -> User:
        members = organisation.memberships.active().filter(is_coordinator=True)
        return self.person(self.row(members).user)

    def membership(self) -> Membership:
        """Of somebody who could take part."""
        theirs = Membership.objects.filter(organisation__in=self.homes)
        return self.row(theirs if self.chance(0.05) else theirs.active())

    def weeks(self, a_round: Round, most: int = 3) -> list[date]:
        possible = list(mondays(a_round.starts_on, a_round.ends_on))
        return sorted(self.draw.sample(possible, min(len(possible), self.draw.randrange(1, most + 1))))

    # What happens ----------------------------------------------------------------------------------------------------

    def work(self) -> None:
        """Whatever is due by now is done."""
        plan_schedules()
        for _turn in range(20):
            Job.objects.filter(state="waiting", due_at__lte=self.at).update(due_at=Now())
            if not jobs.run_due():
                return

    def days_pass(self, days: int) -> None:
        for _day in range(days):
            self.at += timedelta(days=1)
            self.work()
            self.look()

    def live(self, acts: int) -> None:
        """Some people join, and then so many acts that somebody was there for; each that was done is looked at."""
        self.join()
        weights = [each.often for each in ACTS]
        while self.done.total() + self.refused.total() < acts:
            [each] = self.draw.choices(ACTS, weights)
            if self.happens(each):
                self.look()
                self.read()

    def join(self) -> None:
        for _number in range(AT_FIRST):
            self.happens(next(each for each in ACTS if each.name == "somebody_joins"))

    def happens(self, each: Act) -> bool:
        """Whether it was done: it may be refused, or there is nothing to do it with. All else is an error of ours."""
        try:
            with transaction.atomic():
                each.do(self)
        except NothingToDo:
            return False
        except Refused as refused:
            self.refused[each.name] += 1
            self.story.append(f"{self.at:%d %b}: {each.name}, refused: {', '.join(sorted(refused.codes))}")
            return False
        self.done[each.name] += 1
        self.story.append(f"{self.at:%d %b}: {each.name}")
        return True
