"""A programme as its broker makes and changes it: its rules, and the dates of its round."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.ground import clock
from partnerships.ground.access import broker, open_to
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Refused
from partnerships.models import Organisation
from partnerships.permissions import me
from secondments.actions.programmes import create_programme, create_round, edit_programme, open_round
from secondments.actions.rounds import change_dates
from secondments.forms.programmes import AgainForm, DatesForm, ProgrammeForm, RulesForm
from secondments.matches import criterion_words
from secondments.models import Round
from secondments.states import RoundState


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_new(request: HttpRequest) -> HttpResponse:
    """A programme and its round, on one page. It is a draft until its broker opens it, or the day that was named."""
    user = me(request.user)
    brokered = list(Organisation.objects.filter(pk__in=user.brokered_ids()))
    form = ProgrammeForm(request.POST or None, organisations=brokered)
    if request.method == "POST" and form.is_valid():
        opens_on = form.cleaned_data["opens_on"]
        at_once = opens_on is not None and opens_on <= clock.today() and not form.shares_out_points
        try:
            # Both or neither: a round that cannot be opened would be left over, where nobody finds it.
            with transaction.atomic():
                made = create_programme(by=user, **form.programme())
                if at_once:
                    open_round(a_round=made, by=user)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            if form.shares_out_points:
                messages.success(request, _("The round is kept. Share out the points, then open it."))
                return redirect("round-weights", slug=made.slug)
            messages.success(request, _sentence_of_keeping(made))
            return redirect("round-desk", slug=made.slug)
    return render(request, "secondments/round_new.html", {"form": form})


def _sentence_of_keeping(a_round: Round) -> str:
    if a_round.state == RoundState.OPEN:
        return _("The round is open. Send people its address to let them join.")
    if a_round.opens_on:
        return _("The round is kept, and opens on its day.")
    return _("The round is kept as a draft. Read it once more: when you open it, its rules are published and stand.")


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_again(request: HttpRequest, slug: str) -> HttpResponse:
    """Another round of the same programme: a name and dates are all that is new."""
    a_round = get_object_or_404(
        Round.objects.brokered_by(me(request.user)).select_related("programme__organisation"), slug=slug
    )
    form = AgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_round(after=a_round, by=me(request.user), **form.cleaned_data)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _sentence_of_keeping(made))
            return redirect("round-desk", slug=made.slug)
    criteria = [criterion_words(name) for name in a_round.criteria]
    return render(request, "secondments/round_again.html", {"round": a_round, "form": form, "criteria": criteria})


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """What the programme says, and its rules as long as nobody has joined by them."""
    a_round = get_object_or_404(
        Round.objects.brokered_by(me(request.user)).select_related("programme__organisation"), slug=slug
    )
    form = RulesForm(request.POST or None, initial=RulesForm.said_of(a_round))
    if request.method == "POST" and form.is_valid():
        try:
            edit_programme(a_round=a_round, by=me(request.user), **form.rules())
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("Saved."))
            return redirect("round-desk", slug=slug)
    context = {"round": a_round, "form": form, "stands": a_round.programme.is_published}
    return render(request, "secondments/round_edit.html", context)


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_dates(request: HttpRequest, slug: str) -> HttpResponse:
    """When the round opens, closes and is matched by itself."""
    a_round = get_object_or_404(Round.objects.brokered_by(me(request.user)).select_related("programme"), slug=slug)
    dates = {name: getattr(a_round, name) for name in DatesForm.base_fields}
    form = DatesForm(request.POST or None, initial=dates)
    if request.method == "POST" and form.is_valid():
        try:
            change_dates(a_round=a_round, by=me(request.user), **form.cleaned_data)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("The dates are changed. Whoever has joined finds them on the round’s page."))
            return redirect("round-desk", slug=slug)
    return render(request, "secondments/round_dates.html", {"round": a_round, "form": form})
