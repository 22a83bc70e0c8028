"""Two people whom a broker lets change places: what it would change, and the change."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.ground.access import broker, open_to
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Refused
from partnerships.permissions import me
from secondments.actions.proposals import change_places_by_hand
from secondments.forms.desk import ChangeForm, WeeksForm
from secondments.matches import why_this_match
from secondments.matches.keys import offer_key
from secondments.matches.swaps import Weeks, pairs_of, partners_of, together, weeks_together
from secondments.models import Match, MatchRun, Participation
from secondments.models.weights import FINER
from secondments.problems import problems_for_changing_anything
from secondments.views.desk.page import fetch, person_in
from secondments.views.desk.trying import cost_of_change, try_change

MOST_PARTNERS = 10


def partner_rows(run: MatchRun, person: Participation, match: Match | None) -> list[dict[str, Any]]:
    """Whom somebody could change places with, and why, the best two together first; not whom they go to anyway."""
    proposed = offer_key(match.offer_id) if match else ""
    found = [one for one in partners_of(run, person, most=MOST_PARTNERS) if one.there.offer_id != proposed]
    people = run.round.participations.select_related("membership__user", "membership__organisation", "shown")
    of_key = {str(each.uuid): each for each in people.filter(uuid__in=[one.person_id for one in found])}
    return [
        {
            "person": of_key[one.person_id],
            "why": [
                why_this_match(
                    [{"name": part.name, "points": part.points} for part in way.parts], {"weeks": len(way.weeks)}
                )
                for way in (one.there, one.back)
            ],
            "fit": (one.there.fit + one.back.fit) // FINER,
            "out_of": sum(part.out_of for way in (one.there, one.back) for part in way.parts) // FINER,
        }
        for one in found
    ]


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_swap(request: HttpRequest, slug: str, uuid: UUID, other: UUID) -> HttpResponse:
    """What it would cost to let these two change places, and the change, once it is said why."""
    a_round = fetch(request, slug)
    both = person_in(a_round, uuid), person_in(a_round, other)
    run = a_round.proposal()
    problems = problems_for_changing_anything(a_round)
    if run is None or problems:
        for problem in problems:
            messages.error(request, problem.sentence)
        return redirect("round-desk", slug=slug)
    room = _room(run, *both)
    week, back = _chosen(request, room, apart=a_round.programme.visits_apart)
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and "try" in request.POST and week and back:
        return try_change(request, a_round, run, together(*both, week, back))
    if request.method == "POST" and form.is_valid():
        try:
            change_places_by_hand(
                a_round=a_round,
                one=both[0],
                other=both[1],
                week=week,
                back=back,
                by=me(request.user),
                **form.cleaned_data,
            )
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("Saved. Match again to see everything around it."))
            return redirect("round-desk", slug=slug)
    chosen = {"week": week.isoformat(), "back": back.isoformat()} if week and back else {}
    context = {
        "round": a_round,
        "person": both[0],
        "other": both[1],
        "week": week,
        "back": back,
        "weeks": WeeksForm(initial=chosen, room=room, both=both) if chosen else None,
        "form": form,
        **(cost_of_change(run, together(*both, week, back)) if week and back else {"possible": False}),
    }
    return render(request, "secondments/round_swap.html", context)


def _room(run: MatchRun, one: Participation, other: Participation) -> Weeks:
    try:
        return weeks_together(run, one, other)
    except Refused:
        return Weeks()


def _chosen(request: HttpRequest, room: Weeks, *, apart: bool) -> tuple[date | None, date | None]:
    """The two weeks that were chosen; the first that go together, where none were."""
    typed = request.GET.get("week", ""), request.GET.get("back", "")
    pairs = {(there.isoformat(), back.isoformat()): (there, back) for there, back in pairs_of(room, apart=apart)}
    return pairs.get(typed) or next(iter(pairs.values()), (None, None))
