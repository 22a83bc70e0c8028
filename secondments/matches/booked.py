"""What other bookings use of the limits of organisations, so that the engine counts as the asking will."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Q

from secondments.matches.days import DAYS_IN_WEEK, monday_of, mondays, week_number
from secondments.matches.quarters import first_week_of, quarters_between
from secondments.models import PlacementSession
from secondments.models.days import quarter_of, quarter_of_week


class Booked:
    """Of some organisations, with one query: who visits them and who of theirs is away, from one day to another.

    The engine is told of bookings by week, and adds those of a quarter up. Yet a visit that comes back for several
    weeks counts once in a quarter, one in a week between two quarters counts in that of its days, and one after the
    last week of a round counts in the quarter too.
    """

    def __init__(self, organisations: Collection[int], first: date, last: date, *, but: Collection[int] = ()) -> None:
        """`but`: visits that are told of otherwise, by their keys."""
        self._weeks = [week_number(monday) for monday in mondays(first, last)]
        self._quarters = quarters_between(first, last)
        self._visits: dict[int, set[tuple[int, date]]] = defaultdict(set)
        self._away: dict[int, set[tuple[int, date]]] = defaultdict(set)
        if not self._weeks:
            return
        from_day, until = self._span()
        rows = (
            PlacementSession.objects.filter(
                Q(placement__offer__organisation__in=organisations) | Q(placement__home__in=organisations),
                holding=True,
                date__gte=from_day,
                date__lt=until,
            )
            .exclude(placement__in=but)
            .values_list("placement", "placement__offer__organisation", "placement__home", "date")
            .order_by()
            .distinct()
        )
        for placement, host, home, day in rows:
            self._visits[host].add((placement, day))
            self._away[home].add((placement, day))

    def _span(self) -> tuple[date, date]:
        """Whole weeks and whole quarters, from the first day until before the last."""
        until = monday_of(self._weeks[-1]) + timedelta(days=DAYS_IN_WEEK)
        return min(monday_of(self._weeks[0]), self._quarters[0]), max(until, quarter_of(self._quarters[-1])[1])

    def away(self, home: int) -> dict[int, int]:
        """Week → how many are away. Whoever is away on several days of a week counts once."""
        return self._by_week(self._away.get(home, ()))

    def visits(self, host: int, *, a_week: bool, a_quarter: bool) -> dict[int, int]:
        """Week → how many come, as far as the host limits them by the week, or by the quarter.

        What the weeks of a round lack of a quarter is told of another week of it, or where there is none, of its first.
        Where a host limits both, weeks can come to more than the quarter (of a visit that comes back, or whose days are
        in the next one): then there are fewer places for the engine than there are, and never more.
        """
        rows = self._visits.get(host)
        if not rows:
            return {}
        told = Counter(self._by_week(rows) if a_week else {})
        if a_quarter:
            counted: Counter[date] = Counter()
            for week, many in told.items():
                counted[quarter_of_week(monday_of(week))] += many
            for quarter, many in self._by_quarter(rows).items():
                told[self._week_to_tell_of(quarter)] += max(0, many - counted[quarter])
        return {week: many for week, many in told.items() if many}

    def _by_week(self, rows: Iterable[tuple[int, date]]) -> dict[int, int]:
        weeks = Counter(week for _placement, week in {(placement, week_number(day)) for placement, day in rows})
        return {week: weeks[week] for week in self._weeks if week in weeks}

    def _by_quarter(self, rows: Iterable[tuple[int, date]]) -> dict[date, int]:
        found = Counter(quarter for _placement, quarter in {(placement, quarter_of(day)[0]) for placement, day in rows})
        return {quarter: found[quarter] for quarter in self._quarters if quarter in found}

    def _week_to_tell_of(self, quarter: date) -> int:
        weeks = range(first_week_of(quarter), first_week_of(quarter_of(quarter)[1]))
        return next((week for week in weeks if week not in self._weeks), weeks[0])
