"""What a change by hand would do to others, in sentences with names. For brokers only."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partnerships.matching.compare import Comparison, Moved
from secondments.matches.days import monday_of
from secondments.matches.problem import offer_pk
from secondments.models import Adjustment, HostOffer, Participation


def touched(comparison: Comparison, *, most: int) -> tuple[list[str], int]:
    """Who would lose a place, get one or go elsewhere, the worst first; and how many more than `most` there are."""
    lost = comparison.lost[:most]
    gained = comparison.gained[: most - len(lost)]
    moved = comparison.moved[: most - len(lost) - len(gained)]
    names = _names([*lost, *gained, *(one.person_id for one in moved)])
    offers = _offers(moved)
    sentences = [
        *(_("%(person)s would have no place.") % {"person": names[who]} for who in lost),
        *(_("%(person)s would get a place.") % {"person": names[who]} for who in gained),
        *(_move(one, names, offers) for one in moved),
    ]
    everybody = len(comparison.lost) + len(comparison.gained) + len(comparison.moved)
    return sentences, everybody - len(sentences)


def _move(one: Moved, names: dict[str, str], offers: dict[str, str]) -> str:
    if one.from_offer_id == one.to_offer_id:
        said = {"person": names[one.person_id], "week": date_format(monday_of(one.to_week), "j F")}
        return _("%(person)s would go in the week of %(week)s instead.") % said
    said = {"person": names[one.person_id], "to": offers[one.to_offer_id], "before": offers[one.from_offer_id]}
    return _("%(person)s would go to %(to)s instead of %(before)s.") % said


def _names(keys: Iterable[str]) -> dict[str, str]:
    people = Participation.objects.filter(uuid__in=list(keys)).values_list("uuid", "membership__user__name")
    return {str(key): name for key, name in people}


def _offers(moved: Iterable[Moved]) -> dict[str, str]:
    """The key of each offer → what it and its host are called."""
    keys = {key: offer_pk(key) for one in moved for key in (one.from_offer_id, one.to_offer_id)}
    found = HostOffer.objects.select_related("organisation").in_bulk(list(keys.values()))
    return {key: f"{found[pk].title}, {found[pk].organisation.name}" for key, pk in keys.items()}


def change_words(change: Adjustment) -> str:
    """What was changed by hand, in a sentence."""
    said = {
        "person": change.participation.membership.user.name,
        "offer": change.offer.title,
        "host": change.offer.organisation.name,
    }
    if change.week is None:
        return _("%(person)s never goes to %(offer)s, %(host)s") % said
    said["week"] = date_format(change.week, "j F")
    return _("%(person)s goes to %(offer)s, %(host)s, in the week of %(week)s") % said
