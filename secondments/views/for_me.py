"""The best hosts at this moment for the person who asks, outside any round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from partnerships.ground import clock
from partnerships.ground.access import open_to, signed_in
from partnerships.models import Membership
from partnerships.permissions import me
from secondments.forms.for_me import ForMeForm
from secondments.matches.for_one import outlook_outside, said_last
from secondments.matches.suggestions import hosts_in, what_stands_between
from secondments.models.money import payment_words

MOST = 10
SEEN = ("mode", "new")
"""How they meet stands beside the host, and whether one has been there one knows."""


@open_to(signed_in)
@require_safe
def offers_for_me(request: HttpRequest) -> HttpResponse:
    """What suits by the rules and points of a round, why, and what would open more."""
    goers = me(request.user).active_memberships
    if not goers:
        return redirect(f"{reverse('join-organisation')}?{urlencode({'next': reverse('offers-for-me')})}")
    at = clock.now()
    goer = _goer(goers, request.GET.get("home", ""))
    said = said_last(goer)
    form = ForMeForm(request.GET or None, goers=goers, goer=goer, said=said, at=at)
    context: dict[str, Any] = {"search": form, "goer": goer}
    if form.is_valid():
        outlook = outlook_outside(goer, form.wanted(), said=said, most=MOST, at=at)
        why, helps = what_stands_between(outlook)
        context |= {
            "asked": form.words(),
            "suitable": outlook.suitable,
            "more": outlook.suitable - len(outlook.best),
            "why_not": why,
            "helps": helps,
            "hosts": [
                {"host": each, "payment": payment_words(each.offer.payment_pence)}
                for each in hosts_in(outlook, goer.organisation, but=SEEN)
            ],
        }
    return render(request, "secondments/for_me.html", context)


def _goer(goers: Sequence[Membership], slug: str) -> Membership:
    """The organisation that is named, else the first."""
    return next((each for each in goers if each.organisation.slug == slug), goers[0])
