"""Two runs of a round side by side: what was reached, who goes elsewhere, and what was changed by hand in between."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.ground.access import broker, open_to
from partnerships.ground.paging import Pages
from partnerships.matching.compare import Changed
from secondments.matches import criterion_words, weight_words
from secondments.matches.costs import change_words
from secondments.matches.two_runs import compared, without_a_place
from secondments.models import Adjustment, MatchRun
from secondments.states import AdjustmentState
from secondments.views.desk.comparing import changed_rows, criteria_rows, has_changed, page_of, part_rows
from secondments.views.desk.page import fetch

MOST_RUNS = 20
PAGE_SIZE = 50


@open_to(broker)
@require_safe
def round_compare(request: HttpRequest, slug: str, one: int, other: int) -> HttpResponse:
    """The earlier of two runs beside the later one, whichever was named first."""
    a_round = fetch(request, slug)
    runs = list(a_round.runs.compared().select_related("asked_by")[:MOST_RUNS])
    both = [run for run in reversed(runs) if run.number in (one, other)]
    if len(both) < 2:
        raise Http404
    earlier, later = both
    later.round = a_round
    found = compared(earlier, later)
    page = page_of(found.changed, request.GET.get("page"))
    changes = Pages(Adjustment.objects.between(earlier, later).with_people(), PAGE_SIZE)
    context: dict[str, Any] = {
        "round": a_round,
        "earlier": earlier,
        "later": later,
        "facts": [_facts(run) for run in both],
        "weights": weight_words(a_round.weights),
        "found": found,
        "figures": has_changed(found),
        "criteria": criteria_rows(found.criteria),
        "parts": part_rows(found.parts),
        "page": page,
        "rows": _rows(list(page), earlier, later),
        "changes": (in_between := changes.get_page(request.GET.get("changes"))),
        "change_rows": [_change(change) for change in in_between],
        "others": [run for run in runs if run.pk not in (earlier.pk, later.pk)],
    }
    return render(request, "secondments/round_compare.html", context)


def _facts(run: MatchRun) -> dict[str, Any]:
    """How a run came about, and by which criteria."""
    return {"run": run, "criteria": [criterion_words(one["name"])[0] for one in run.criteria]}


def _rows(changed: list[Changed], earlier: MatchRun, later: MatchRun) -> list[dict[str, Any]]:
    """The people of a page; who is nowhere in a run because they were not in it is told apart from who had no place."""
    known = without_a_place((earlier, later), (one.person_id for one in changed))
    return [
        row
        | {
            "not_before": row["before"] is None and (earlier.pk, one.person_id) not in known,
            "not_after": row["after"] is None and (later.pk, one.person_id) not in known,
        }
        for one, row in zip(changed, changed_rows(changed), strict=True)
    ]


def _change(change: Adjustment) -> dict[str, Any]:
    return {
        "words": change_words(change),
        "reason": change.get_reason_display(),
        "taken_back": change.state == AdjustmentState.TAKEN_BACK,
    }
