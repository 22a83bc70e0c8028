"""The visits that people have besides those of a round: where they were, and on which days nothing else can be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from secondments.models import Placement
from secondments.problems.facts import visited_at_home


class Visits:
    """Of some people, with as many queries however many they are: by their key the hosts whom they have `met`, and the
    days between two on which they are `elsewhere`, or at home because somebody visits them."""

    def __init__(self, users: Collection[int], first: date, last: date) -> None:
        self.met: dict[int, set[int]] = defaultdict(set)
        self.elsewhere: dict[int, set[date]] = defaultdict(set)
        for user, host, day, had, held in Placement.objects.days_had_or_held(users, first, last):
            if had:
                self.met[user].add(host)
            if held:
                self.elsewhere[user].add(day)
        for user, half_days in visited_at_home(users, first, last).items():
            self.elsewhere[user].update(each.date for each in half_days)
