"""What asking for a visit rests on besides the rows at hand: places taken, days held, and how many come and go.

For one visit each fact is read when it is asked for; for all the visits of a round, all are read at once. The rules
are the same over both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

from django.db.models import Q

from secondments.models import OfferSession, PlacementSession
from secondments.models.days import DAYS_IN_A_WEEK, HalfDay, quarter_of, week_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from partnerships.models import Membership, Organisation, User
    from secondments.models import HostOffer


class Facts(Protocol):
    def sessions(self, offer: HostOffer, half_days: Collection[HalfDay]) -> dict[HalfDay, OfferSession]:
        """The rows of these half-days, as far as there are any."""

    def held(self, visitor: User, half_days: Collection[HalfDay]) -> set[HalfDay]:
        """Which of these the visitor holds already, wherever it is."""

    def visited(self, user: User, half_days: Collection[HalfDay]) -> set[HalfDay]:
        """On which of these somebody comes to what this person shows."""

    def away(self, home: Organisation, but: User, first: date, following: date) -> int:
        """How many other people of an organisation are away from `first` until before `following`."""

    def visits(self, host: Organisation, first: date, following: date) -> int:
        """How many visits an organisation has from `first` until before `following`."""


def visited_at_home(users: Collection[int], first: date, last: date) -> dict[int, set[HalfDay]]:
    """The half-days between two days on which somebody comes to what these people show."""
    found: dict[int, set[HalfDay]] = defaultdict(set)
    rows = PlacementSession.objects.filter(
        holding=True, date__range=(first, last), placement__offer__shown_by__membership__user__in=users
    )
    keys = rows.order_by().values_list("placement__offer__shown_by__membership__user", "date", "half")
    for user, day, half in keys:
        found[user].add(HalfDay(day, half))
    return found


class FactsOfOne:
    """Each fact read from the database when it is asked for."""

    def sessions(self, offer: HostOffer, half_days: Collection[HalfDay]) -> dict[HalfDay, OfferSession]:
        rows = offer.sessions.filter(date__in={each.date for each in half_days})
        return {HalfDay(row.date, row.half): row for row in rows}

    def held(self, visitor: User, half_days: Collection[HalfDay]) -> set[HalfDay]:
        mine = PlacementSession.objects.filter(
            visitor=visitor, holding=True, date__in={each.date for each in half_days}
        )
        return {HalfDay(*each) for each in mine.values_list("date", "half")} & set(half_days)

    def visited(self, user: User, half_days: Collection[HalfDay]) -> set[HalfDay]:
        first, last = min(half_days).date, max(half_days).date
        return visited_at_home([user.pk], first, last)[user.pk] & set(half_days)

    def away(self, home: Organisation, but: User, first: date, following: date) -> int:
        others = PlacementSession.objects.filter(placement__home=home).exclude(visitor=but)
        return self._count(others, "visitor", first, following)

    def visits(self, host: Organisation, first: date, following: date) -> int:
        here = PlacementSession.objects.filter(placement__offer__organisation=host)
        return self._count(here, "placement", first, following)

    def _count(self, rows: QuerySet[PlacementSession], counted: str, first: date, following: date) -> int:
        within = rows.filter(holding=True, date__gte=first, date__lt=following)
        count: int = within.values(counted).distinct().count()
        return count


class FactsOfMany:
    """The facts of many visits between two days, read with three queries, and kept up with what is asked meanwhile.

    Whoever uses it has locked the offers, their half-days and the organisations.
    """

    def __init__(
        self,
        *,
        offers: Collection[HostOffer],
        memberships: Collection[Membership],
        first: date,
        last: date,
    ) -> None:
        self._sessions: dict[int, dict[HalfDay, OfferSession]] = defaultdict(dict)
        self._held: dict[int, set[HalfDay]] = defaultdict(set)
        self._away: dict[int, set[tuple[date, int]]] = defaultdict(set)
        self._visits: dict[int, set[tuple[date, int | UUID]]] = defaultdict(set)
        for row in OfferSession.objects.filter(offer__in=offers, date__range=(first, last)):
            self._sessions[row.offer_id][HalfDay(row.date, row.half)] = row
        users = {each.user_id for each in memberships}
        users |= {offer.shown_by.membership.user_id for offer in offers if offer.shown_by}
        self._visited = visited_at_home(users, first, last)
        # Limits are counted by the week and by the quarter, so by whole ones.
        from_day = min(week_of(first), quarter_of(first)[0])
        until = max(week_of(last) + timedelta(days=DAYS_IN_A_WEEK), quarter_of(last)[1])
        held = PlacementSession.objects.filter(
            Q(visitor__in={each.user_id for each in memberships})
            | Q(placement__home__in={each.organisation_id for each in memberships})
            | Q(placement__offer__organisation__in={offer.organisation_id for offer in offers}),
            holding=True,
            date__gte=from_day,
            date__lt=until,
        ).order_by()
        for placement, visitor, home, host, day, half in held.values_list(
            "placement", "visitor", "placement__home", "placement__offer__organisation", "date", "half"
        ):
            self._hold(placement, visitor, home, host, HalfDay(day, half))

    def add(self, key: UUID, membership: Membership, offer: HostOffer, half_days: Collection[HalfDay]) -> None:
        """A visit that is asked for from now on; it takes a place of each of its half-days."""
        rows = self._sessions[offer.pk]
        for each in half_days:
            if each not in rows:
                rows[each] = OfferSession(offer=offer, date=each.date, half=each.half, places=offer.places)
            rows[each].booked += 1
            self._hold(key, membership.user_id, membership.organisation_id, offer.organisation_id, each)
        if offer.shown_by:
            self._visited[offer.shown_by.membership.user_id].update(half_days)

    def _hold(self, placement: int | UUID, visitor: int, home: int, host: int, half_day: HalfDay) -> None:
        self._held[visitor].add(half_day)
        self._away[home].add((half_day.date, visitor))
        self._visits[host].add((half_day.date, placement))

    def all_sessions(self, offer: HostOffer) -> dict[HalfDay, OfferSession]:
        return self._sessions[offer.pk]

    def sessions(self, offer: HostOffer, half_days: Collection[HalfDay]) -> dict[HalfDay, OfferSession]:
        rows = self._sessions[offer.pk]
        return {each: rows[each] for each in half_days if each in rows}

    def all_held(self, visitor: User) -> set[HalfDay]:
        return self._held[visitor.pk]

    def held(self, visitor: User, half_days: Collection[HalfDay]) -> set[HalfDay]:
        return self._held[visitor.pk] & set(half_days)

    def all_visited(self, user: User) -> set[HalfDay]:
        return self._visited[user.pk]

    def visited(self, user: User, half_days: Collection[HalfDay]) -> set[HalfDay]:
        return self._visited[user.pk] & set(half_days)

    def away(self, home: Organisation, but: User, first: date, following: date) -> int:
        return len({who for day, who in self._away[home.pk] if first <= day < following and who != but.pk})

    def visits(self, host: Organisation, first: date, following: date) -> int:
        return len({visit for day, visit in self._visits[host.pk] if first <= day < following})


READ = FactsOfOne()
