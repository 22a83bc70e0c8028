"""The broker's desk of a round: who joined, the engine at work, and who meets whom and why."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partnerships.ground.access import broker, open_to
from partnerships.permissions import me
from secondments.actions.unfinished import letters_given_up
from secondments.models import HostOffer, Participation, Round
from secondments.problems import problems_for_matching
from secondments.states import TOLD_STATES, UNTOLD_STATES, RoundState
from secondments.views.desk.answers import Told, after_publishing
from secondments.views.desk.proposal import changes_of, proposal_of
from secondments.views.desk.waiting import not_matched_yet
from secondments.views.progress import could_not_tell, progress_after, progress_of

PAGE_SIZE = 25


def fetch(request: HttpRequest, slug: str) -> Round:
    mine = Round.objects.brokered_by(me(request.user))
    return get_object_or_404(mine.select_related("programme__organisation"), slug=slug)


def person_in(a_round: Round, uuid: UUID) -> Participation:
    [person] = people_in(a_round, uuid)
    return person


def people_in(a_round: Round, *uuids: UUID) -> list[Participation]:
    """These people, as they are named; their round is the one that is at hand, with its programme."""
    read = a_round.people_on_desk().select_related("membership__user", "membership__organisation__place", "shown")
    found = {each.uuid: each for each in read.filter(uuid__in=uuids)}
    if not found.keys() >= set(uuids):
        raise Http404
    return [found[uuid] for uuid in uuids]


def offer_in(a_round: Round, slug: str) -> HostOffer:
    """One that is open to everybody, was proposed in this round, or is shown in it; what others draft is theirs."""
    return get_object_or_404(a_round.offers_on_desk(), slug=slug)


@open_to(broker)
@require_safe
def round_desk(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the round stands, and the one thing to do next."""
    a_round = fetch(request, slug)
    context: dict[str, Any] = {"round": a_round, "can_call_off": a_round.state in UNTOLD_STATES}
    if a_round.state in TOLD_STATES:
        told = Told.of(a_round)
        if a_round.state == RoundState.PUBLISHED:
            context["progress"] = progress_after(told.run, told.waiting)
        context |= proposal_of(request, told.run, unwritten=letters_given_up(a_round))
        context |= after_publishing(a_round, told, unwritten=context["counted"]["unwritten"])
    elif a_round.state == RoundState.PROPOSED:
        run = a_round.runs.standing().with_earlier().latest("number")
        context |= proposal_of(request, run)
        context |= changes_of(request, run, context["counted"]["changes"])
        context["could_not_tell"] = could_not_tell(a_round, run)
        context["last_run"] = a_round.runs.light().first()
    elif a_round.state == RoundState.CALLED_OFF:
        context |= joined_in(a_round, request) | {"unwritten": letters_given_up(a_round).exists()}
    else:
        context["progress"] = progress_of(a_round)
        context |= {
            **joined_in(a_round, request),
            "against": problems_for_matching(a_round) if a_round.state == RoundState.CLOSED else [],
            "last_run": a_round.runs.light().first(),
            "needs_organisations": a_round.needs_organisations(),
            **not_matched_yet(a_round),
        }
    return render(request, "secondments/round_desk.html", context)


def joined_in(a_round: Round, request: HttpRequest) -> dict[str, Any]:
    """Who has joined, a page at a time."""
    joined = a_round.participations.joined().select_related("membership__user", "membership__organisation")
    pages = Paginator(joined.order_by("id"), PAGE_SIZE)
    return {"people": pages.count, "joined": pages.get_page(request.GET.get("page"))}


@open_to(broker)
@require_safe
def round_progress(request: HttpRequest, slug: str) -> HttpResponse:
    """How far a job is: a part of the desk that asks for itself, until there is more to show."""
    a_round = fetch(request, slug)
    progress = progress_of(a_round)
    if progress is None:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "secondments/_round_progress.html", {"round": a_round, "progress": progress})
