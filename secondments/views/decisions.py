"""Yes or no: from a mailed link without signing in, or signed in. Opening the page changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.ground import clock
from partnerships.ground.access import link_holder, open_to, signed_in
from partnerships.ground.look import Fact
from partnerships.ground.problems import Problem, Refused
from partnerships.permissions import me
from secondments import actions
from secondments.emails import LASTS, BadLink, read_decision_link, read_outcome_link
from secondments.forms.placements import HAPPENED, OutcomeForm
from secondments.models import Decision, Placement
from secondments.models.days import day_lines, hours_words
from secondments.models.money import payment_words
from secondments.permissions import is_acted_for, may_decide, may_see_needs
from secondments.problems import problems_for_completing, problems_for_deciding
from secondments.states import TIES_OVER_HOST, DecisionKind, DecisionState, HowBegan, PlacementState

if TYPE_CHECKING:
    from partnerships.models import User


@open_to(link_holder)
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, token: str) -> HttpResponse:
    """The one decision that a mailed link opens. Nothing private is on it: the link may be forwarded."""
    try:
        thing, address = read_decision_link(token)
    except BadLink as bad:
        return bad_link(request, bad)
    return _decide(request, thing, address=address, back=request.path)


@open_to(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def placement_decide(request: HttpRequest, uuid: UUID, kind: str) -> HttpResponse:
    """The same page for somebody signed in; a host also reads what the visitor needs."""
    thing = get_object_or_404(
        Decision.objects.visible_to(request.user).select_related(
            "placement__visitor", "placement__home", "placement__membership", "placement__offer__organisation__place"
        ),
        placement__uuid=uuid,
        kind=kind,
    )
    back = thing.placement.get_absolute_url() if _sees_placement(me(request.user), thing.placement) else request.path
    return _decide(request, thing, user=me(request.user), back=back)


def _sees_placement(user: User, placement: Placement) -> bool:
    return Placement.objects.visible_to(user).filter(pk=placement.pk).exists()


def _decide(
    request: HttpRequest, thing: Decision, *, back: str, user: User | None = None, address: str = ""
) -> HttpResponse:
    problems: tuple[Problem, ...] = ()
    answer = request.POST.get("answer")
    if request.method == "POST" and answer not in ("yes", "no"):
        problems = (Problem("no_answer", _("Press yes or no.")),)
    elif request.method == "POST":
        try:
            actions.decide(decision=thing, yes=answer == "yes", by=user, address=address)
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(
                request, _("You said yes.") if answer == "yes" else _("You said no. Thank you for answering.")
            )
            return redirect(back)
    waits = thing.state == DecisionState.WAITING and thing.placement.state == PlacementState.REQUESTED
    if waits and not problems:
        problems = tuple(problems_for_deciding(thing.placement, clock.now()))
        waits = not problems
    context = {
        "decision": thing,
        "placement": thing.placement,
        "title": _title(thing, waits=waits),
        "text": _text(thing),
        "facts": _facts(thing, user),
        "is_host": thing.kind == DecisionKind.HOST,
        "waits": waits,
        "problems": problems,
        "more": Decision.objects.visible_to(user).to_answer().count() if user and not waits else 0,
        "may_open": user is not None and back != request.path,
        "can_decide": user is None or may_decide(user, thing),
    }
    return render(request, "secondments/decision.html", context)


def _title(thing: Decision, *, waits: bool) -> str:
    names = {
        "name": thing.placement.visitor.name,
        "home": thing.placement.home.name,
        "host": thing.placement.offer.organisation.name,
        "visit": thing.placement.title(),
    }
    if thing.state == DecisionState.YES:
        return _("Answered: yes to %(visit)s") % names
    if thing.state == DecisionState.NO:
        return _("Answered: no to %(visit)s") % names
    if not waits:
        return _("No answer is needed any more: %(visit)s") % names
    if thing.kind == DecisionKind.HOST:
        return _("May %(name)s of %(home)s visit you?") % names
    if thing.kind == DecisionKind.VISITOR and is_acted_for(thing.placement):
        return _("Would %(name)s like to go? %(visit)s") % names
    if thing.kind == DecisionKind.VISITOR:
        return _("Would you like to go? %(visit)s") % names
    return _("May %(name)s go to %(host)s?") % names


def _text(thing: Decision) -> str:
    """What follows from where it stands."""
    found_in_round = thing.kind == DecisionKind.VISITOR and thing.placement.how_began == HowBegan.MATCHED
    if thing.state == DecisionState.WAITING and found_in_round:
        return _("If you say no, and another place that suits you comes free in the round, we may ask you once more.")
    if thing.state == DecisionState.NO and found_in_round:
        return _(
            "Everyone who was asked knows. If another place that suits you comes free in the round, we may ask you "
            "once more. You can leave the round on its page."
        )
    if thing.state == DecisionState.NO:
        return _("The visitor has been told in one neutral sentence, and sees what is still open. No reason is asked.")
    if thing.state == DecisionState.YES:
        return {
            PlacementState.REQUESTED: _("Others are still to answer. Everyone concerned hears how it goes on."),
            PlacementState.AGREED: _("Everyone said yes. A few things are to be done before the first day."),
            PlacementState.CONFIRMED: _("Everyone said yes and the visit is settled."),
        }.get(PlacementState(thing.placement.state), str(thing.placement.get_state_display()))
    if thing.state == DecisionState.NOT_NEEDED:
        return _("The visit was withdrawn, or does not take place for another reason. There is nothing for you to do.")
    return ""


def _facts(thing: Decision, user: User | None) -> list[Fact]:
    placement, offer = thing.placement, thing.placement.offer
    facts: list[Fact] = []
    if placement.tie in TIES_OVER_HOST:
        facts.append(Fact(_("Said first"), _("“%(words)s”") % {"words": placement.get_tie_display()}))
    who = [placement.visitor.name, placement.membership.job_title, placement.home.name]
    facts += [
        Fact(_("Who"), "\n".join(filter(None, who))),
        Fact(_("Where"), f"{offer.called}\n{offer.organisation.name}"),
        Fact(_("When"), "\n".join(day_lines(placement.half_days()))),
        Fact(_("Hopes to learn"), placement.learn),
        Fact(_("Payment"), payment_words(placement.payment_pence, placement.home.name)),
        Fact(_("Travel and meals"), _("Paid by %(home)s") % {"home": placement.home.name}),
    ]
    if placement.needs and user is not None and may_see_needs(user, placement):
        facts.append(Fact(_("Needs"), placement.needs))
    return facts


@open_to(link_holder)
@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: HttpRequest, token: str) -> HttpResponse:
    """ "It happened", from the mail that a host gets after the last day."""
    try:
        placement, address = read_outcome_link(token)
    except BadLink as bad:
        return bad_link(request, bad)
    return _outcome(request, placement, back=request.path, said={"address": address})


@open_to(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def placement_outcome(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same page for a coordinator of the host who is signed in."""
    placement = get_object_or_404(
        Placement.objects.visible_to(request.user)
        .outcome_told_by(me(request.user))
        .select_related("visitor", "home", "offer__organisation"),
        uuid=uuid,
    )
    return _outcome(request, placement, back=placement.get_absolute_url(), said={"by": me(request.user)})


