"""What either organisation can bear in a week, and in a quarter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem
from secondments.models import PlacementSession
from secondments.models.days import HalfDay, quarter_of, week_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from partnerships.models import Membership
    from secondments.models import HostOffer


def problems_of_limits(membership: Membership, offer: HostOffer, half_days: Sequence[HalfDay]) -> list[Problem]:
    """What either organisation can bear: people away in a week, visits in a week and in a quarter."""
    problems = []
    home, host = membership.organisation, offer.organisation
    held = PlacementSession.objects.filter(holding=True)
    weeks = sorted({week_of(each.date) for each in half_days})
    quarters = sorted({quarter_of(each.date) for each in half_days})
    away = held.filter(placement__home=home).exclude(visitor=membership.user)
    here = held.filter(placement__offer__organisation=host)
    if any(_at_limit(away, "visitor", home.most_away_per_week, week, week + timedelta(weeks=1)) for week in weeks):
        problems.append(
            Problem(
                "home_limit",
                _(
                    "As many of your colleagues as your organisation can spare are away in that week. "
                    "Choose another week."
                ),
                "first_day",
            )
        )
    busy_week = any(
        _at_limit(here, "placement", host.most_visits_per_week, week, week + timedelta(weeks=1)) for week in weeks
    )
    busy_quarter = any(_at_limit(here, "placement", host.most_visits_per_quarter, *quarter) for quarter in quarters)
    if busy_week or busy_quarter:
        sentence = (
            _("%(host)s takes no more visits in that quarter of the year. Choose a later one.")
            if busy_quarter
            else _("%(host)s takes no more visits in that week. Choose another week.")
        )
        problems.append(Problem("host_limit", sentence % {"host": host.name}, "first_day"))
    return problems


def _at_limit(held: QuerySet[PlacementSession], counted: str, most: int | None, first: date, following: date) -> bool:
    if most is None:
        return False
    counted_so_far: int = held.filter(date__gte=first, date__lt=following).values(counted).distinct().count()
    return counted_so_far >= most
