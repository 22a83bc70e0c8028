"""What was entered for a visit that is not asked for yet.

It is kept in the session until it is sent, one draft for each offer, so that back, refresh and changing one's mind lose
nothing. The draft's key becomes the visit's own: sending twice is sending once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode

from partnerships.models import Membership
from partnerships.permissions import me
from secondments.forms.asking import half_days_in
from secondments.models import HostOffer, Swap
from secondments.models.days import HalfDay
from secondments.problems import problems_for_returning
from secondments.views.calendar import value_of

PLACE = "asking"
MOST_DRAFTS = 5


@dataclass(slots=True)
class Draft:
    """One request in the making. `about` is what was typed on the second page, as it was typed.

    `returning` is the swap that it answers: named by the address that one came from, and kept with the days.
    """

    slug: str
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    half_days: Sequence[HalfDay] = ()
    about: dict[str, Any] = field(default_factory=dict)
    returning: Swap | None = None

    @classmethod
    def of(cls, request: HttpRequest, offer: HostOffer) -> Draft:
        kept = request.session.get(PLACE, {}).get(offer.slug, {})
        returning = _swap_named(request.GET.get("returning") or kept.get("returning", ""))
        if not kept:
            return cls(offer.slug, returning=returning)
        return cls(offer.slug, kept["key"], half_days_in(kept["days"]), kept["about"], returning)

    def save(self, request: HttpRequest) -> None:
        kept = request.session.get(PLACE, {})
        kept.pop(self.slug, None)
        kept[self.slug] = {
            "key": self.key,
            "days": [value_of(each) for each in self.half_days],
            "about": self.about,
            "returning": str(self.returning.uuid) if self.returning else "",
        }
        # The oldest go first: a session is no archive.
        request.session[PLACE] = dict(list(kept.items())[-MOST_DRAFTS:])

    def forget(self, request: HttpRequest) -> None:
        kept = request.session.get(PLACE, {})
        kept.pop(self.slug, None)
        request.session[PLACE] = kept


AskingView = Callable[[HttpRequest, HostOffer, list[Membership], Draft], HttpResponse]


def asking_page(view: AskingView) -> Callable[[HttpRequest, str], HttpResponse]:
    """An open offer, and somebody who belongs somewhere; who does not is sent on to join, and comes back."""

    @wraps(view)
    def page(request: HttpRequest, slug: str) -> HttpResponse:
        offers = HostOffer.objects.visible_to(request.user).open()
        offer = get_object_or_404(offers.select_related("organisation__place"), slug=slug)
        goers = who_may_go(request)
        if not goers:
            back = urlencode({"next": reverse("ask-days", args=[slug])})
            return redirect(f"{reverse('join-organisation')}?{back}")
        draft = Draft.of(request, offer)
        if draft.returning is not None:
            swap = draft.returning
            going_back = [each for each in goers if not problems_for_returning(swap, each, offer)]
            # What is no return any more, such as one that a colleague has asked for, is a visit like any other.
            draft.returning = swap if going_back else None
            goers = going_back or goers
        return view(request, offer, goers, draft)

    return page


def _swap_named(name: str) -> Swap | None:
    try:
        return Swap.objects.filter(uuid=uuid.UUID(name)).first()
    except ValueError:
        return None


def who_may_go(request: HttpRequest) -> list[Membership]:
    """Oneself, once for each organisation; for a coordinator also colleagues without an email of their own."""
    colleagues = (
        Membership.objects.coordinated_by(me(request.user))
        .active()
        .answered_for()
        .select_related("user", "organisation__place")
    )
    return [*me(request.user).active_memberships, *colleagues]
