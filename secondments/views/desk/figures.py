"""The figures of a proposal in full, for the broker who decides whether to tell everyone."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.ground import clock
from partnerships.ground.access import broker, open_to
from secondments.matches.results import beside, results_of
from secondments.matches.since import became
from secondments.states import TOLD_STATES, RoundState
from secondments.views.desk.page import fetch
from secondments.views.figures import shown


@open_to(broker)
@require_safe
def round_figures(request: HttpRequest, slug: str) -> HttpResponse:
    """Nothing is left out here; beside it stands what everybody will read, or can read already."""
    a_round = fetch(request, slug)
    if a_round.state not in (RoundState.PROPOSED, RoundState.PUBLISHING, *TOLD_STATES):
        raise Http404
    run = a_round.latest_run()
    gone = run.matches.not_asked_for().count() if a_round.state in TOLD_STATES else 0
    results = results_of(run, published=a_round.criteria, least=1, **beside(run, fell_through=gone))
    if results is None:
        raise Http404
    counted = became(a_round) if a_round.state in TOLD_STATES else None
    results["since"] = counted.told(clock.today(), least=1) if counted else None
    context = {"round": a_round, "run": run, **shown(results)}
    return render(request, "secondments/round_figures.html", context)
