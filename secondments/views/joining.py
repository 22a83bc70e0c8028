"""Joining a round, keeping what one has begun to say, changing it, and leaving."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.ground.access import member, open_to, signed_in
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Refused
from partnerships.models import Membership
from partnerships.permissions import me
from secondments.actions.joining import join_round, keep_for_later, leave_round, throw_away
from secondments.forms.joining import JoinForm, said_before, says_anything_new
from secondments.models import JoiningDraft, Participation, Round


@open_to(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def round_join(request: HttpRequest, slug: str) -> HttpResponse:
    """One page to take part, and to change what one said. What was begun and not sent is there again.

    Who belongs nowhere says first where they work, and comes back.
    """
    a_round = _round(request, slug)
    if not me(request.user).is_member:
        return redirect(f"{reverse('join-organisation')}?{urlencode({'next': request.path})}")
    mine = joined_by(request, a_round)
    membership = _membership(request, a_round, mine)
    draft = begun_by(request, a_round)
    said = said_before(mine) if mine else {}
    form = JoinForm(
        request.POST or None,
        a_round=a_round,
        membership=membership,
        mine=mine,
        initial=said | (draft.typed if draft else {}),
    )
    if request.method == "POST":
        if form.is_valid():
            try:
                join_round(a_round=a_round, membership=membership, by=membership.user, **form.said())
            except Refused as refused:
                add_problems(form, refused.problems)
            else:
                messages.success(request, _("Saved. You can change this until the last day to join."))
                return redirect(a_round)
        # Whoever is called away while something is still wrong finds it all again.
        with suppress(Refused):
            _keep(a_round, membership, form, mine)
    context = {"round": a_round, "form": form, "mine": mine, "draft": draft}
    return render(request, "secondments/round_join.html", context)


@open_to(member)
@require_POST
def round_join_keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what was typed so far, at the press of "save and come back" or by itself; or throw it away."""
    a_round = _round(request, slug)
    if "forget" in request.POST:
        throw_away(a_round=a_round, by=me(request.user))
        messages.success(request, _("What you had begun is thrown away."))
        return redirect(a_round)
    mine = joined_by(request, a_round)
    membership = _membership(request, a_round, mine)
    form = JoinForm(request.POST, a_round=a_round, membership=membership, mine=mine)
    try:
        _keep(a_round, membership, form, mine)
    except Refused as refused:
        words = str(refused)
        tell = messages.error
    else:
        words = _("Kept. Come back and send it by %(day)s.") % {"day": date_format(a_round.join_by, "j F Y")}
        tell = messages.success
    if request.headers.get("Prefer") == "return=minimal":
        return HttpResponse(status=204)
    tell(request, words)
    return redirect(a_round)


def _keep(a_round: Round, membership: Membership, form: JoinForm, mine: Participation | None) -> None:
    """What was said already is no draft."""
    typed = form.typed()
    if says_anything_new(typed, said_before(mine) if mine else {}):
        keep_for_later(a_round=a_round, membership=membership, by=membership.user, typed=typed, before=mine)


def _round(request: HttpRequest, slug: str) -> Round:
    rounds = Round.objects.visible_to(request.user).select_related("programme__organisation")
    return get_object_or_404(rounds, slug=slug)


def _membership(request: HttpRequest, a_round: Round, mine: Participation | None) -> Membership:
    """Where they take part from; else the membership that this round counts; the first, where none does, and then the
    refusal says why."""
    if mine is not None:
        return mine.membership
    memberships = me(request.user).active_memberships
    sources = {source for source, _target in a_round.programme.crossings}
    return next((each for each in memberships if each.organisation.field in sources), memberships[0])


def joined_by(request: HttpRequest, a_round: Round) -> Participation | None:
    """How the person who asks takes part, if they do."""
    if not request.user.is_authenticated:
        return None
    return (
        a_round.participations.joined()
        .filter(membership__user=request.user)
        .select_related("membership__organisation", "membership__user", "round__programme")
        .first()
    )


def begun_by(request: HttpRequest, a_round: Round) -> JoiningDraft | None:
    """What the person who asks has typed and not sent."""
    if not request.user.is_authenticated:
        return None
    return a_round.drafts.filter(user=request.user).first()


@open_to(signed_in)
@require_POST
def round_leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave a round; no reason is asked."""
    a_round = get_object_or_404(Round.objects.visible_to(request.user), slug=slug)
    mine = get_object_or_404(a_round.participations.joined(), membership__user=me(request.user))
    try:
        leave_round(participation=mine, by=mine.membership.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("You have left this round. No reason is needed."))
    return redirect("round", slug=slug) if _still_sees(request, slug) else redirect("rounds")


def _still_sees(request: HttpRequest, slug: str) -> bool:
    return Round.objects.visible_to(request.user).filter(slug=slug).exists()
