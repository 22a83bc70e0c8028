"""What can be made of what came free in a published round, for a broker to read and to offer by one press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.ground.access import broker, open_to
from partnerships.ground.paging import Pages
from partnerships.ground.problems import Refused
from partnerships.matching.compare import Difference
from partnerships.permissions import me
from secondments.actions.publishing import Published
from secondments.actions.repairs import begin_repair, leave_what_came_free, offer_repair, put_repair_aside
from secondments.models import MatchRun
from secondments.problems import problems_for_offering
from secondments.views.desk.comparing import criteria_rows
from secondments.views.desk.page import fetch
from secondments.views.desk.proposal import rows_of, unplaced_row

PAGE_SIZE = 50
MOST_GIVEN_UP = 20
NOTHING = gettext_lazy("Nothing is offered. Nobody was told.")


def _fetch(request: HttpRequest, slug: str, uuid: UUID) -> MatchRun:
    a_round = fetch(request, slug)
    run = get_object_or_404(a_round.runs.repairs().answered(), uuid=uuid)
    run.round = a_round
    return run


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_repair(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Who could go where after all, and why; one press asks them as publishing does."""
    run = _fetch(request, slug, uuid)
    if request.method == "POST":
        return _act(request, run, offer_repair, _("Everyone concerned is asked. Their letters follow within moments."))
    matches = run.matches.with_people().with_who_answers()
    shown = Pages(matches, PAGE_SIZE).get_page(request.GET.get("page"))
    unplaced = Pages(run.not_placed.with_people(), PAGE_SIZE).get_page(request.GET.get("without"))
    given_up = run.repaired.with_people().select_related("offer__shown_by__membership__user")
    found = given_up.count()
    context: dict[str, Any] = {
        "round": run.round,
        "run": run,
        "matches": shown,
        "rows": rows_of(run, list(shown)),
        "unplaced": unplaced,
        "unplaced_rows": [unplaced_row(each) for each in unplaced],
        "given_up": given_up[:MOST_GIVEN_UP],
        "more": max(0, found - MOST_GIVEN_UP),
        "criteria": _side_by_side(run),
        "against": problems_for_offering(run),
    }
    return render(request, "secondments/round_repair.html", context)


def _side_by_side(run: MatchRun) -> list[tuple[str, str, str, bool]]:
    """Each criterion as it stands and as it would be, and whether that is proven."""
    both = [Difference(one["name"], one["before"], one["value"]) for one in run.criteria]
    proven = [one["proven"] for one in run.criteria]
    return [(*row, best) for row, best in zip(criteria_rows(both), proven, strict=True)]


@open_to(broker)
@require_POST
def round_repair_aside(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Offer nothing of it."""
    return _act(request, _fetch(request, slug, uuid), put_repair_aside, str(NOTHING))


@open_to(broker)
@require_POST
def round_came_free(request: HttpRequest, slug: str) -> HttpResponse:
    """After it failed, or was stopped: have what came free worked out once more, or offer nothing of it."""
    a_round = fetch(request, slug)
    again = request.POST.get("act") != "leave"
    try:
        (begin_repair if again else leave_what_came_free)(a_round=a_round, by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        told = _("It is being worked out. This page shows how far it is.") if again else NOTHING
        messages.success(request, str(told))
    return redirect("round-desk", slug=slug)


def _act(request: HttpRequest, run: MatchRun, verb: Callable[..., Published | None], said: str) -> HttpResponse:
    try:
        done = verb(run=run, by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if done is not None and done.fell_through:
            said = _("Some of it could no longer be asked for. Everyone else concerned is asked.")
        messages.success(request, said)
    return redirect("round-desk", slug=run.round.slug)
