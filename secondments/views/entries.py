"""The page that asks somebody whether what was written down for them is right. Opening it changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.ground import clock
from partnerships.ground.access import coordinator, link_holder, open_to, signed_in
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Problem, Refused
from partnerships.models import User
from partnerships.permissions import me
from partnerships.states import MembershipState
from secondments.actions.entering import confirm_entry, decline_entry
from secondments.actions.joining import join_round, leave_round
from secondments.emails import BadLink
from secondments.emails.links import read_entry_link
from secondments.forms.entering import THEY, ConfirmForm, facts_of, shown
from secondments.forms.joining import JoinForm, said_before
from secondments.models import Entry, Participation
from secondments.problems import problems_for_saying_anything
from secondments.states import EntryState
from secondments.views.decisions import bad_link


@open_to(link_holder)
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, token: str) -> HttpResponse:
    """From the mail, without signing in. Nothing private is on it: the link may be forwarded."""
    try:
        thing, address = read_entry_link(token)
    except BadLink as bad:
        return bad_link(request, bad)
    return _answer(request, thing, address=address)


@open_to(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def entry_yours(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same page for somebody signed in, from their next steps."""
    mine = Entry.objects.asked_of(me(request.user)).known()
    thing = get_object_or_404(
        mine.select_related(
            "round__programme__organisation", "organisation__place", "entered_by", "participation__membership"
        ),
        uuid=uuid,
    )
    return _answer(request, thing, user=me(request.user))


@open_to(coordinator)
@require_http_methods(["GET", "HEAD", "POST"])
def entry_change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What a colleague without email said, for the coordinator who answers for them: to change, or to end."""
    user = me(request.user)
    mine = get_object_or_404(
        Participation.objects.joined()
        .spoken_for_by(user)
        .exclude(membership__user=user)
        .select_related("membership__user", "membership__organisation", "round__programme__organisation"),
        entry__uuid=uuid,
    )
    names = {"name": mine.membership.user.name}
    form = JoinForm(
        request.POST if "leave" not in request.POST and request.method == "POST" else None,
        a_round=mine.round,
        membership=mine.membership,
        mine=mine,
        initial=said_before(mine),
    )
    if "leave" in request.POST:
        try:
            leave_round(participation=mine, by=user)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(request.path)
        messages.success(request, _("%(name)s takes no part any more. No reason is needed.") % names)
        return redirect("round-entered", slug=mine.round.slug)
    if request.method == "POST" and form.is_valid():
        try:
            join_round(a_round=mine.round, membership=mine.membership, by=user, **form.said())
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("Saved. You can change this until the last day to join."))
            return redirect("round-entered", slug=mine.round.slug)
    return render(request, "secondments/entry_change.html", {"form": form, "mine": mine, "round": mine.round})


def _answer(request: HttpRequest, thing: Entry, *, user: User | None = None, address: str = "") -> HttpResponse:
    answer = request.POST.get("answer", "")
    typed = {"yes": shown(thing.said), "changed": request.POST}.get(answer)
    form = ConfirmForm(typed, entry=thing)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        # A second press, or an answer from another mail: the page says where it stands.
        found = _take(form, thing, answer, user, address) if thing.state == EntryState.WAITING else None
        if found is None:
            return redirect(request.path)
        problems = found
    waits = thing.state == EntryState.WAITING
    against = problems_for_saying_anything(thing.round, at=clock.now()) if waits and not problems else []
    waits = waits and not against
    # What is missing is asked for where it can be filled in.
    changes = form.is_bound or "change" in request.GET or not _is_whole(thing)
    context: dict[str, Any] = {
        "entry": thing,
        "round": thing.round,
        "title": _title(thing, waits=waits),
        "text": against[0].sentence if against else _text(thing, waits=waits),
        "waits": waits,
        "problems": problems,
        "form": form if waits and changes else None,
        "facts": _facts(thing) if waits and not changes else [],
        "kept": bool(form.kept),
    }
    return render(request, "secondments/entry.html", context)


def _take(form: ConfirmForm, thing: Entry, answer: str, user: User | None, address: str) -> tuple[Problem, ...] | None:
    """Take an answer; None once it is taken. What stands against a yes stands on the form."""
    try:
        if answer == "no":
            decline_entry(entry=thing, by=user, address=address)
        elif not form.is_bound:
            return (Problem("no_answer", _("Press yes or no.")),)
        elif form.is_valid():
            confirm_entry(entry=thing, joins=form.said(), by=user, address=address)
        else:
            return ()
    except Refused as refused:
        if answer == "no":
            return refused.problems
        add_problems(form, refused.problems)
        return ()
    return None


def _is_whole(thing: Entry) -> bool:
    """Whether a yes is enough: nothing that has to be said is missing."""
    return thing.tells and ConfirmForm(shown(thing.said), entry=thing).is_valid()


def _facts(thing: Entry) -> Any:
    form = ConfirmForm(shown(thing.said), entry=thing)
    return facts_of(form, None if thing.email else THEY)


def _title(thing: Entry, *, waits: bool) -> str:
    names = {"name": thing.name, "programme": thing.round.programme.name}
    if thing.state == EntryState.CONFIRMED:
        return _("You take part in %(programme)s") % names if thing.email else _("%(name)s takes part") % names
    if thing.state == EntryState.DECLINED:
        return _("You said no: %(programme)s") % names
    if not waits:
        return _("No answer is needed any more: %(programme)s") % names
    if not thing.email:
        return _("Is this right for %(name)s?") % names
    return _("Is this right?") if thing.tells else _("Would you like to take part?")


def _text(thing: Entry, *, waits: bool) -> str:
    """What follows from where it stands."""
    names = {"day": date_format(thing.round.join_by, "l j F")}
    if thing.participation is not None and thing.participation.membership.state == MembershipState.ASKED:
        return _("%(organisation)s has a mail, to say that you work there. You are matched once it has.") % {
            "organisation": thing.organisation.name
        }
    if thing.state == EntryState.CONFIRMED:
        return (
            _("Everyone is matched after %(day)s, and you hear by mail. Sign in with your email to change it.") % names
        )
    if thing.state == EntryState.DECLINED:
        return _("What was written down is forgotten, and nobody asks for a reason.")
    return _("Nothing counts before you say yes. Please answer by %(day)s.") % names if waits else ""
