"""Rounds in which people change places, or go round, matched and waiting for their broker."""

from __future__ import annotations

from typing import Any

from partnerships.ground import jobs
from partnerships.models import User
from partnerships.states import Field, WhoAgrees
from secondments.actions.proposals import change_places_by_hand
from secondments.actions.rounds import ask_for_match
from secondments.models import Adjustment, MatchRun, Participation, Round
from tests.cast import Cast
from tests.factories import AT, make_membership, make_round, make_user
from tests.secondments.rounds import first_week, join, matched


class _Proposed:
    cast: Cast
    a_round: Round

    def again(self) -> MatchRun:
        run = ask_for_match(a_round=self.a_round, by=self.cast.broker, at=AT, seed=7)
        jobs.run_due()
        run.refresh_from_db()
        self.a_round.refresh_from_db()
        return run


class Places(_Proposed):
    """Vera and Cole of the council, and the adviser: one of the two changes places with her, the other has nobody."""

    def __init__(self, cast: Cast, **programme: Any) -> None:
        cast.offer.sessions.all().delete()
        cast.offer.delete()
        cast.advice.who_agrees = WhoAgrees.SELF
        cast.advice.save()
        self.cast = cast
        self.a_round = make_round(cast.cvs)
        for name, value in {"one_way": False, "largest_exchange": 2, **programme}.items():
            setattr(self.a_round.programme, name, value)
        self.a_round.programme.save()
        self.adviser = self.show(cast.adviser, "A morning of calls", ["local_government"])
        council = [self.show(who, "A committee", ["voluntary"]) for who in (cast.visitor, cast.colleague)]
        self.run: MatchRun = matched(cast, self.a_round)
        chosen = self.run.matches.exclude(participation=self.adviser).get().participation
        self.chosen = next(each for each in council if each == chosen)
        self.waiting = next(each for each in council if each != chosen)
        self.week = first_week(self.a_round)

    def show(self, who: Any, shows: str, wants: list[str]) -> Participation:
        return join(self.a_round, who.memberships.get(), shows=shows, welcomes=True, wants=wants)

    def swap(self, **said: Any) -> list[Adjustment]:
        values: dict[str, Any] = {"people": [self.waiting, self.adviser], "weeks": [self.week, self.week]}
        values |= {"reason": "fairer", "by": self.cast.broker, "at": AT}
        return change_places_by_hand(a_round=self.a_round, **(values | said))


ONWARDS = {Field.LOCAL_GOVERNMENT: "voluntary", Field.VOLUNTARY: "health", Field.HEALTH: "local_government"}


class GoingRound(_Proposed):
    """Vera and Cole of the council, an adviser and a nurse, who go round in one direction: one of the two is left."""

    def __init__(self, cast: Cast, **programme: Any) -> None:
        cast.offer.sessions.all().delete()
        cast.offer.delete()
        self.cast = cast
        self.a_round = make_round(cast.cvs)
        crossings = [[str(source), target] for source, target in ONWARDS.items()]
        of_three = {"one_way": False, "largest_exchange": 3, "crossings": crossings}
        for name, value in (of_three | programme).items():
            setattr(self.a_round.programme, name, value)
        self.a_round.programme.save()
        nurse = make_user("Nura Nurse", "nura@elsewhere.example.org")
        make_membership(nurse, cast.elsewhere)
        council = [self.show(who) for who in (cast.visitor, cast.colleague)]
        self.adviser, self.nurse = self.show(cast.adviser), self.show(nurse)
        self.run: MatchRun = matched(cast, self.a_round)
        goes = set(self.run.matches.values_list("participation", flat=True))
        [self.waiting] = [each for each in council if each.pk not in goes]
        [self.chosen] = [each for each in council if each.pk in goes]
        self.week = first_week(self.a_round)

    def show(self, who: User) -> Participation:
        """Whoever shows something agrees to their own going."""
        membership = who.memberships.select_related("organisation").get()
        home = membership.organisation
        home.who_agrees = WhoAgrees.SELF
        home.save()
        wants = [ONWARDS[Field(home.field)]]
        return join(self.a_round, membership, shows=f"A day with {who.name}", welcomes=True, wants=wants)

    def send(self, **said: Any) -> list[Adjustment]:
        values: dict[str, Any] = {"people": [self.waiting, self.adviser, self.nurse], "weeks": [self.week] * 3}
        values |= {"reason": "fairer", "by": self.cast.broker, "at": AT}
        return change_places_by_hand(a_round=self.a_round, **(values | said))
