"""The best hosts at this moment for one person of a round, which of them their broker has in mind, and introducing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.ground import clock
from partnerships.ground.access import broker, open_to
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Refused
from partnerships.permissions import me
from secondments.actions.brokering import introduce, put_host_aside, put_on_shortlist, speak_to_host
from secondments.forms.desk import WeekForm
from secondments.matches.for_one import outlook_in_round, weeks_for_two
from secondments.matches.suggestions import hosts_in, what_stands_between
from secondments.models import HostOffer, Participation, Round, Shortlisted
from secondments.models.days import when_words
from secondments.problems.brokering import has_a_visit
from secondments.states import TO_INTRODUCE, RoundState, ShortlistState

MOST = 20


def _person(request: HttpRequest, slug: str, uuid: UUID) -> Participation:
    """Somebody who takes part in a round that one brokers, with its programme."""
    people = Participation.objects.joined().filter(round__in=Round.objects.brokered_by(me(request.user)))
    read = people.select_related(
        "round__programme__organisation", "membership__user", "membership__organisation__place"
    )
    return get_object_or_404(read, round__slug=slug, uuid=uuid)


@open_to(broker)
@require_safe
def round_hosts(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Whom the broker has in mind for this person, and who else would suit now."""
    person = _person(request, slug, uuid)
    outlook = outlook_in_round(person, most=MOST, at=clock.now())
    why, helps = what_stands_between(outlook, for_broker=True)
    in_mind = person.shortlist.select_related("offer__organisation", "placement")
    shortlist = sorted(in_mind, key=lambda each: each.state not in TO_INTRODUCE)
    listed = {each.offer_id for each in shortlist if each.state != ShortlistState.PUT_ASIDE}
    context = {
        "round": person.round,
        "person": person,
        "shortlist": [{"listed": each, "open": each.state in TO_INTRODUCE} for each in shortlist],
        "hosts": [
            {"host": each, "listed": each.offer.pk in listed}
            for each in hosts_in(outlook, person.membership.organisation)
        ],
        "suitable": outlook.suitable,
        "more": outlook.suitable - len(outlook.best),
        "why_not": why,
        "helps": helps,
    }
    return render(request, "secondments/round_hosts.html", context)


@open_to(broker)
@require_POST
def shortlist_add(request: HttpRequest, slug: str, uuid: UUID, offer: str) -> HttpResponse:
    person = _person(request, slug, uuid)
    host = get_object_or_404(HostOffer.objects.of_organisations(), slug=offer)
    try:
        put_on_shortlist(participation=person, offer=host, by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(offer)s is on the shortlist. Nobody is told.") % {"offer": host.title})
    return redirect("round-hosts", slug=slug, uuid=uuid)


def _listed(request: HttpRequest, uuid: UUID) -> Shortlisted:
    return get_object_or_404(
        Shortlisted.objects.visible_to(request.user).select_related(
            "participation__round__programme__organisation",
            "participation__membership__user",
            "participation__membership__organisation__place",
            "offer__organisation",
        ),
        uuid=uuid,
    )


def _hosts_page(listed: Shortlisted) -> str:
    return reverse("round-hosts", args=[listed.participation.round.slug, listed.participation.uuid])


ACTS: dict[str, Callable[..., Any]] = {"spoken": speak_to_host, "aside": put_host_aside}


@open_to(broker)
@require_POST
def shortlist_move(request: HttpRequest, uuid: UUID, act: str) -> HttpResponse:
    """Spoken to, or put aside."""
    listed = _listed(request, uuid)
    if act not in ACTS:
        raise Http404
    try:
        ACTS[act](shortlisted=listed, by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(_hosts_page(listed))


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def shortlist_introduce(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Which week, and what everybody is asked; then they are asked."""
    listed = _listed(request, uuid)
    person, at = listed.participation, clock.now()
    weeks = weeks_for_two(person, listed.offer, at=at)
    form = WeekForm(request.POST if request.method == "POST" else None, weeks=weeks)
    if request.method == "POST" and form.is_valid():
        try:
            placement = introduce(
                shortlisted=listed, week=date.fromisoformat(form.cleaned_data["week"]), by=me(request.user)
            )
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            words = {"name": person.membership.user.name, "when": when_words(placement.half_days())}
            messages.success(request, _("Asked: %(name)s, %(when)s. Everybody whose yes is needed has a mail.") % words)
            return redirect(_hosts_page(listed))
    context = {
        "listed": listed,
        "person": person,
        "offer": listed.offer,
        "page": _hosts_page(listed),
        "weeks": weeks,
        "form": form,
        "waits": listed.state in TO_INTRODUCE,
        "has_a_visit": has_a_visit() if person.has_a_visit() else None,
        "proposal_waits": person.round.state in (RoundState.MATCHING, RoundState.PROPOSED, RoundState.PUBLISHING),
    }
    return render(request, "secondments/shortlist_introduce.html", context)
