"""What the people of a visit can do on its page: withdraw, call it off, say that something is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.ground import clock
from partnerships.ground.access import open_to, signed_in
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Problem, Refused
from partnerships.models import User
from secondments import actions
from secondments.forms.placements import ApproverForm
from secondments.models import Decision, HostOffer, Placement
from secondments.permissions import is_of_home, is_of_visitor, may_call_due, may_cancel, may_check, may_withdraw
from secondments.states import CheckKind, DecisionKind, HowBegan, SwapState
from secondments.views.offers import cards_of
from secondments.views.placements import placement_page, seen

MOST_OFFERS = 20


@dataclass(frozen=True, slots=True)
class Ending:
    """A way for a visit to end: who may, by which verb, what is asked before it and said after it.

    `in_a_round` is said as well where a round had found the visit.
    """

    may: Callable[[User, Placement], bool]
    verb: Callable[..., None]
    question: Promise
    text: Promise
    button: Promise
    done: Promise
    in_a_round: str | Promise = ""


WITHDRAW = Ending(
    may_withdraw,
    actions.withdraw,
    question=gettext_lazy("Withdraw from this visit?"),
    text=gettext_lazy("No reason is asked. Everyone who was asked is told, and the days are free for others."),
    button=gettext_lazy("Withdraw"),
    done=gettext_lazy("You have withdrawn. Everyone who was asked is told."),
    in_a_round=gettext_lazy("You leave the round with it, so that nobody looks for another place for you."),
)
CANCEL = Ending(
    may_cancel,
    actions.cancel,
    question=gettext_lazy("Call this visit off?"),
    text=gettext_lazy("No reason is asked. Everyone is told, and the visitor hears what is still open."),
    button=gettext_lazy("Call it off"),
    done=gettext_lazy("It is called off. Everyone is told."),
)
DID_NOT_HAPPEN = Ending(
    is_of_visitor,
    actions.did_not_happen,
    question=gettext_lazy("It did not happen?"),
    text=gettext_lazy("Nobody is blamed and nobody is counted. The host is told."),
    button=gettext_lazy("It did not happen"),
    done=gettext_lazy("Recorded: it did not happen."),
)


@open_to(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def placement_withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The visitor does not go after all; no reason is asked."""
    return _end(request, uuid, WITHDRAW)


@open_to(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def placement_cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The host, or the visitor's organisation, calls it off."""
    return _end(request, uuid, CANCEL)


@open_to(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def placement_not_happened(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The visitor says that it did not happen; the host says so on its own page."""
    return _end(request, uuid, DID_NOT_HAPPEN)


def _end(request: HttpRequest, uuid: UUID, ending: Ending) -> HttpResponse:
    thing, user = seen(request, uuid)
    if not ending.may(user, thing):
        raise Http404
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            ending.verb(placement=thing, by=user)
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, str(ending.done))
            return redirect(thing)
    in_a_round = ending.in_a_round if thing.how_began == HowBegan.MATCHED else ""
    context = {"placement": thing, "ending": ending, "in_a_round": in_a_round, "problems": problems}
    return render(request, "secondments/placement_end.html", context)


@open_to(signed_in)
@require_POST
def placement_check(request: HttpRequest, uuid: UUID, kind: str) -> HttpResponse:
    """Something needed first is done."""
    thing, user = seen(request, uuid)
    if kind not in CheckKind.values or not may_check(user, thing, kind):
        raise Http404
    try:
        actions.check(placement=thing, kind=kind, by=user)
    except Refused as refused:
        return placement_page(request, thing, user, refused.problems)
    messages.success(request, _("Recorded."))
    return redirect(thing)


@open_to(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def placement_approver(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The address was wrong, or somebody else agrees now."""
    thing, user = seen(request, uuid)
    decision = get_object_or_404(Decision.objects.waiting(), placement=thing, kind=DecisionKind.HOME_APPROVER)
    if not (is_of_visitor(user, thing) or is_of_home(user, thing)):
        raise Http404
    form = ApproverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decision.placement = thing
        try:
            actions.ask_someone_else(decision=decision, agrees_email=form.cleaned_data["agrees_email"], by=user)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("They have a mail with the question now."))
            return redirect(thing)
    return render(request, "secondments/placement_approver.html", {"placement": thing, "form": form})


@open_to(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def swap_call(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Somebody of the host would like to come now: said by a press, and then where they can ask for days."""
    thing, user = seen(request, uuid)
    swap = thing.swap
    if swap is None or not may_call_due(user, swap):
        raise Http404
    if request.method == "POST":
        try:
            actions.call_due(swap=swap, by=user)
        except Refused as refused:
            return placement_page(request, thing, user, refused.problems)
        messages.success(request, _("They are told that somebody of you would like to come."))
        return redirect("swap-call", uuid=thing.uuid)
    first = swap.first_visit()
    if first is None or swap.state != SwapState.DUE or swap.other_visit(first) is not None:
        return redirect(thing)
    offers = HostOffer.objects.open().filter(organisation=first.home).with_free_days(clock.today())
    listed = list(offers.select_related("organisation__place")[:MOST_OFFERS])
    query = urlencode({"returning": str(swap.uuid)})
    cards = [
        {**card, "url": f"{reverse('ask-days', args=[each.slug])}?{query}"}
        for each, card in zip(listed, cards_of(listed), strict=True)
    ]
    context = {"placement": thing, "first": first, "until": swap.return_until, "cards": cards}
    return render(request, "secondments/swap_call.html", context)
