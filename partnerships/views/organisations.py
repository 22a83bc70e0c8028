"""The directory, and the page of an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from partnerships import postcodes, sections
from partnerships.forms.directory import HERE, DirectorySearch
from partnerships.ground.access import anyone, open_to
from partnerships.ground.look import Fact, Link
from partnerships.ground.paging import Pages
from partnerships.importers.facts import shown
from partnerships.importers.reading import website_in
from partnerships.models import FormerSlug, Organisation, RegisterEntry
from partnerships.models.organisations import OrganisationQuerySet
from partnerships.permissions import is_member, may_coordinate
from partnerships.states import ATTRIBUTIONS, OrganisationState, SizeBand

PAGE_SIZE = 20
WORDS_ON_A_CARD = 30

STATES: dict[str, Promise] = {
    OrganisationState.LISTED: gettext_lazy("Listed from a public register. Nobody from there has joined yet."),
    OrganisationState.TO_BE_CONFIRMED: gettext_lazy(
        "Entered by its own people. A broker of the area, or we, still have to confirm it."
    ),
    OrganisationState.CLAIMED: gettext_lazy("Looked after here by its own people."),
    OrganisationState.VOUCHED: gettext_lazy("Looked after by its own people, and known to a broker in its area."),
    OrganisationState.VERIFIED: gettext_lazy("Looked after by its own people. We have checked who they are."),
    OrganisationState.SUSPENDED: gettext_lazy("Suspended. Visitors do not see this page."),
}
"""What the state of an organisation means to who reads its page. Those that are no more have a notice of their own."""

SCHEMES: dict[str, Promise] = {
    "GB-CHC": gettext_lazy("Charity number in England and Wales"),
    "GB-SC": gettext_lazy("Charity number in Scotland"),
    "GB-NIC": gettext_lazy("Charity number in Northern Ireland"),
    "GB-COH": gettext_lazy("Company number"),
    "GB-NHS": gettext_lazy("NHS organisation code"),
    "GB-LAE": gettext_lazy("Local authority code, England"),
    "GB-LAS": gettext_lazy("Local authority code, Scotland"),
    "GB-PLA": gettext_lazy("Local authority code, Wales"),
    "GB-LANI": gettext_lazy("Local authority code, Northern Ireland"),
    "GSS": gettext_lazy("Area code (ONS)"),
    "XX-DEMO": gettext_lazy("Invented for the demonstration"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What one register says, and since when; the line that its licence asks for stands below."""

    register: str
    facts: list[Fact]
    as_of: date
    attribution: str
    closed_on: date | None


