"""What was tried on a run: how far the job is, and then what it would have done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.ground.access import broker, open_to
from partnerships.ground.problems import Refused
from partnerships.matching.compare import Comparison
from partnerships.permissions import me
from secondments.actions.trials import try_out
from secondments.matches import part_words
from secondments.matches.trials import found_by
from secondments.models import Trial
from secondments.models.weights import usual_weights
from secondments.states import RoundState
from secondments.views.desk.comparing import changed_rows, criteria_rows, page_of, part_rows, would_change
from secondments.views.desk.trying import progress_of_trial


def _fetch(request: HttpRequest, slug: str, uuid: UUID) -> Trial:
    seen = Trial.objects.visible_to(request.user).defer("run__problem", "run__result")
    return get_object_or_404(seen.select_related("round__programme", "run__round"), uuid=uuid, round__slug=slug)


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_trial(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """What it would have done, as soon as that is known; one press asks once more where it could not be worked out."""
    trial = _fetch(request, slug, uuid)
    if request.method == "POST":
        return _ask_again(request, trial)
    found = found_by(trial)
    context: dict[str, Any] = {
        "round": trial.round,
        "trial": trial,
        "asked": trial.asked.get("weights"),
        "may_set": trial.round.state == RoundState.DRAFT,
        "progress": None if found else progress_of_trial(trial),
    }
    if found is not None:
        context |= _outcome(found, request)
        context["points"] = _points(trial, found) if "weights" in trial.asked else []
    return render(request, "secondments/round_trial.html", context)


def _ask_again(request: HttpRequest, trial: Trial) -> HttpResponse:
    """What a change by hand costs depends on those that hold, and so it may be another question by now."""
    try:
        trial = try_out(a_round=trial.round, run=trial.run, asked=trial.asked, by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("round-trial", slug=trial.round.slug, uuid=trial.uuid)


def _points(trial: Trial, found: Comparison) -> list[dict[str, Any]]:
    """Each part: its points then, those that are tried, and how far it is met with the ones and the others."""
    was, tried = trial.run.round.weights, trial.asked["weights"]
    met = {one.name: one for one in found.parts}
    return [
        {"title": part_words(name), "was": was[name], "tried": tried[name], "met": met.get(name)}
        for name in usual_weights()
        if was[name] or tried[name]
    ]


def _outcome(found: Comparison, request: HttpRequest) -> dict[str, Any]:
    page = page_of(found.changed, request.GET.get("page"))
    return {
        "found": found,
        "figures": would_change(found),
        "criteria": criteria_rows(found.criteria),
        "parts": part_rows(found.parts),
        "page": page,
        "rows": changed_rows(page),
    }


@open_to(broker)
@require_safe
def round_trial_progress(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """A part of a page that asks for itself, until there is something to show."""
    trial = _fetch(request, slug, uuid)
    progress = progress_of_trial(trial)
    if progress is None:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "secondments/_trial_progress.html", {"trial": trial, "progress": progress})
