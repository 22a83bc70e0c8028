"""How much each part of a fit counts: set before a round opens, and tried on the last one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.ground.access import broker, open_to
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Refused
from partnerships.permissions import me
from secondments.actions.trials import try_out
from secondments.actions.weights import set_weights
from secondments.forms.weights import WeightsForm
from secondments.matches import weight_words
from secondments.matches.trials import weights_as_asked
from secondments.models import MatchRun, Round
from secondments.states import RoundState
from secondments.views.desk.page import fetch


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_weights(request: HttpRequest, slug: str) -> HttpResponse:
    """Points for each part, and two buttons: to keep them, or to see what they would have done to the last round."""
    a_round = fetch(request, slug)
    last = MatchRun.objects.tried_on(a_round.programme)
    form = WeightsForm(request.POST or None, initial=a_round.weights)
    if request.method == "POST" and form.is_valid():
        try:
            return (
                _try(request, a_round, last, form) if last and "try" in request.POST else _set(request, a_round, form)
            )
        except Refused as refused:
            add_problems(form, refused.problems)
    context = {
        "round": a_round,
        "form": form,
        "last": last,
        "may_set": a_round.state == RoundState.DRAFT,
        "weights": weight_words(a_round.weights),
    }
    return render(request, "secondments/round_weights.html", context)


def _set(request: HttpRequest, a_round: Round, form: WeightsForm) -> HttpResponse:
    set_weights(a_round=a_round, weights=form.weights(), by=me(request.user))
    messages.success(request, _("Saved. People read these points before they join."))
    return redirect("round-desk", slug=a_round.slug)


def _try(request: HttpRequest, a_round: Round, last: MatchRun, form: WeightsForm) -> HttpResponse:
    asked = weights_as_asked(form.weights())
    trial = try_out(a_round=a_round, run=last, asked=asked, by=me(request.user))
    return redirect("round-trial", slug=a_round.slug, uuid=trial.uuid)
