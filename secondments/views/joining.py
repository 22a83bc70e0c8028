"""Joining a round, changing what one said, and leaving it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.ground.access import member, open_to, signed_in
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Refused
from partnerships.models import Membership
from partnerships.permissions import me
from secondments.actions.joining import join_round, leave_round
from secondments.forms.joining import JoinForm
from secondments.models import Participation, Round


@open_to(member)
@require_http_methods(["GET", "HEAD", "POST"])
def round_join(request: HttpRequest, slug: str) -> HttpResponse:
    """One page to take part, and to change what one said."""
    a_round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("programme__organisation"), slug=slug
    )
    membership = _membership(request, a_round)
    mine = joined_by(request, a_round)
    form = JoinForm(request.POST or None, a_round=a_round, membership=membership, initial=_said(mine) if mine else None)
    if request.method == "POST" and form.is_valid():
        try:
            join_round(a_round=a_round, membership=membership, by=membership.user, **form.cleaned_data)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("Saved. You can change this until the last day to join."))
            return redirect(a_round)
    return render(request, "secondments/round_join.html", {"round": a_round, "form": form, "mine": mine})


def _membership(request: HttpRequest, a_round: Round) -> Membership:
    """The membership that this round counts; the first, where none does, and then the refusal says why."""
    memberships = me(request.user).active_memberships
    sources = {source for source, _target in a_round.programme.crossings}
    return next((each for each in memberships if each.organisation.field in sources), memberships[0])


def _said(mine: Participation) -> dict[str, object]:
    return {
        "learn": mine.learn,
        "wants": mine.wants,
        "weeks": [monday.isoformat() for monday in mine.weeks],
        "most_km": mine.most_km,
        "online": mine.online,
        "tie": mine.tie,
        "agrees_email": mine.agrees_email,
        "needs": mine.needs,
    }


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


def joined_by(request: HttpRequest, a_round: Round) -> Participation | None:
    if not request.user.is_authenticated:
        return None
    return (
        a_round.participations.joined()
        .filter(membership__user=request.user)
        .select_related("membership__organisation", "round__programme")
        .first()
    )
