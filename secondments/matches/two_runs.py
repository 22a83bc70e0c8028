"""Two runs of a round side by side, from what is stored of both."""

from __future__ import annotations

from collections.abc import Iterable

from partnerships.ground.problems import Refused
from partnerships.matching.compare import Comparison, Visits, changes, compare_visits
from secondments.matches.by_hand import asked_by
from secondments.matches.days import week_number
from secondments.matches.keys import offer_key
from secondments.models import MatchRun, NotPlaced


def visits_in(run: MatchRun) -> Visits:
    """Who goes where, in the ids of a problem."""
    rows = run.matches.values_list("participation__uuid", "offer", "week").order_by()
    return {str(person): (offer_key(offer), week_number(week)) for person, offer, week in rows}


def compared(earlier: MatchRun, later: MatchRun) -> Comparison:
    """Who goes elsewhere; and both counted alike, as the later run counts, where what that was asked is still there.

    Whoever has left since, and a host that has closed, is in the one and not in the other, and so in neither sum.
    """
    before, after = visits_in(earlier), visits_in(later)
    changed = changes(before, after)
    try:
        problem = asked_by(later).problem
    except Refused:
        return Comparison(changed, (), ())
    people, offers = {person.id for person in problem.people}, {slot.id for slot in problem.slots}
    known = {who: visit for who, visit in before.items() if who in people and visit[0] in offers}
    counted = compare_visits(problem, known, after)
    return Comparison(changed, counted.criteria, counted.parts)


def without_a_place(runs: Iterable[MatchRun], people: Iterable[str]) -> set[tuple[int, str]]:
    """Which of these people each run knew and could not place: whoever else has no visit was not in it."""
    rows = NotPlaced.objects.filter(run__in=[run.pk for run in runs], participation__uuid__in=list(people))
    return {(run, str(person)) for run, person in rows.values_list("run", "participation__uuid").order_by()}
