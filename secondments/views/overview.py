"""An organisation's side at a glance, for its coordinators: who goes, who comes, who has to, and what waits."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partnerships.ground import clock
from partnerships.ground.access import coordinator, open_to
from partnerships.ground.look import Figure, Tone
from partnerships.ground.paging import Pages
from partnerships.models import Membership, Organisation, User
from partnerships.permissions import me
from partnerships.states import MembershipState, Sector
from secondments.models import Decision, HostOffer, OfferSession, Placement, PlacementSession
from secondments.models.days import day_words
from secondments.models.placements import PlacementQuerySet
from secondments.states import LIVE_STATES, Dating, DecisionKind, OfferState, PlacementState
from secondments.views.placements import rows_of

PAGE_SIZE = 10


@open_to(coordinator)
@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Every list has pages of its own, and the counts of all of them are read in three questions."""
    user = me(request.user)
    organisation = get_object_or_404(Organisation.objects.coordinated_by(user), slug=slug)
    live = Placement.objects.live()
    visits = live.aggregate(
        going=Count("pk", filter=Q(home=organisation)), coming=Count("pk", filter=Q(offer__organisation=organisation))
    )
    people = _people(organisation)
    offers = HostOffer.objects.filter(organisation=organisation).exclude(state=OfferState.CLOSED)
    open_offers = Count("pk", filter=Q(state=OfferState.PUBLISHED))
    counted = {**visits, **people, **offers.aggregate(offers=Count("pk"), open=open_offers)}
    pages = {
        "going": _page(request, "going", _soonest(live.filter(home=organisation)), counted["going"]),
        "coming": _page(request, "coming", _soonest(live.hosted_by(organisation.pk)), counted["coming"]),
        "commissioners": _page(request, "commissioners", _commissioners(organisation), counted["commissioners"]),
        "offers": _page(request, "offers", _with_next_day(offers), counted["offers"]),
    }
    prefetch_related_objects([*pages["going"], *pages["coming"]], "sessions", "decisions", "checks")
    at = clock.now()
    waiting = _waiting(user, organisation)
    context = {
        "organisation": organisation,
        "title": _title(organisation, waiting + counted["asked"]),
        "waiting": waiting,
        "asked": counted["asked"],
        "figures": _figures(counted),
        "pages": pages,
        "going": rows_of(pages["going"], user, at),
        "coming": rows_of(pages["coming"], user, at),
        "commissioners": [_commissioner(each) for each in pages["commissioners"]],
        "offers": [_offer(each) for each in pages["offers"]],
        "asks_for_commissioners": organisation.sector == Sector.PUBLIC,
    }
    return render(request, "secondments/overview.html", context)


def _page(request: HttpRequest, name: str, rows: QuerySet[Any], found: int) -> Any:
    return Pages(rows, PAGE_SIZE, found=found).get_page(request.GET.get(name))


def _people(organisation: Organisation) -> dict[str, int]:
    """How many have to go, how many of them have been, and how many say that they work here and wait for a yes."""
    active = Q(state=MembershipState.ACTIVE, is_commissioner=True)
    return organisation.memberships.aggregate(
        commissioners=Count("pk", filter=active),
        been=Count("pk", filter=active & Q(Exists(_visits_of_member().filter(state=PlacementState.COMPLETED)))),
        asked=Count("pk", filter=Q(state=MembershipState.ASKED)),
    )


def _waiting(user: User, organisation: Organisation) -> int:
    """Yes or no that this person may say for this organisation, as the host or about its own people."""
    as_host = Q(kind=DecisionKind.HOST)
    here = (as_host & Q(placement__offer__organisation=organisation)) | (~as_host & Q(placement__home=organisation))
    return Decision.objects.visible_to(user).to_answer().filter(here).count()


def _soonest(placements: PlacementQuerySet) -> PlacementQuerySet:
    first = PlacementSession.objects.filter(placement=OuterRef("pk")).order_by("date")
    ordered = placements.annotate(first_day=Subquery(first.values("date")[:1])).order_by("first_day", "id")
    return ordered.select_related("visitor", "home", "offer__organisation")


def _visits_of_member() -> PlacementQuerySet:
    return Placement.objects.filter(visitor=OuterRef("user"), home=OuterRef("organisation"))


def _commissioners(organisation: Organisation) -> QuerySet[Membership]:
    """Whoever has not been comes first: that is who somebody must speak with."""
    days = PlacementSession.objects.filter(
        placement__visitor=OuterRef("user"), placement__home=OuterRef("organisation")
    )
    been = days.filter(placement__state=PlacementState.COMPLETED).order_by("-date")
    goes = days.filter(placement__state__in=LIVE_STATES).order_by("date")
    return (
        organisation.memberships.active()
        .filter(is_commissioner=True)
        .select_related("user")
        .annotate(been_on=Subquery(been.values("date")[:1]), goes_on=Subquery(goes.values("date")[:1]))
        .order_by(F("been_on").asc(nulls_first=True), F("goes_on").asc(nulls_first=True), "user__name", "id")
    )


def _with_next_day(offers: QuerySet[HostOffer]) -> QuerySet[HostOffer]:
    free = OfferSession.objects.free().filter(date__gt=clock.today(), offer=OuterRef("pk")).order_by()
    next_day = free.values("offer").annotate(first=Min("date")).values("first")
    return offers.defer("search").annotate(next_day=Subquery(next_day)).order_by("state", "title", "id")


def _title(organisation: Organisation, waiting: int) -> str:
    if not waiting:
        return _("%(name)s: nothing waits for you") % {"name": organisation.name}
    words = ngettext("%(name)s: %(many)s waits for your answer", "%(name)s: %(many)s wait for your answer", waiting)
    return words % {"name": organisation.name, "many": waiting}


def _figures(counted: dict[str, int]) -> list[Figure]:
    figures = [
        Figure(
            counted["going"],
            ngettext(
                "visit of your people, asked for or ahead",
                "visits of your people, asked for or ahead",
                counted["going"],
            ),
        ),
        Figure(
            counted["coming"],
            ngettext("visit to you, asked for or ahead", "visits to you, asked for or ahead", counted["coming"]),
        ),
        Figure(counted["open"], ngettext("offer open to visitors", "offers open to visitors", counted["open"])),
    ]
    if counted["commissioners"]:
        been = _("%(been)s of %(all)s") % {"been": counted["been"], "all": counted["commissioners"]}
        figures.append(Figure(been, _("commissioners have been on a visit")))
    return figures


def _commissioner(membership: Any) -> dict[str, object]:
    been: date | None = membership.been_on
    goes: date | None = membership.goes_on
    tone: Tone = "done" if been else "quiet" if goes else "waiting"
    if been:
        stands = _("Has been, last on %(day)s") % {"day": day_words(been)}
    elif goes:
        stands = _("Has asked for or booked %(day)s") % {"day": day_words(goes)}
    else:
        stands = _("Not yet")
    return {"membership": membership, "stands": stands, "tone": tone}


def _offer(offer: Any) -> dict[str, object]:
    if offer.dating == Dating.ASK_US:
        when = _("Agreed with each visitor")
    else:
        when = (
            _("Next free day: %(day)s") % {"day": day_words(offer.next_day)} if offer.next_day else _("No day is free")
        )
    return {"offer": offer, "when": when, "tone": "done" if offer.state == OfferState.PUBLISHED else "quiet"}
