"""Looking for a visit: the list of offers, and the page of one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partnerships.ground import clock
from partnerships.ground.access import anyone, open_to
from partnerships.ground.look import Answer
from partnerships.ground.paging import Pages
from partnerships.models import Membership
from partnerships.states import Month, Sector, Weekday
from secondments.forms.offers import OfferSearch
from secondments.models import HostOffer, OfferSession
from secondments.models.days import WEEKDAYS, day_words
from secondments.models.money import payment_words, pounds
from secondments.models.offers import HostOfferQuerySet
from secondments.permissions import may_manage_offer
from secondments.problems import problems_for_asking, problems_for_publishing
from secondments.states import AccessNeed, CheckKind, Dating, OfferState
from secondments.views.calendar import calendar_of

if TYPE_CHECKING:
    from partnerships.ground.problems import Problem

PAGE_SIZE = 20
DAYS_AT_A_GLANCE = 8


@open_to(anyone)
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """Everything that is open, newest first, by words, place, sector, field, how and when."""
    form = OfferSearch(request.GET or None)
    found = HostOffer.objects.open()
    if form.is_bound and form.is_valid():
        found = _search(found, form.cleaned_data)
    pages = Pages(found.defer("search", "organisation__search").select_related("organisation__place"), PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "search": form,
        "page": page,
        "cards": cards_of(page.object_list),
        "may_offer": request.user.is_authenticated and request.user.is_coordinator,
    }
    return render(request, "secondments/offers.html", context)


def _search(found: HostOfferQuerySet, asked: dict[str, Any]) -> HostOfferQuerySet:
    if asked["q"]:
        found = found.matching(SearchQuery(asked["q"], config="english", search_type="websearch"))
    if place := asked["place"]:
        found = found.near(place)
    if asked["sector"]:
        found = found.filter(organisation__sector=asked["sector"])
    if asked["field"]:
        found = found.filter(organisation__field=asked["field"])
    if asked["mode"]:
        found = found.filter(mode=asked["mode"])
    if month := asked["month"]:
        found = found.open_in(month, today=clock.today())
    return found


def cards_of(offers: Iterable[HostOffer]) -> list[dict[str, Any]]:
    """What parts/card.html shows of each."""
    listed = list(offers)
    next_free = OfferSession.objects.next_free(listed, today=clock.today())
    return [_card(each, next_free.get(each.pk)) for each in listed]


def _card(offer: HostOffer, next_free: date | None) -> dict[str, Any]:
    organisation = offer.organisation
    if offer.dating == Dating.ASK_US:
        when = _("Ask us: %(days)s") % {"days": usual_days(offer)}
    elif next_free:
        when = _("Next free day: %(day)s") % {"day": day_words(next_free)}
    else:
        when = _("No free day at the moment")
    where = organisation.place.name if organisation.place else ""
    return {
        "title": offer.title,
        "url": offer.get_absolute_url(),
        "sector": organisation.sector,
        "label": organisation.get_field_display(),
        "text": _(" · ").join(filter(None, [organisation.name, where, str(offer.get_mode_display())])),
        "lines": [when, payment_words(offer.payment_pence)],
    }


def usual_days(offer: HostOffer) -> str:
    """Mondays and Thursdays; not in August."""
    if offer.usual_weekdays:
        names = [str(WEEKDAYS[Weekday(number)]) for number in sorted(offer.usual_weekdays)]
        words = _(", ").join(names)
    else:
        words = _("any day")
    avoided = sorted({*offer.months_to_avoid, *offer.organisation.months_to_avoid})
    if avoided:
        months = _(", ").join(str(Month(number).label) for number in avoided)
        words = _("%(days)s; not in %(months)s") % {"days": words, "months": months}
    return words


@open_to(anyone)
@require_safe
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """One offer: what one will see, when, on what terms, and why it may not suit."""
    thing = get_object_or_404(
        HostOffer.objects.visible_to(request.user).select_related("organisation__place"), slug=slug
    )
    return offer_page(request, thing)


def offer_page(request: HttpRequest, offer: HostOffer, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    """The page, also with what stood against the button that was pressed on it."""
    at = clock.now()
    manages = may_manage_offer(request.user, offer)
    calendar = calendar_of(offer, request.user, at, most=DAYS_AT_A_GLANCE) if offer.dating == Dating.DATED else None
    context: dict[str, Any] = {
        "offer": offer,
        "organisation": offer.organisation,
        "calendar": calendar,
        "usual_days": usual_days(offer),
        "terms": _terms(offer),
        "terms_note": _("Your travel and meals are paid by your own organisation."),
        "meets": [AccessNeed(each).label for each in offer.meets],
        "needed": [Answer(CheckKind(kind).label, _whose(kind)) for kind in offer.checks],
        "problems": problems,
        "manages": manages,
        "is_open": offer.state == OfferState.PUBLISHED and offer.organisation.may_act,
    }
    if manages:
        context["missing"] = () if problems else _missing(offer)
    elif request.user.is_authenticated:
        memberships = request.user.active_memberships
        context["against"] = _against(memberships, offer)
        context["asks_about_ties"] = not offer.accepts_ties and any(_may_have_ties(each) for each in memberships)
    return render(request, "secondments/offer.html", context)


def _terms(offer: HostOffer) -> list[Answer]:
    """What is paid, what is expected and how long it takes: before the ask, not after."""
    notice = ngettext("%(days)d day", "%(days)d days", offer.notice_days) % {"days": offer.notice_days}
    paid = _("%(pounds)s a day") % {"pounds": pounds(offer.payment_pence)} if offer.payment_pence else _("None asked")
    return [
        Answer(_("Paid to the host by your organisation"), paid),
        Answer(_("How"), offer.get_mode_display()),
        Answer(_("Visitors at a time"), str(offer.places)),
        Answer(_("Notice"), notice),
        Answer(
            _("If your team funds or inspects them"), _("Welcome") if offer.accepts_ties else _("Another host, please")
        ),
    ]


def _whose(kind: str) -> str:
    return {
        CheckKind.CONFIDENTIALITY: _("You promise"),
        CheckKind.LETTER_OF_ASSURANCE: _("Your employer"),
        CheckKind.INDUCTION: _("The host"),
    }[CheckKind(kind)]


def _missing(offer: HostOffer) -> list[Problem]:
    return problems_for_publishing(offer) if offer.state != OfferState.PUBLISHED else []


def _may_have_ties(membership: Membership) -> bool:
    """Whether their team may fund or inspect a host: they are asked on the second page, and better know on this one."""
    return membership.is_commissioner or membership.organisation.sector == Sector.PUBLIC


def _against(memberships: list[Membership], offer: HostOffer) -> list[Problem]:
    """Why it may not suit; nothing if one of the person's organisations may ask."""
    against = [problems_for_asking(membership, offer) for membership in memberships]
    return min(against, key=len, default=[])
