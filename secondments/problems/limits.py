"""What either organisation can bear in a week, and in a quarter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem
from secondments.models.days import HalfDay, quarter_of, week_of
from secondments.problems.facts import READ, Facts

if TYPE_CHECKING:
    from partnerships.models import Membership
    from secondments.models import HostOffer


def problems_of_limits(
    membership: Membership, offer: HostOffer, half_days: Sequence[HalfDay], facts: Facts = READ
) -> list[Problem]:
    """What either organisation can bear: people away in a week, visits in a week and in a quarter."""
    problems = []
    home, host = membership.organisation, offer.organisation
    weeks = [(week, week + timedelta(weeks=1)) for week in sorted({week_of(each.date) for each in half_days})]
    quarters = sorted({quarter_of(each.date) for each in half_days})
    most_away, most_a_week = home.most_away_per_week, host.most_visits_per_week
    most_a_quarter = host.most_visits_per_quarter
    if most_away is not None and any(facts.away(home, membership.user, *week) >= most_away for week in weeks):
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
    busy_week = most_a_week is not None and any(facts.visits(host, *week) >= most_a_week for week in weeks)
    busy_quarter = most_a_quarter is not None and any(
        facts.visits(host, *quarter) >= most_a_quarter for quarter in quarters
    )
    if busy_week or busy_quarter:
        sentence = (
            _("%(host)s takes no more visits in that quarter of the year. Choose a later one.")
            if busy_quarter
            else _("%(host)s takes no more visits in that week. Choose another week.")
        )
        problems.append(Problem("host_limit", sentence % {"host": host.name}, "first_day"))
    return problems
