"""One person at the broker's desk: what suits them, what a change would cost, and the change itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.ground.access import broker, open_to
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Refused
from partnerships.matching.types import Problem
from partnerships.permissions import me
from secondments.actions.proposals import change_by_hand, take_back_change
from secondments.forms.brokering import NoteForm
from secondments.forms.desk import ChangeForm, WeekForm
from secondments.matches import what_happened, why_this_match
from secondments.matches.by_hand import ByHand, hosts_for, problem_beside, room_for, weeks_of_match
from secondments.matches.costs import called, change_words, visit_words
from secondments.matches.keys import offer_pk, person_id
from secondments.matches.trials import change_to
from secondments.models import Adjustment, HostOffer, Match, MatchRun, NotPlaced, Participation, Round
from secondments.models.programmes import LARGEST_EXCHANGE
from secondments.models.runs import MatchQuerySet
from secondments.models.weights import FINER
from secondments.problems import problems_for_changing_anything
from secondments.states import CAME_TO_NOTHING, AdjustmentKind
from secondments.views.desk.notes import noted
from secondments.views.desk.page import fetch, offer_in, person_in
from secondments.views.desk.swaps import partner_rows
from secondments.views.desk.trying import cost_of_change, try_change

MOST_HOSTS = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """How a kind of change is asked for: the question, and the words on the button."""

    question: Promise
    button: Promise


ASKED = {
    AdjustmentKind.KEEP: Asked(gettext_lazy("Keep this match?"), gettext_lazy("Keep this match")),
    AdjustmentKind.MAKE: Asked(gettext_lazy("Set this match by hand?"), gettext_lazy("Set this match")),
    AdjustmentKind.FORBID: Asked(gettext_lazy("Keep these two apart?"), gettext_lazy("Keep these two apart")),
}


@open_to(broker)
@require_safe
def round_person(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """What somebody said, what is proposed to them and why, and what brokers note of them."""
    a_round = fetch(request, slug)
    return person_page(request, a_round, person_in(a_round, uuid), NoteForm())


@open_to(broker)
@require_POST
def round_person_note(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Note something about somebody; what could not be kept stands there again, as it was typed."""
    a_round = fetch(request, slug)
    person, form = person_in(a_round, uuid), NoteForm(request.POST)
    if not noted(request, person, form):
        return person_page(request, a_round, person, form)
    return redirect(f"{reverse('round-person', args=[slug, uuid])}#notes")


def person_page(request: HttpRequest, a_round: Round, person: Participation, note: NoteForm) -> HttpResponse:
    """The page of one person; before there is a proposal without what a run says of them."""
    context: dict[str, Any] = {
        "round": a_round,
        "person": person,
        "notes": person.notes.select_related("written_by"),
        "form": note,
    }
    run = a_round.proposal()
    if run is not None:
        context |= _proposed(a_round, run, person)
    return render(request, "secondments/round_person.html", context)


def _proposed(a_round: Round, run: MatchRun, person: Participation) -> dict[str, Any]:
    by_hand = ByHand.beside(run)
    changes = by_hand.of(person)
    matches = Match.objects.read_in(a_round, run).with_people().select_related("offer__shown_by__membership__user")
    match = matches.filter(participation=person).first()
    visit = match.placement if match else None
    context: dict[str, Any] = {
        "run": run,
        "match": match,
        "called": called(match.offer) if match else "",
        "in_return": [visit_words(other) for other in _together(matches, match)],
        "given_up": visit is not None and visit.state in CAME_TO_NOTHING,
        "changes": [{"change": change, "words": change_words(change)} for change in changes],
        "settled": by_hand.settles(person),
        "may_change": not problems_for_changing_anything(a_round),
        **_why(match, None if match else run.not_placed.filter(participation=person).first()),
    }
    if context["may_change"]:
        exchanging = a_round.programme.largest_exchange > 1
        try:
            problem = problem_beside(run, by_hand, [person_id(person)], exchanging=exchanging)
        except Refused as refused:
            return {**context, "problems": refused.problems}
        context["hosts"] = _hosts(problem, person, match)
        context["partners"] = partner_rows(problem, person, match) if exchanging else []
        context["may_go_round"] = a_round.programme.largest_exchange == LARGEST_EXCHANGE
    return context


def _together(matches: MatchQuerySet, match: Match | None) -> Iterable[Match]:
    """The other visits of the exchange that a match is part of."""
    if match is None or match.exchange is None:
        return []
    return matches.filter(exchange=match.exchange).exclude(pk=match.pk).order_by("id")


