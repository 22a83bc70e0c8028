"""Rounds as people meet them: which are open, what one is, and what came of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partnerships.ground import clock
from partnerships.ground.access import anyone, open_to
from partnerships.ground.look import Link
from partnerships.ground.paging import Pages
from secondments.actions.open_instead import open_for
from secondments.matches import criterion_words, weight_words, what_happened, why_this_match
from secondments.matches.rules import who_goes_where
from secondments.models import Match, NotPlaced, Participation, Programme, Round
from secondments.models.money import pounds
from secondments.permissions import may_run_round
from secondments.problems import problems_for_saying_anything
from secondments.states import CAME_TO_NOTHING, HOLDING_STATES, TOLD_STATES, CheckKind
from secondments.views.joining import begun_by, joined_by

PAGE_SIZE = 20


@open_to(anyone)
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """Rounds that one may join, has joined or runs, and what came of those of everybody."""
    shown = Round.objects.visible_to(request.user).select_related("programme__organisation")
    told = Round.objects.with_results().select_related("programme__organisation").order_by("-published_at", "-id")
    context = {
        "open": Pages(shown.to_join(), PAGE_SIZE).get_page(request.GET.get("page")),
        "others": Pages(shown.not_to_join(), PAGE_SIZE).get_page(request.GET.get("yours")),
        "told": Pages(told, PAGE_SIZE).get_page(request.GET.get("told")),
        "brokered": request.user.brokered_ids() if request.user.is_authenticated else frozenset(),
    }
    return render(request, "secondments/rounds.html", context)


@open_to(anyone)
@require_safe
def round_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What a round is, by which criteria it is matched, and what one said or was given."""
    a_round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("programme__organisation"), slug=slug
    )
    mine = joined_by(request, a_round)
    return render(
        request,
        "secondments/round.html",
        {
            "round": a_round,
            "criteria": [criterion_words(name) for name in a_round.criteria],
            "weights": weight_words(a_round.weights),
            "who_goes_where": who_goes_where(a_round.programme),
            "checks": [str(CheckKind(kind).label) for kind in a_round.programme.checks],
            "pays": _what_is_paid(a_round.programme),
            "mine": mine,
            "begun": begun_by(request, a_round),
            "may_run": may_run_round(request.user, a_round),
            "can_join": not problems_for_saying_anything(a_round, at=clock.now()),
            "left_out": _left_out(request, a_round),
            **_outcome(a_round, mine),
        },
    )


def _what_is_paid(programme: Programme) -> list[str]:
    """What people know of money before they join: each sum that the programme pays for a day."""
    sums = {
        _("A host can be paid up to %(sum)s a day"): programme.pays_pence,
        _("Cover for a visitor can be paid up to %(sum)s a day"): programme.pays_cover_pence,
    }
    return [words % {"sum": pounds(pence)} for words, pence in sums.items() if pence]


def _left_out(request: HttpRequest, a_round: Round) -> bool:
    """Whether no organisation of theirs takes part: then they need not fill in a page to be told."""
    user = request.user
    if not user.is_authenticated or not user.is_member:
        return False
    return not a_round.programme.takes_any(user.organisation_ids())


def _outcome(a_round: Round, mine: Participation | None) -> dict[str, object]:
    """What came of it for one person: their visit and why, or why there was no place and what would help."""
    if mine is None or a_round.state not in TOLD_STATES:
        return {}
    match = Match.objects.told_in(a_round).asked_for().with_people().filter(participation=mine).first()
    given_up = match is not None and match.placement is not None and match.placement.state in CAME_TO_NOTHING
    if match is not None and not given_up:
        return {"match": match, "why": why_this_match(match.parts, match.facts)}
    introduced = mine.shortlist.filter(placement__state__in=HOLDING_STATES)
    if found := introduced.select_related("offer__organisation", "placement").first():
        return {"match": found, "why": [_("The broker of this round introduced you to them.")]}
    context = {"no_place": True, "instead": _instead(mine), "may_come_free": a_round.settled_at is None}
    if given_up:
        return {**context, "given_up": match}
    unplaced = NotPlaced.objects.filter(run=a_round.latest_run(), participation=mine).first()
    if unplaced is None:
        return {**context, "why": [_("The visit that we had found for you could no longer be asked for.")]}
    return {**context, "why_not": what_happened(unplaced.causes)}


def _instead(mine: Participation) -> list[Link]:
    """What they can ask for themselves, today."""
    return [
        Link(_("%(offer)s, %(host)s") % {"offer": each.title, "host": each.organisation.name}, each.get_absolute_url())
        for each in open_for(mine, at=clock.now())
    ]
