"""What a change by hand would do to others, in sentences with names. For brokers only."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partnerships.matching.compare import Changed, Comparison, Visit
from secondments.matches.days import monday_of
from secondments.matches.keys import offer_pk
from secondments.models import Adjustment, HostOffer, Match, Participation


def touched(comparison: Comparison, *, most: int) -> tuple[list[str], int]:
    """Who would lose a place, get one or go elsewhere, the worst first; and how many more than `most` there are."""
    told = comparison.changed[:most]
    names, offers = _names(one.person_id for one in told), _offers(told)
    return [_sentence(one, names, offers) for one in told], len(comparison.changed) - len(told)


def _sentence(one: Changed, names: dict[str, str], offers: dict[str, str]) -> str:
    person = names[one.person_id]
    if one.after is None:
        return _("%(person)s would have no place.") % {"person": person}
    if one.before is None:
        return _("%(person)s would get a place.") % {"person": person}
    return _move(person, one.before, one.after, offers)


def _move(person: str, before: Visit, after: Visit, offers: dict[str, str]) -> str:
    if before[0] == after[0]:
        said = {"person": person, "week": date_format(monday_of(after[1]), "j F")}
        return _("%(person)s would go in the week of %(week)s instead.") % said
    said = {"person": person, "to": offers[after[0]], "before": offers[before[0]]}
    return _("%(person)s would go to %(to)s instead of %(before)s.") % said


def _names(keys: Iterable[str]) -> dict[str, str]:
    people = Participation.objects.filter(uuid__in=list(keys)).values_list("uuid", "membership__user__name")
    return {str(key): name for key, name in people}


def _offers(changed: Iterable[Changed]) -> dict[str, str]:
    """The key of each offer → what it and its host are called."""
    visits = (visit for one in changed for visit in (one.before, one.after) if visit)
    keys = {key: offer_pk(key) for key, _week in visits}
    found = HostOffer.objects.with_who_shows().in_bulk(list(keys.values()))
    return {key: f"{called(found[pk])}, {found[pk].organisation.name}" for key, pk in keys.items()}


def called(offer: HostOffer) -> str:
    """What a broker knows it by: what is offered, or whose day it is where one person shows it."""
    return offer.title if offer.shown_by is None else offer.shown_by.membership.user.name


def visit_words(match: Match) -> str:
    """Who goes where in which week, in a sentence."""
    said = {
        "person": match.participation.membership.user.name,
        "offer": called(match.offer),
        "host": match.offer.organisation.name,
        "week": date_format(match.week, "j F"),
    }
    return _("%(person)s goes to %(offer)s, %(host)s, in the week of %(week)s.") % said


def change_words(change: Adjustment) -> str:
    """What was changed by hand, in a sentence."""
    said = {
        "person": change.participation.membership.user.name,
        "offer": called(change.offer),
        "host": change.offer.organisation.name,
    }
    if change.week is None:
        return _("%(person)s never goes to %(offer)s, %(host)s") % said
    said["week"] = date_format(change.week, "j F")
    return _("%(person)s goes to %(offer)s, %(host)s, in the week of %(week)s") % said
