"""A visit once it was asked for: where it stands, for each person whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partnerships.ground import clock
from partnerships.ground.access import open_to, signed_in
from partnerships.ground.counting import count_each
from partnerships.ground.look import Answer, Fact, Link, Side, Tone
from partnerships.ground.paging import Pages
from partnerships.ground.problems import Problem
from partnerships.models import User
from partnerships.permissions import me
from secondments.models import Decision, Placement
from secondments.models.days import day_lines, hours_words, pattern_words, range_words
from secondments.models.money import payment_words
from secondments.models.placements import PlacementQuerySet
from secondments.next_steps import deciders, in_a_line, standing
from secondments.permissions import (
    is_of_home,
    is_of_host,
    is_of_visitor,
    is_visitor,
    may_cancel,
    may_see_needs,
    may_withdraw,
)
from secondments.states import (
    LIVE_STATES,
    TIES_OVER_HOST,
    CheckKind,
    CheckState,
    DecisionKind,
    DecisionState,
    PlacementState,
    SwapState,
)
from secondments.views.timeline import timeline_of

PAGE_SIZE = 20
TONES: dict[str, Tone] = {DecisionState.YES: "done", DecisionState.WAITING: "waiting"}


def _whole(placements: PlacementQuerySet) -> PlacementQuerySet:
    """With everything that a page of a visit shows."""
    return placements.select_related(
        "visitor",
        "home__place",
        "membership",
        "offer__organisation__place",
        "offer__shown_by__membership__user",
        "swap",
    ).prefetch_related("sessions", "decisions", "checks")


def seen(request: HttpRequest, uuid: UUID) -> tuple[Placement, User]:
    return get_object_or_404(_whole(Placement.objects.visible_to(request.user)), uuid=uuid), me(request.user)


@open_to(signed_in)
@require_safe
def placements(request: HttpRequest) -> HttpResponse:
    """One's own visits, and those at and from the organisations that one coordinates, newest first."""
    user = me(request.user)
    page = Pages(_whole(Placement.objects.concerning(user)), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = rows_of(page.object_list, user, clock.now())
    return render(request, "secondments/placements.html", {"page": page, "rows": rows, "title": _how_many(user)})


def rows_of(placements: Iterable[Placement], user: User, at: datetime) -> list[dict[str, Any]]:
    """What secondments/_visits.html shows of each: who goes or comes, and where it stands."""
    return [
        {
            "placement": each,
            "going": is_visitor(user, each),
            "coming": is_of_host(user, each),
            "stands": in_a_line(each, user, at),
            "tone": _tone(each),
        }
        for each in placements
    ]


def _how_many(user: User) -> str:
    """What is so with all of one's visits: who waits for whom."""
    theirs = Placement.objects.concerning(user)
    if mine := Decision.objects.visible_to(user).to_answer().filter(placement__in=theirs).count():
        words = ngettext("Your visits: %(number)s waits for you", "Your visits: %(number)s wait for you", mine)
        return words % {"number": mine}
    counted = count_each(waiting=theirs.waiting(), ahead=theirs.agreed())
    if waiting := counted["waiting"]:
        words = ngettext("Your visits: %(number)s waits for others", "Your visits: %(number)s wait for others", waiting)
        return words % {"number": waiting}
    if ahead := counted["ahead"]:
        return ngettext("Your visits: %(number)s is agreed", "Your visits: %(number)s are agreed", ahead) % {
            "number": ahead
        }
    return _("Your visits: nothing waits")


def _tone(placement: Placement) -> Tone:
    if placement.state in (PlacementState.REQUESTED, PlacementState.AGREED):
        return "waiting"
    done = (PlacementState.CONFIRMED, PlacementState.UNDER_WAY, PlacementState.COMPLETED)
    return "done" if placement.state in done else "quiet"


@open_to(signed_in)
@require_safe
def placement(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One visit: what is next, the two sides, whose yes, what is needed first, what has happened."""
    thing, user = seen(request, uuid)
    return placement_page(request, thing, user)


def placement_page(
    request: HttpRequest, thing: Placement, user: User, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    at = clock.now()
    live = thing.state in LIVE_STATES
    go, come = _sides(thing, user)
    context = {
        "placement": thing,
        "home": thing.home,
        "host": thing.offer.organisation,
        "when": range_words(thing.days()),
        "step": standing(thing, user, at),
        "go": go,
        "come": come,
        "facts": _facts(thing, user),
        "yeses": _yeses(thing, user) if live or thing.state == PlacementState.COMPLETED else [],
        "firsts": _firsts(thing, user) if live or thing.state == PlacementState.COMPLETED else [],
        "happenings": timeline_of(thing, user),
        "links": _links(thing, user),
        "problems": problems,
    }
    return render(request, "secondments/placement.html", context)


def _sides(placement: Placement, user: User) -> tuple[Side, Side | None]:
    """ "You go" and "They come", or the other way round for the host."""
    offer, host, home = placement.offer, placement.offer.organisation, placement.home
    from_host = is_of_host(user, placement) and not is_visitor(user, placement)
    mine = is_visitor(user, placement)
    where = host.place.name if host.place else ""
    there = _("They come") if from_host else _("You go") if mine else placement.visitor.name
    pattern = pattern_words(placement.half_days())
    status, tone = _how_far(placement)
    go = Side(
        title=_("%(name)s, %(home)s") % {"name": placement.visitor.name, "home": home.name} if from_host else host.name,
        lines=(
            offer.called,
            # What one person shows has no page of its own where it could be read.
            *([offer.what_you_will_see] if offer.shown_by_id and offer.what_you_will_see else []),
            " · ".join(filter(None, [pattern, where or str(offer.get_mode_display())])),
            payment_words(placement.payment_pence, home.name),
        ),
        # A side has the colour of who goes, so that both colours always stand side by side.
        sector=home.sector,  # type: ignore[arg-type]  # the choices of Sector are the sectors of the look
        status=status,
        tone=tone,
        url=offer.get_absolute_url() if offer.has_page else "",
        heading=there,
    )
    swap = placement.swap
    if swap is None:
        return go, None
    back = swap.visit_back(placement, for_host=from_host)
    if back is None and swap.other_visit(placement) is not None:
        # Of three that went round one came to nothing: of the other two neither answers the other.
        return go, None
    until = date_format(swap.return_until, "F Y")
    status, tone, lines = _way_back(placement, back, swap.state, until)
    come = Side(
        title=back.offer.organisation.name if back else home.name,
        lines=lines,
        sector=(back.home if back else host).sector,  # type: ignore[arg-type]  # as above
        status=status,
        tone=tone,
        heading=_("You go") if from_host else _("They come"),
    )
    return go, come


def _how_far(placement: Placement) -> tuple[str, Tone]:
    """On the way there; until it is agreed, how far the host is with it."""
    if placement.state != PlacementState.REQUESTED:
        return str(placement.get_state_display()), _tone(placement)
    host = next((each for each in placement.decisions.all() if each.kind == DecisionKind.HOST), None)
    agreed = host is not None and host.state == DecisionState.YES
    return (_("Host agreed"), "done") if agreed else (_("Host asked"), "waiting")


def _way_back(
    placement: Placement, back: Placement | None, state: str, until: str
) -> tuple[str, Tone, tuple[str, ...]]:
    host = placement.offer.organisation.name
    if back is not None:
        return str(back.get_state_display()), _tone(back), (back.visitor.name, back.when_words())
    if state == SwapState.DUE:
        return _("Called due"), "waiting", (_("Somebody of %(host)s would like to come now.") % {"host": host},)
    if state == SwapState.LAPSED:
        return _("Nobody came, and nobody owes anything"), "quiet", ()
    lines = (
        _("Whenever it suits them"),
        _("Open until %(until)s. Only %(host)s calls it due.") % {"until": until, "host": host},
    )
    return _("Not yet asked for"), "waiting", lines


def _facts(placement: Placement, user: User) -> list[Fact]:
    facts = []
    if placement.tie in TIES_OVER_HOST:
        facts.append(Fact(_("Said first"), _("“%(words)s”") % {"words": placement.get_tie_display()}))
    if not is_visitor(user, placement):
        who = [placement.visitor.name, placement.membership.job_title, placement.home.name]
        facts.append(Fact(_("Who goes"), "\n".join(filter(None, who))))
    facts.append(Fact(_("Hopes to learn"), placement.learn))
    if placement.needs and may_see_needs(user, placement):
        facts.append(Fact(_("Needs"), placement.needs))
    facts.append(Fact(_("Days"), "\n".join(day_lines(placement.half_days()))))
    if placement.offer.access and placement.state in LIVE_STATES:
        facts.append(Fact(_("Getting in and around"), placement.offer.access))
    if placement.host_minutes is not None:
        facts.append(Fact(_("Time the host gave"), hours_words(placement.host_minutes)))
    return facts


def _yeses(placement: Placement, user: User) -> list[Answer]:
    names = deciders(placement, user)
    return [
        Answer(names[each.kind], each.get_state_display(), TONES.get(each.state, "quiet"))
        for each in placement.decisions.all()
    ]


def _firsts(placement: Placement, user: User) -> list[Answer]:
    mine = is_of_visitor(user, placement)
    whose = {
        CheckKind.CONFIDENTIALITY: _("You") if mine else placement.visitor.name,
        CheckKind.LETTER_OF_ASSURANCE: _("Your coordinator") if mine else placement.home.name,
        CheckKind.INDUCTION: placement.offer.organisation.name,
    }
    return [
        Answer(each.get_kind_display(), _("Done"), "done")
        if each.state == CheckState.DONE
        else Answer(each.get_kind_display(), whose[CheckKind(each.kind)], "waiting")
        for each in placement.checks.all()
    ]


def _links(placement: Placement, user: User) -> list[Link]:
    links = [Link(_("Something is wrong"), reverse("concern", args=[placement.uuid]))]
    if placement.state not in LIVE_STATES:
        return links
    asked = [each for each in placement.decisions.all() if each.state == DecisionState.WAITING]
    if any(each.kind == DecisionKind.HOME_APPROVER for each in asked) and (
        is_of_visitor(user, placement) or is_of_home(user, placement)
    ):
        links.append(Link(_("Ask somebody else to agree"), reverse("placement-approver", args=[placement.uuid])))
    if placement.state == PlacementState.UNDER_WAY and is_of_visitor(user, placement):
        links.append(Link(_("It did not happen"), reverse("placement-not-happened", args=[placement.uuid])))
    if may_withdraw(user, placement):
        links.append(Link(_("Withdraw"), reverse("placement-withdraw", args=[placement.uuid])))
    elif may_cancel(user, placement):
        links.append(Link(_("Call it off"), reverse("placement-cancel", args=[placement.uuid])))
    return links
