"""An organisation's side at a glance, for its coordinators: who goes, who comes, who has to, and what waits."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partnerships.ground import clock
from partnerships.ground.access import coordinator, open_to
from partnerships.ground.counting import count_each
from partnerships.ground.look import Figure, Tone
from partnerships.ground.paging import Pages
from partnerships.models import Organisation
from partnerships.permissions import me
from partnerships.states import Sector
from secondments.models import Decision, HostOffer, Placement
from secondments.models.commissioners import commissioners_of, who_have_been, with_their_visits
from secondments.models.days import day_words
from secondments.states import Dating, OfferState
from secondments.views.placements import rows_of

PAGE_SIZE = 10


@open_to(coordinator)
@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Every list has pages of its own, and the counts of all of them are read in one question."""
    user = me(request.user)
    organisation = get_object_or_404(Organisation.objects.coordinated_by(user), slug=slug)
    offers = HostOffer.objects.of_organisations().not_closed().filter(organisation=organisation)
    live = Placement.objects.live()
    going, coming = live.sent_by(organisation.pk), live.hosted_by(organisation.pk)
    commissioners = commissioners_of(organisation)
    counted = count_each(
        waiting=Decision.objects.visible_to(user).to_answer().for_organisation(organisation),
        asked=organisation.memberships.asked(),
        going=going,
        coming=coming,
        commissioners=commissioners,
        been=who_have_been(commissioners),
        offers=offers,
        open=offers.published(),
    )
    lists: dict[str, QuerySet[Any]] = {
        "going": going.soonest_first().select_related("visitor", "home", "offer__organisation"),
        "coming": coming.soonest_first().select_related("visitor", "home", "offer__organisation"),
        "commissioners": with_their_visits(commissioners),
        "offers": offers.with_next_day(clock.today()),
    }
    pages = {name: _page(request, name, rows, counted[name]) for name, rows in lists.items()}
    prefetch_related_objects([*pages["going"], *pages["coming"]], "sessions", "decisions", "checks")
    at = clock.now()
    context = {
        "organisation": organisation,
        "title": _title(organisation, counted["waiting"] + counted["asked"]),
        "waiting": counted["waiting"],
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
