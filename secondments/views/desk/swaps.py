"""People whom a broker lets change places, or go round: what it would change, and the change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.ground.access import broker, open_to
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Refused
from partnerships.matching.suggesting import Suggestion
from partnerships.matching.types import Problem
from partnerships.permissions import me
from secondments.actions.proposals import change_places_by_hand
from secondments.forms.desk import ChangeForm, RoundForm, WeeksForm, weeks_of
from secondments.matches import why_this_match
from secondments.matches.by_hand import ByHand
from secondments.matches.keys import offer_key
from secondments.matches.swaps import (
    choices_of,
    following,
    partners_of,
    together,
    weeks_round,
    who_could_go_round,
)
from secondments.models import Match, MatchRun, Participation, Round
from secondments.models.programmes import LARGEST_EXCHANGE
from secondments.models.weights import FINER
from secondments.problems import problems_for_changing_anything
from secondments.views.desk.page import fetch, people_in, person_in
from secondments.views.desk.trying import cost_of_change, try_change

MOST_PARTNERS = 10
MOST_ROUND = 6


def partner_rows(problem: Problem, person: Participation, match: Match | None) -> list[dict[str, Any]]:
    """Whom somebody could change places with, and why, the best two together first; not whom they go to anyway."""
    proposed = offer_key(match.offer_id) if match else ""
    found = partners_of(problem, person, most=MOST_PARTNERS)
    others = [one for one in found if one.there.offer_id != proposed]
    of_key = _named(person.round, [one.person_id for one in others])
    return [{"person": of_key[one.person_id], **_why((one.there, one.back))} for one in others]


def _named(a_round: Round, keys: Iterable[str]) -> dict[str, Participation]:
    people = a_round.participations.select_related("membership__user", "membership__organisation", "shown")
    return {str(each.uuid): each for each in people.filter(uuid__in=list(keys))}


def _why(ways: Sequence[Suggestion]) -> dict[str, Any]:
    """Why each of some visits, and how well they fit together."""
    return {
        "why": [
            why_this_match(
                [{"name": part.name, "points": part.points} for part in way.parts],
                {"weeks": len(way.weeks)},
                in_a_list=True,
            )
            for way in ways
        ],
        "fit": sum(way.fit for way in ways) // FINER,
        "out_of": sum(part.out_of for way in ways for part in way.parts) // FINER,
    }


@open_to(broker)
@require_safe
def round_around(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Whom somebody could go round with, the best three together first, and any others to choose."""
    a_round = fetch(request, slug)
    person = person_in(a_round, uuid)
    run = a_round.proposal()
    if run is None or _refused(request, a_round):
        return redirect("round-desk", slug=slug)
    if a_round.programme.largest_exchange < LARGEST_EXCHANGE:
        return redirect("round-person", slug=slug, uuid=uuid)
    asked = {name: request.GET.get(name, "") for name in ("to", "back")}
    try:
        found = who_could_go_round(run, person, **asked, most=MOST_ROUND)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("round-person", slug=slug, uuid=uuid)
    of_key = _named(a_round, {*found.to, *found.back})
    form = RoundForm(
        initial=asked,
        person=person.membership.user.name,
        to=_choices(of_key, found.to),
        back=_choices(of_key, found.back),
    )
    rows = [
        {"one": of_key[one], "other": of_key[other], **_why(ring.ways)}
        for ring in found.best
        for one, other in [ring.people[1:]]
    ]
    context = {"round": a_round, "person": person, "form": form, "rows": rows, "chosen": any(asked.values())}
    return render(request, "secondments/round_around.html", context)


def _choices(of_key: dict[str, Participation], keys: Iterable[str]) -> list[tuple[str, str]]:
    who = _("%(person)s, %(organisation)s")
    named = [(key, of_key[key].membership) for key in keys]
    words = [(key, who % {"person": one.user.name, "organisation": one.organisation.name}) for key, one in named]
    return sorted(words, key=lambda choice: choice[1])


def _refused(request: HttpRequest, a_round: Round) -> bool:
    """Whether nothing can be changed by hand now. Then the desk says so."""
    problems = problems_for_changing_anything(a_round)
    for problem in problems:
        messages.error(request, problem.sentence)
    return bool(problems)


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_swap(request: HttpRequest, slug: str, uuid: UUID, other: UUID, third: UUID | None = None) -> HttpResponse:
    """What it would cost to let these two change places, or these three go round; and that, once it is said why."""
    a_round = fetch(request, slug)
    people = people_in(a_round, uuid, other, *([third] if third else []))
    run = a_round.proposal()
    if run is None or _refused(request, a_round):
        return redirect("round-desk", slug=slug)
    by_hand = ByHand.beside(run)
    room = _room(run, by_hand, people)
    weeks = _chosen(request, people, room)
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and "try" in request.POST and weeks:
        return try_change(request, a_round, run, together(people, weeks))
    if request.method == "POST" and form.is_valid():
        try:
            change_places_by_hand(
                a_round=a_round,
                people=people,
                weeks=weeks or (None,) * len(people),
                by=me(request.user),
                **form.cleaned_data,
            )
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("Saved. Match again to see everything around it."))
            return redirect("round-desk", slug=slug)
    chosen = dict(zip(weeks_of(people), (week.isoformat() for week in weeks), strict=True)) if weeks else {}
    context = {
        "round": a_round,
        "person": people[0],
        "people": people,
        "visits": list(zip(people, following(people), weeks, strict=True)) if weeks else [],
        "weeks": WeeksForm(initial=chosen, people=people, room=room) if weeks else None,
        "form": form,
        **(cost_of_change(run, together(people, weeks), by_hand) if weeks else {"possible": False}),
    }
    return render(request, "secondments/round_swap.html", context)


def _room(run: MatchRun, by_hand: ByHand, people: Sequence[Participation]) -> Sequence[Collection[date]]:
    try:
        return weeks_round(run, by_hand, people)
    except Refused:
        return ()


def _chosen(request: HttpRequest, people: Sequence[Participation], room: Sequence[Collection[date]]) -> Sequence[date]:
    """The weeks that were chosen; the first that go together, where none were. None where none go together."""
    typed = [request.GET.get(name, "") for name in weeks_of(people)]
    wanted = [[week for week in weeks if week.isoformat() == text] for weeks, text in zip(room, typed, strict=False)]
    apart = people[0].round.programme.visits_apart
    return next(choices_of(wanted, apart=apart), None) or next(choices_of(room, apart=apart), ())