def _why(match: Match | None, unplaced: NotPlaced | None) -> dict[str, Any]:
    if match is not None:
        return {"why": why_this_match(match.parts, match.facts)}
    if unplaced is None:
        return {"why": [_("They joined after this proposal was made.")]}
    return {"why_not": what_happened(unplaced.causes, for_broker=True)}


def _hosts(problem: Problem, person: Participation, match: Match | None) -> list[dict[str, Any]]:
    """The hosts that suit, best first, without the one that is proposed already."""
    found = hosts_for(problem, person)
    others = [one for one in found if match is None or offer_pk(one.offer_id) != match.offer_id][:MOST_HOSTS]
    offers = HostOffer.objects.select_related("organisation").in_bulk([offer_pk(one.offer_id) for one in others])
    return [
        {
            "offer": offers[offer_pk(one.offer_id)],
            "why": why_this_match(
                [{"name": part.name, "points": part.points} for part in one.parts], {"weeks": len(one.weeks)}
            ),
            "fit": one.fit // FINER,
            "out_of": sum(part.out_of for part in one.parts) // FINER,
        }
        for one in others
    ]


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_change(request: HttpRequest, slug: str, uuid: UUID, kind: str, offer: str) -> HttpResponse:
    """What a change by hand would cost, and the change, once it is said why."""
    a_round = fetch(request, slug)
    person = person_in(a_round, uuid)
    host = offer_in(a_round, offer)
    if kind not in ASKED:
        raise Http404
    run = a_round.proposal()
    form = ChangeForm(request.POST or None)
    problems = problems_for_changing_anything(a_round)
    if run is None or problems:
        for problem in problems:
            messages.error(request, problem.sentence)
        return redirect("round-desk", slug=slug)
    by_hand = ByHand.beside(run)
    room = _weeks(run, by_hand, kind, person, host)
    week = _week(request.GET.get("week", ""), room)
    if request.method == "POST" and "try" in request.POST:
        return try_change(request, a_round, run, change_to(kind, person, host, week))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            change_by_hand(
                a_round=a_round,
                kind=kind,
                participation=person,
                offer=host,
                week=week,
                by=me(request.user),
                **said,
            )
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("Saved. Match again to see everything around it."))
            return redirect("round-desk", slug=slug)
    context = {
        "round": a_round,
        "person": person,
        "offer": host,
        "called": called(host),
        "asked": ASKED[AdjustmentKind(kind)],
        "kind": kind,
        "week": week,
        "weeks": WeekForm(initial={"week": week.isoformat()}, weeks=room) if week and len(room) > 1 else None,
        "form": form,
        **_cost(run, by_hand, kind, person, host, week),
    }
    return render(request, "secondments/round_change.html", context)


def _weeks(run: MatchRun, by_hand: ByHand, kind: str, person: Participation, host: HostOffer) -> list[date]:
    """The weeks to choose from: that of the match where it is kept, those with room where another is made."""
    if kind == AdjustmentKind.FORBID:
        return []
    try:
        if kind == AdjustmentKind.KEEP:
            return list(weeks_of_match(run, by_hand, person, host))
        return sorted(room_for(problem_beside(run, by_hand, [person_id(person)]), person, host))
    except Refused:
        return []


def _week(typed: str, room: Iterable[date]) -> date | None:
    """The week that was chosen; the first one, where none was."""
    weeks = {week.isoformat(): week for week in room}
    return weeks.get(typed) or next(iter(weeks.values()), None)


def _cost(
    run: MatchRun, by_hand: ByHand, kind: str, person: Participation, host: HostOffer, week: date | None
) -> dict[str, Any]:
    """Nothing where there is nothing to work out: what cannot be done has no cost, and keeping costs nothing."""
    if kind == AdjustmentKind.KEEP or (week is None and kind == AdjustmentKind.MAKE):
        return {"possible": week is not None}
    return cost_of_change(run, change_to(kind, person, host, week), by_hand)


@open_to(broker)
@require_POST
def round_take_back(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """A change by hand holds no more."""
    a_round = fetch(request, slug)
    change = get_object_or_404(Adjustment.objects.standing_in(a_round), uuid=uuid)
    try:
        take_back_change(adjustment=change, by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Taken back."))
    return redirect(f"{reverse('round-desk', args=[slug])}#by-hand")