def _outcome(request: HttpRequest, placement: Placement, *, back: str, said: dict[str, Any]) -> HttpResponse:
    form = OutcomeForm(request.POST or None)
    over = placement.state in (PlacementState.COMPLETED, PlacementState.DID_NOT_HAPPEN)
    problems: tuple[Problem, ...] = tuple([] if over else problems_for_completing(placement, clock.now()))
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["outcome"] == HAPPENED:
                actions.complete(placement=placement, minutes=form.minutes(), **said)
            else:
                actions.did_not_happen(placement=placement, **said)
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("Recorded. There is nothing more for you to do."))
            return redirect(back)
    open_to_answer = placement.state in (PlacementState.CONFIRMED, PlacementState.UNDER_WAY)
    context = {
        "form": form,
        "placement": placement,
        "over": over,
        "open_to_answer": open_to_answer and not problems,
        "problems": problems,
        "spent": hours_words(placement.host_minutes) if placement.host_minutes else "",
    }
    return render(request, "secondments/outcome.html", context)


def bad_link(request: HttpRequest, bad: BadLink) -> HttpResponse:
    """What to do instead, for each way in which a link can be no good."""
    words = {
        "expired": (
            _("This link is too old"),
            _(
                "Links in our mails work for %(days)s days, or while there is time to answer. If you have an account, "
                "sign in: what waits for you is there."
            )
            % {"days": LASTS.days},
        ),
        "outdated": (
            _("This link no longer works"),
            _("Somebody else was asked instead, or the question is gone. There is nothing for you to do."),
        ),
        "forged": (
            _("This link is not whole"),
            _("Open it from the mail again, or copy all of it: some mail programs break long lines."),
        ),
    }
    title, text = words[bad.reason]
    context = {"title": title, "text": text}
    return render(request, "secondments/bad_link.html", context, status=410 if bad.reason != "forged" else 404)
