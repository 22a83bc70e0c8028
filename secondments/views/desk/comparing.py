"""Two answers side by side, for brokers: what was reached, how well people fit, and who goes elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from partnerships.ground.look import Figure
from partnerships.matching.compare import Changed, Comparison, Difference, Visit
from partnerships.matching.types import FIT, PLACED
from secondments.matches import criterion_words, monday_of, part_words
from secondments.matches.costs import called
from secondments.matches.keys import offer_pk
from secondments.models import HostOffer, Participation
from secondments.models.weights import FINER

PAGE_SIZE = 20


def criteria_rows(criteria: Iterable[Difference]) -> list[tuple[str, str, str]]:
    """Each criterion in both; the fit on the average of those placed, of a hundred points, for sums say little."""
    values = {one.name: one for one in criteria}
    return [_criterion(one, values[PLACED]) for one in values.values()]


def _criterion(one: Difference, placed: Difference) -> tuple[str, str, str]:
    title = criterion_words(one.name)[0]
    if one.name != FIT:
        return title, intcomma(one.before), intcomma(one.after)
    title = _("%(criterion)s, on average") % {"criterion": title}
    return title, _points(one.before, placed.before), _points(one.after, placed.after)


def _points(fit: int, people: int) -> str:
    return _("%(points).1f of 100 points") % {"points": fit / FINER / max(people, 1)}


def part_rows(parts: Iterable[Difference]) -> list[tuple[str, str, str]]:
    """How far each part of the fit is met in both."""
    met = _("%(percent)s%%")
    return [(part_words(one.name), met % {"percent": one.before}, met % {"percent": one.after}) for one in parts]


def would_change(found: Comparison) -> list[Figure]:
    """How many would be touched by what is tried, in which way."""
    return [
        Figure(len(found.gained), _("would get a place")),
        Figure(len(found.lost), _("would have none")),
        Figure(len(found.moved), _("would go elsewhere, or in another week")),
    ]


def has_changed(found: Comparison) -> list[Figure]:
    """How many are touched by what lies between two runs, in which way."""
    return [
        Figure(len(found.gained), _("with a place only in the later")),
        Figure(len(found.lost), _("with a place only in the earlier")),
        Figure(len(found.moved), _("elsewhere, or in another week")),
    ]


def page_of(changed: Sequence[Changed], number: str | None) -> Page[Changed]:
    """Some of those who are touched."""
    return Paginator(changed, PAGE_SIZE).get_page(number)


def changed_rows(changed: Iterable[Changed]) -> list[dict[str, Any]]:
    """The people of a page, where each goes in the one and in the other; as many queries however many there are."""
    rows = list(changed)
    people = Participation.objects.select_related("membership__user", "membership__organisation").in_bulk(
        [one.person_id for one in rows], field_name="uuid"
    )
    of_uuid = {str(key): person for key, person in people.items()}
    visits = [visit for one in rows for visit in (one.before, one.after) if visit]
    offers = HostOffer.objects.with_who_shows().in_bulk({offer_pk(key) for key, _week in visits})

    def told(visit: Visit | None) -> dict[str, Any] | None:
        if visit is None:
            return None
        offer = offers[offer_pk(visit[0])]
        return {"called": called(offer), "host": offer.organisation, "week": monday_of(visit[1])}

    return [{"person": of_uuid[one.person_id], "before": told(one.before), "after": told(one.after)} for one in rows]
