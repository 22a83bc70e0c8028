"""Calling off a round: asked once more, with why, before everybody who has joined hears it."""

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
from secondments.actions.calling_off import call_off_round
from secondments.forms.brokering import CallOffForm
from secondments.problems import problems_for_calling_off
from secondments.states import UNTOLD_STATES, RoundState
from secondments.views.desk.page import fetch


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_call_off(request: HttpRequest, slug: str) -> HttpResponse:
    """A second press, and a round of which people were told, are answered on the desk."""
    a_round = fetch(request, slug)
    if a_round.state not in UNTOLD_STATES:
        if request.method == "POST":
            messages.error(request, str(Refused(problems_for_calling_off(a_round, ""))))
        return redirect("round-desk", slug=slug)
    told = a_round.state != RoundState.DRAFT
    form = CallOffForm(request.POST if request.method == "POST" else None, told=told)
    if request.method == "POST" and form.is_valid():
        try:
            call_off_round(a_round=a_round, because=form.because_said(), by=me(request.user))
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(
                request,
                _("The round is called off. Everybody concerned gets a mail.")
                if told
                else _("The round is called off. Nobody had seen it."),
            )
            return redirect("round-desk", slug=slug)
    context = {
        "round": a_round,
        "form": form,
        "told": told,
        "people": a_round.participations.joined().count(),
        "asked": a_round.entries.waiting().count(),
    }
    return render(request, "secondments/round_call_off.html", context)
