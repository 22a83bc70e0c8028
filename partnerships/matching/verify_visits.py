"""The independent check of one visit: whether it could be at all, and how well it fits, from the problem alone."""

from __future__ import annotations

import math

from .types import Person, Point, Problem, Slot


def impossible(problem: Problem, person: Person, slot: Slot, week: int) -> str:
    """The first reason why this person cannot be there in this week, or an empty string, whoever else goes."""
    if slot.places.get(week, 0) < 1:
        return "not offered that week"
    if week not in person.weeks:
        return "person not available that week"
    if week in person.elsewhere.get(slot.id, ()):
        return "person elsewhere that week"
    return barred(problem, person, slot) or unchecked(problem, person, slot, week)


def barred(problem: Problem, person: Person, slot: Slot) -> str:
    """The first reason why this person cannot be there in any week, or an empty string."""
    rules = problem.rules
    if person.organisation_id == slot.organisation_id:
        return "own organisation"
    if (person.field, slot.field) not in rules.crossings:
        return "crossing"
    remotely = slot.remote and person.remote_ok
    if not remotely and not _can_go(problem, person, slot):
        return "cannot meet in person or remotely"
    if (person.id, slot.id) in rules.forbidden:
        return "forbidden"
    if person.listed_only and slot.id not in person.preferences:
        return "not listed"
    if slot.organisation_id in person.avoids_organisations or not person.avoids_people.isdisjoint(slot.people):
        return "person avoids"
    if person.id in slot.avoids_people or person.organisation_id in slot.avoids_organisations:
        return "host avoids"
    if slot.organisation_id in person.funds and not slot.accepts_funders:
        return "conflict"
    if not person.access_needs.issubset(slot.access):
        return "access"
    if slot.payment_pence > rules.pays_up_to_pence + person.pays_up_to_pence:
        return "payment"
    if person.cover_pence > rules.pays_cover_up_to_pence:
        return "cover"
    return ""


def unchecked(problem: Problem, person: Person, slot: Slot, week: int) -> str:
    """A check that will not have been made by then, or an empty string."""
    for kind, lead in slot.checks.items():
        held = kind in person.checks and person.checks[kind] <= week
        if not held and (lead is None or problem.rules.first_week + lead > week):
            return f"check {kind}"
    return ""


def _can_go(problem: Problem, person: Person, slot: Slot) -> bool:
    """In person, and near enough where both places are known."""
    if not (slot.in_person and person.in_person_ok):
        return False
    if person.point is None or slot.point is None:
        return True
    apart = _apart(person.point, slot.point)
    if person.max_km is not None and apart > (1000 * person.max_km) ** 2:
        return False
    return problem.rules.max_km is None or apart <= (1000 * problem.rules.max_km) ** 2


def _apart(one: Point, other: Point) -> int:
    """Squared metres."""
    return (one.east_m - other.east_m) ** 2 + (one.north_m - other.north_m) ** 2


def fit(problem: Problem, person: Person, slot: Slot, weeks: int, *, small: bool) -> dict[str, int]:
    """The parts of a fit for somebody who shares so many weeks with the host, which is `small` or not."""
    most = problem.weights
    wants = len(person.wants)
    ranks = len(person.preferences)
    going = _can_go(problem, person, slot)
    parts = dict.fromkeys(("learn", "place", "dates", "mode", "size", "preference", "new", "asked"), 0)
    if wants:
        parts["learn"] = most.learn * len(person.wants & slot.tags) // wants
    if going and person.point is not None and slot.point is not None:
        limits = [km for km in (person.max_km, problem.rules.max_km) if km is not None]
        reach = min(limits) if limits else 100
        parts["place"] = (
            most.place * max(0, reach - math.isqrt(_apart(person.point, slot.point)) // 1000) // max(reach, 1)
        )
    parts["dates"] = most.dates * min(weeks, 4) // 4
    parts["mode"] = most.mode if going else 0
    parts["size"] = most.size if small else 0
    if slot.id in person.preferences:
        parts["preference"] = most.preference * (ranks - person.preferences.index(slot.id)) // ranks
    parts["new"] = 0 if slot.organisation_id in person.met else most.new
    parts["asked"] = most.asked if person.id in slot.asked_for else 0
    return parts
