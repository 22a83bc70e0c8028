"""The host's side of an offer: writing it, naming its days, opening and closing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.ground import clock
from partnerships.ground.access import coordinator, open_to
from partnerships.ground.forms import add_problems
from partnerships.ground.paging import Pages
from partnerships.ground.problems import Refused
from partnerships.models import Organisation
from partnerships.permissions import me
from secondments import actions
from secondments.actions.offers_for_others import confirm_offer, decline_offer
from secondments.forms import starting_texts
from secondments.forms.offers import OfferForm, SessionsForm, StartingTextForm
from secondments.models import HostOffer, OfferSession
from secondments.problems import problems_for_acting
from secondments.states import Dating, OfferState
from secondments.views.calendar import calendar_of
from secondments.views.offers import offer_page

PAGE_SIZE = 50


@open_to(coordinator)
@require_http_methods(["GET", "HEAD", "POST"])
def offer_new(request: HttpRequest) -> HttpResponse:
    """First page of a new offer: what kind of place it is, so that nobody begins with an empty page."""
    mine = _coordinated(request)
    form = StartingTextForm(request.POST or None, organisations=mine)
    if request.method == "POST" and form.is_valid():
        # Nothing is made yet: the choice travels in the address, so that back and refresh do no harm.
        address = reverse("offer-write", args=[form.organisation_chosen().slug, form.cleaned_data["text"]])
        return redirect(address)
    return render(request, "secondments/offer_new.html", {"form": form, "missing": _missing_of(mine)})


@open_to(coordinator)
@require_http_methods(["GET", "HEAD", "POST"])
def offer_write(request: HttpRequest, organisation: str, text: str) -> HttpResponse:
    """Second page: the offer itself, filled with a starting text."""
    host = get_object_or_404(Organisation.objects.coordinated_by(me(request.user)), slug=organisation)
    start = starting_texts.find(text)
    if start is None:
        raise Http404
    initial = {name: getattr(start, name) for name in ("title", "what_you_will_see", "access")}
    form = OfferForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            offer = actions.create_offer(organisation=host, by=me(request.user), fields=form.values())
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            if offer.dating == Dating.DATED:
                return redirect("offer-days", slug=offer.slug)
            messages.success(request, _("Your offer is kept as a draft. Read it as others will, then publish it."))
            return redirect(offer)
    context = {"form": form, "organisation": host, "missing": problems_for_acting(host)}
    return render(request, "secondments/offer_write.html", context)


@open_to(coordinator)
@require_http_methods(["GET", "HEAD", "POST"])
def offer_edit(request: HttpRequest, slug: str) -> HttpResponse:
    offer = _managed(request, slug)
    initial: dict[str, Any] = {name: getattr(offer, name) for name in OfferForm.base_fields if name != "payment"}
    initial["asks_for"] = "\n".join(offer.asks_for)
    initial["payment"] = offer.payment_pence / 100 if offer.payment_pence else None
    form = OfferForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_offer(offer=offer, by=me(request.user), fields=form.values())
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("Changed. Visits that were asked for before stay as they were agreed."))
            return redirect(offer)
    return render(
        request, "secondments/offer_write.html", {"form": form, "organisation": offer.organisation, "offer": offer}
    )


@open_to(coordinator)
@require_http_methods(["GET", "HEAD", "POST"])
def offer_days(request: HttpRequest, slug: str) -> HttpResponse:
    """The days that the host names: a few weeks of one weekday in one go, as often as needed."""
    offer = _managed(request, slug)
    form = SessionsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = actions.add_sessions(offer=offer, half_days=form.half_days(), by=me(request.user))
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(
                request, ngettext("%(count)d half-day is new.", "%(count)d half-days are new.", new) % {"count": new}
            )
            return redirect("offer-days", slug=offer.slug)
    calendar = calendar_of(offer, request.user, clock.now(), every_day=True)
    return render(request, "secondments/offer_days.html", {"form": form, "offer": offer, "calendar": calendar})


@open_to(coordinator)
@require_POST
def offer_day_remove(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Takes back one half-day, unless somebody holds it."""
    offer = _managed(request, slug)
    session = get_object_or_404(OfferSession.objects.filter(offer=offer), pk=number)
    try:
        actions.remove_session(session=session, by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("offer-days", slug=offer.slug)


@open_to(coordinator)
@require_POST
def offer_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Opens a draft, or opens again what was paused or closed."""
    offer = _managed(request, slug)
    verb = {OfferState.DRAFT: actions.publish_offer, OfferState.TO_CONFIRM: confirm_offer}.get(
        OfferState(offer.state), actions.reopen_offer
    )
    try:
        verb(offer=offer, by=me(request.user))
    except Refused as refused:
        return offer_page(request, offer, refused.problems)
    messages.success(request, _("Your offer is open to visitors."))
    return redirect(offer)


@open_to(coordinator)
@require_POST
def offer_pause(request: HttpRequest, slug: str) -> HttpResponse:
    offer = _managed(request, slug)
    try:
        actions.pause_offer(offer=offer, by=me(request.user))
    except Refused as refused:
        return offer_page(request, offer, refused.problems)
    messages.success(request, _("Paused. Nobody new can ask; visits that were asked for go on."))
    return redirect(offer)


@open_to(coordinator)
@require_POST
def offer_close(request: HttpRequest, slug: str) -> HttpResponse:
    offer = _managed(request, slug)
    verb = decline_offer if offer.state == OfferState.TO_CONFIRM else actions.close_offer
    try:
        verb(offer=offer, by=me(request.user))
    except Refused as refused:
        return offer_page(request, offer, refused.problems)
    messages.success(request, _("Closed. Visits that were asked for go on."))
    return redirect(offer)


@open_to(coordinator)
@require_safe
def offers_ours(request: HttpRequest) -> HttpResponse:
    """All offers of the organisations that one coordinates, whatever their state."""
    ours = HostOffer.objects.managed_by(me(request.user)).select_related("organisation").defer("search")
    page = Pages(ours.order_by("state", "title", "id"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request, "secondments/offers_ours.html", {"page": page, "missing": _missing_of(_coordinated(request))}
    )


def _managed(request: HttpRequest, slug: str) -> HostOffer:
    """An open offer is visible to everybody; its desk is for its own people."""
    ours = HostOffer.objects.managed_by(me(request.user))
    return get_object_or_404(ours.select_related("organisation__place"), slug=slug)


def _coordinated(request: HttpRequest) -> list[Organisation]:
    return [each.organisation for each in me(request.user).active_memberships if each.is_coordinator]


def _missing_of(organisations: list[Organisation]) -> list[Any]:
    return [problem for organisation in organisations for problem in problems_for_acting(organisation)]