@require_safe
@open_to(anyone)
def organisations(request: HttpRequest) -> HttpResponse:
    """Search by words and place. What is wrong in one field leaves the others at work."""
    visible = Organisation.objects.visible_to(request.user).public()
    search = DirectorySearch(request.GET)
    search.full_clean()
    found = _found(visible, search)
    here = Pages(found.acting(), PAGE_SIZE)
    pages = here if search.here_only else Pages(found, PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    asked = search.cleaned_data
    near = asked.get("near")
    context = {
        "form": search,
        "page": page,
        "cards": [_card(organisation) for organisation in page.object_list],
        "title": _title(pages, search),
        "here": here,
        "here_only": search.here_only,
        "others_too": _instead(request, who=""),
        "those_here": _instead(request, who=HERE),
        "near": near,
        "others": [Link(name, _instead(request, near=name)) for name in near.others] if near else [],
        "asked": bool(request.GET),
        "attribution": postcodes.ATTRIBUTION,
    }
    return render(request, "partnerships/organisations.html", context)


def _found(visible: OrganisationQuerySet, search: DirectorySearch) -> OrganisationQuerySet:
    asked = search.cleaned_data
    found = visible.select_related("place").defer("search")
    for name in ("sector", "field"):
        if asked.get(name):
            found = found.filter(**{name: asked[name]})
    if asked.get("q"):
        found = found.about(asked["q"])
    if asked.get("near"):
        found = found.within(search.km(), of=asked["near"].point)
    return found.order_by(*search.order())


def _title(pages: Pages[Organisation], search: DirectorySearch) -> str:
    words = {"number": pages.counted, "km": search.km(), "place": ""}
    if near := search.cleaned_data.get("near"):
        words["place"] = near.label
        if search.here_only:
            found = ngettext(
                "%(number)s organisation here within %(km)s km of %(place)s",
                "%(number)s organisations here within %(km)s km of %(place)s",
                pages.found,
            )
        else:
            found = ngettext(
                "%(number)s organisation within %(km)s km of %(place)s",
                "%(number)s organisations within %(km)s km of %(place)s",
                pages.found,
            )
    elif search.here_only:
        found = ngettext(
            "%(number)s organisation here on In Your Shoes",
            "%(number)s organisations here on In Your Shoes",
            pages.found,
        )
    else:
        found = ngettext("%(number)s organisation", "%(number)s organisations", pages.found)
    return found % words


def _instead(request: HttpRequest, **changes: str) -> str:
    """The address of the same search with something else in it, such as another place that the word may have meant."""
    query = request.GET.copy()
    for name, value in {**changes, "page": ""}.items():
        query[name] = value
        if not value:
            del query[name]
    return f"?{query.urlencode()}"


def _card(organisation: Organisation) -> dict[str, Any]:
    """What parts/card.html shows of one organisation. Only a search near somewhere knows a distance."""
    where = [organisation.place.name] if organisation.place else []
    distance = getattr(organisation, "distance_km", None)
    if distance is not None:
        # Whole kilometres: most stand in the middle of their postcode's first half, not where they are.
        where.append(_("%(km)s km away") % {"km": round(distance)} if distance >= 1 else _("less than 1 km away"))
    if organisation.is_here:
        where.append(_("Here on In Your Shoes"))
    said = organisation.what_it_does or organisation.register_summary.partition("\n")[0]
    return {
        "title": organisation.name,
        "url": organisation.get_absolute_url(),
        "sector": organisation.sector,
        "label": organisation.get_field_display(),
        "text": Truncator(said).words(WORDS_ON_A_CARD, truncate="…"),
        "meta": " · ".join(where),
    }


@require_safe
@open_to(anyone)
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organisation says of itself, and apart from it what registers say. A former address leads here."""
    with_page = Organisation.objects.with_page_for(request.user)
    found = (
        with_page.filter(slug=slug)
        .select_related("place__parent", "merged_into")
        .prefetch_related("identifiers", "register_entries")
        .defer("search", "register_summary")
        .first()
    )
    if found is None:
        former = get_object_or_404(FormerSlug, slug=slug, organisation__in=with_page)
        return redirect(former.organisation, permanent=True)
    if found.merged_into:
        return redirect(found.merged_into, permanent=True)
    entries = [_entry(entry) for entry in found.register_entries.all()]
    context = {
        "organisation": found,
        "state": STATES.get(found.state, ""),
        "is_closed": found.state == OrganisationState.CLOSED,
        "closed_on": next((entry.closed_on for entry in entries if entry.closed_on), None),
        "may_be_claimed": found.state == OrganisationState.LISTED,
        "may_be_joined": found.may_act and not is_member(request.user, found),
        "may_change": may_coordinate(request.user, found),
        "facts": _facts(found),
        "website": found.website if website_in(found.website) else "",
        "entries": entries,
        "sections": sections.gather(found, request.user),
    }
    return render(request, "partnerships/organisation.html", context)


def _entry(entry: RegisterEntry) -> Entry:
    return Entry(
        register=entry.get_register_display(),
        facts=shown(entry.register, entry.facts),
        as_of=entry.as_of,
        closed_on=entry.closed_on,
        attribution=ATTRIBUTIONS.get(entry.register, ""),
    )


def _facts(organisation: Organisation) -> list[Fact]:
    """Where it is, what it is, and by which numbers others know it."""
    facts = []
    if organisation.place:
        above = organisation.place.parent
        facts.append(Fact(_("Place"), f"{organisation.place}, {above}" if above else str(organisation.place)))
    if organisation.legal_form:
        facts.append(Fact(_("Legal form"), organisation.legal_form))
    if organisation.size != SizeBand.UNKNOWN:
        facts.append(Fact(_("Income"), organisation.get_size_display()))
    return facts + [
        Fact(SCHEMES.get(identifier.scheme, identifier.scheme), identifier.value)
        for identifier in organisation.identifiers.all()
    ]
