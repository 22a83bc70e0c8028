"""First page of asking: which half-days. Several weeks of one weekday can be chosen in one go."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.ground import clock
from partnerships.ground.access import open_to, signed_in
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Problem
from partnerships.models import Membership
from secondments.forms.asking import DaysForm, half_days_in
from secondments.forms.offers import SessionsForm
from secondments.models import HostOffer
from secondments.models.days import count_words
from secondments.problems import no_days, problems_for_asking, problems_of_days
from secondments.states import Dating
from secondments.views.calendar import calendar_of, value_of
from secondments.views.drafts import Draft, asking_page
from secondments.views.offers import usual_days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secondments.models.days import HalfDay


@open_to(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
@asking_page
def ask_days(request: HttpRequest, offer: HostOffer, goers: list[Membership], draft: Draft) -> HttpResponse:
    page = _named_by_the_host if offer.dating == Dating.DATED else _named_by_the_visitor
    return page(request, offer, goers, draft)


def _named_by_the_host(request: HttpRequest, offer: HostOffer, goers: list[Membership], draft: Draft) -> HttpResponse:
    """Tick the days, or let a weekday be ticked for several weeks."""
    at = clock.now()
    repeat = request.POST.get("act") == "repeat"
    repeat_form = SessionsForm(request.POST if repeat else None, auto_id="repeat_%s")
    problems: list[Problem] = []
    if request.method == "POST":
        free = calendar_of(offer, request.user, at).values()
        ticked = DaysForm(request.POST, offered=free)
        chosen = half_days_in(ticked.cleaned_data["days"] if ticked.is_valid() else [])
        if repeat and repeat_form.is_valid():
            wanted, possible = repeat_form.half_days(), half_days_in(free)
            chosen = sorted({*chosen, *(each for each in wanted if each in possible)})
            # Half of a day is worth having; only a day of which nothing can be had is spoken of.
            got = {each.date for each in chosen}
            problems = problems_of_days(offer, [each for each in wanted if each.date not in got], at)
        draft.half_days = chosen
        draft.save(request)
        if not repeat:
            problems = _against(goers, offer, chosen, at)
            if not problems:
                return redirect("ask-about", slug=offer.slug)
    calendar = calendar_of(offer, request.user, at, chosen=draft.half_days)
    context = {
        "offer": offer,
        "calendar": calendar,
        "targets": {"first_day": f"day-{calendar.first_free}"},
        "repeat_form": repeat_form,
        "repeat_open": repeat,
        "problems": problems,
        "chosen_words": count_words(draft.half_days) if draft.half_days else "",
    }
    return render(request, "secondments/ask_days.html", context)


def _named_by_the_visitor(
    request: HttpRequest, offer: HostOffer, goers: list[Membership], draft: Draft
) -> HttpResponse:
    """ "Ask us": a first day, its halves, and for how many weeks; as often as needed."""
    at = clock.now()
    act = request.POST.get("act", "")
    if act.startswith("remove."):
        gone = half_days_in([act.removeprefix("remove.")])
        draft.half_days = [each for each in draft.half_days if each not in gone]
        draft.save(request)
        return redirect("ask-days", slug=offer.slug)
    nothing_typed = not any(request.POST.get(f"first_day-{part}") for part in ("day", "month", "year"))
    goes_on = act != "add" and nothing_typed and bool(draft.half_days)
    problems: list[Problem] = []
    form = SessionsForm(request.POST if request.method == "POST" and not goes_on else None)
    if goes_on and request.method == "POST":
        problems = _against(goers, offer, draft.half_days, at)
        if not problems:
            return redirect("ask-about", slug=offer.slug)
    elif form.is_valid():
        chosen = sorted({*draft.half_days, *form.half_days()})
        add_problems(form, _against(goers, offer, chosen, at))
        if form.is_valid():
            draft.half_days = chosen
            draft.save(request)
            return redirect("ask-days" if act == "add" else "ask-about", slug=offer.slug)
    context = {
        "offer": offer,
        "form": form,
        "usual_days": usual_days(offer),
        "chosen": [(value_of(each), each.words()) for each in draft.half_days],
        "problems": problems,
    }
    return render(request, "secondments/ask_days_open.html", context)


def _against(goers: list[Membership], offer: HostOffer, half_days: Sequence[HalfDay], at: datetime) -> list[Problem]:
    """What stands against these days for everybody who might go; who goes is said on the next page."""
    if not half_days:
        return [no_days()]
    return min((problems_for_asking(goer, offer, half_days, at=at) for goer in goers), key=len)
