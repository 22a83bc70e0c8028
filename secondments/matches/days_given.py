"""Which days each match of a run gets, when its visits are asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from partnerships.models import User
from secondments.matches.days import calendar_of, days_together, week_number
from secondments.models import Match, Round
from secondments.models.days import HalfDay
from secondments.problems.facts import FactsOfMany


class DaysGiven:
    """The days of the visits of a run, and what each takes of the others.

    Those of one offer in one week are chosen together, so that nobody takes the only day of somebody else. `facts` are
    kept up meanwhile by whoever asks for the visits.
    """

    def __init__(self, matches: Sequence[Match], a_round: Round, facts: FactsOfMany, *, at: datetime) -> None:
        first, last = a_round.starts_on, a_round.ends_on
        self._facts, self._days = facts, a_round.programme.days
        self._calendars = {
            key: calendar_of(offer, facts.all_sessions(offer), first=first, last=last, at=at)
            for key, offer in {match.offer_id: match.offer for match in matches}.items()
        }
        self._together: dict[tuple[int, date], list[Match]] = defaultdict(list)
        for match in matches:
            self._together[match.offer_id, match.week].append(match)
        self._chosen: dict[Match, list[HalfDay]] = {}

    def of(self, match: Match) -> list[HalfDay]:
        """The half-days of its week that this match gets; none where there are too few."""
        if match not in self._chosen:
            together = self._together[match.offer_id, match.week]
            elsewhere = [self._elsewhere(each) for each in together]
            calendar = self._calendars[match.offer_id]
            chosen = days_together(calendar, week_number(match.week), self._days, elsewhere)
            self._chosen.update(zip(together, chosen, strict=True))
        return self._chosen[match]

    def give(self, match: Match) -> None:
        """It is asked for on its days: there is a place less on them."""
        self._calendars[match.offer_id].give(self._chosen[match])

    def _elsewhere(self, match: Match) -> set[date]:
        """Of whoever goes; and who shows something has to be there, and not on a visit themselves."""
        return {
            half_day.date
            for user in _who_is_there(match)
            for half_day in (*self._facts.all_held(user), *self._facts.all_visited(user))
        }


def _who_is_there(match: Match) -> list[User]:
    """Whoever goes, and who shows it where that is one person."""
    shower = match.offer.shown_by
    return [match.participation.membership.user, *([shower.membership.user] if shower else [])]
