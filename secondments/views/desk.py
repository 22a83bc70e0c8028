"""The broker's desk of a round: who joined, the engine at work, who meets whom and why, and telling everyone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.ground.access import broker, open_to
from partnerships.ground.look import Figure, Flow, SectorName
from partnerships.ground.problems import Refused
from partnerships.permissions import me
from secondments.actions.publishing import publish_round
from secondments.actions.rounds import ask_for_match, close_round, put_proposal_aside, reopen_round
from secondments.matches import criterion_words, what_happened, why_this_match
from secondments.models import Match, MatchRun, NotPlaced, Round
from secondments.problems import problems_for_matching
from secondments.states import RoundState, RunState
from secondments.views.progress import could_not_tell, progress_of

PAGE_SIZE = 50
PICTURE_FROM = 30
"""A picture of who goes where says more than the rows from so many people on."""

SHORT_SECTORS: dict[SectorName, Promise] = {
    "public": gettext_lazy("Public"),
    "vcse": gettext_lazy("Voluntary"),
    "private": gettext_lazy("Private"),
    "people": gettext_lazy("People and families"),
}


def _fetch(request: HttpRequest, slug: str) -> Round:
    mine = Round.objects.brokered_by(me(request.user))
    return get_object_or_404(mine.select_related("programme__organisation"), slug=slug)


@open_to(broker)
@require_safe
def round_desk(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the round stands, and the one thing to do next."""
    a_round = _fetch(request, slug)
    context: dict[str, Any] = {"round": a_round, "people": a_round.participations.joined().count()}
    context["progress"] = progress_of(a_round)
    if a_round.state in (RoundState.PROPOSED, RoundState.PUBLISHED):
        context |= _proposal(request, a_round)
    else:
        joined = a_round.participations.joined().select_related("membership__user", "membership__organisation")
        context |= {
            "joined": Paginator(joined.order_by("id"), PAGE_SIZE).get_page(request.GET.get("page")),
            "problems": problems_for_matching(a_round) if a_round.state == RoundState.CLOSED else [],
            "failed": a_round.runs.filter(state=RunState.FAILED).exists(),
        }
    return render(request, "secondments/round_desk.html", context)


@open_to(broker)
@require_safe
def round_progress(request: HttpRequest, slug: str) -> HttpResponse:
    """How far a job is: a part of the desk that asks for itself, until there is more to show."""
    a_round = _fetch(request, slug)
    progress = progress_of(a_round)
    if progress is None:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "secondments/_round_progress.html", {"round": a_round, "progress": progress})


def _proposal(request: HttpRequest, a_round: Round) -> dict[str, Any]:
    run = a_round.latest_run()
    matches = Paginator(run.matches.with_people(), PAGE_SIZE).get_page(request.GET.get("page"))
    unplaced = Paginator(
        run.not_placed.select_related("participation__membership__user", "participation__membership__organisation"),
        PAGE_SIZE,
    ).get_page(request.GET.get("without"))
    placed, without = matches.paginator.count, unplaced.paginator.count
    return {
        "placed": placed,
        "everybody": placed + without,
        "proven": all(one["proven"] for one in run.criteria),
        "criteria": [(*criterion_words(one["name"]), one["value"], one["proven"]) for one in run.criteria],
        "fell_through": run.matches.filter(placement=None).count() if a_round.state == RoundState.PUBLISHED else 0,
        "could_not_tell": could_not_tell(a_round, run),
        "matches": matches,
        "rows": [_row(match) for match in matches],
        "unplaced": unplaced,
        "unplaced_rows": [_unplaced_row(each) for each in unplaced],
        "figures": _figures(run, placed, without),
        "flows": _flows(run) if placed >= PICTURE_FROM else [],
    }


def _row(match: Match) -> dict[str, Any]:
    return {"match": match, "why": why_this_match(match.parts, match.facts)}


def _unplaced_row(each: NotPlaced) -> dict[str, Any]:
    why, helps = what_happened(each.causes, for_broker=True)
    return {"each": each, "why": why, "helps": helps}


def _figures(run: MatchRun, placed: int, without: int) -> list[Figure]:
    reached = run.matches.aggregate(
        hosts=Count("offer__organisation", distinct=True),
        compulsory=Count("id", filter=Q(participation__compulsory=True)),
    )
    hosts, compulsory = reached["hosts"], reached["compulsory"]
    return [
        Figure(placed, _("placed, %(waiting)s waiting") % {"waiting": without}),
        Figure(hosts, ngettext("host has a visitor", "hosts have a visitor", hosts)),
        Figure(compulsory, ngettext("of them has to go", "of them have to go", compulsory)),
    ]


def _flows(run: MatchRun) -> list[Flow]:
    pairs = Counter(
        run.matches.values_list("participation__membership__organisation__sector", "offer__organisation__sector")
    )
    flows = []
    for (source, target), count in sorted(pairs.items(), key=lambda pair: -pair[1]):
        left, right = cast(SectorName, source), cast(SectorName, target)
        flows.append(Flow(SHORT_SECTORS[left], SHORT_SECTORS[right], count, left, right))
    return flows


def _act(request: HttpRequest, slug: str, verb: Callable[..., object], said: str) -> HttpResponse:
    a_round = _fetch(request, slug)
    try:
        verb(a_round=a_round, by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("round-desk", slug=slug)


@open_to(broker)
@require_POST
def round_close(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, close_round, _("The round is closed for joining."))


@open_to(broker)
@require_POST
def round_reopen(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, reopen_round, _("People can join again."))


@open_to(broker)
@require_POST
def round_match(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, ask_for_match, _("The matching has begun. This page shows how far it is."))


@open_to(broker)
@require_POST
def round_put_aside(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, put_proposal_aside, _("The proposal is put aside. Nobody was told."))


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once more before everybody hears: a mail cannot be taken back."""
    a_round = _fetch(request, slug)
    if request.method != "POST" and a_round.state == RoundState.PROPOSED:
        run = a_round.latest_run()
        context = {"round": a_round, "placed": run.matches.count(), "without": run.not_placed.count()}
        return render(request, "secondments/round_publish.html", context)
    if request.method != "POST":
        return redirect("round-desk", slug=slug)
    return _act(request, slug, publish_round, _("Everyone is being told. This page shows how far it is."))
