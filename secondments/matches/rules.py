"""The rules of a programme in sentences: what everybody can read before they join, and beside what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.states import Field
from secondments.models import Programme
from secondments.models.money import pounds
from secondments.states import CheckKind

LARGEST = 3


def rules_in_words(programme: Programme) -> list[str]:
    """Who may go where, how people are placed, how far and how long, what is paid and what is needed first."""
    days = ngettext("A visit lasts %(count)s day.", "A visit lasts %(count)s days.", programme.days)
    found = [
        *_crossings(programme.crossings),
        _way(programme),
        days % {"count": programme.days},
        _("Nobody is sent further than %(km)s km.") % {"km": programme.most_km},
    ]
    if programme.pays_pence:
        found.append(_("A host can be paid up to %(sum)s a day.") % {"sum": pounds(programme.pays_pence)})
    if programme.pays_cover_pence:
        found.append(
            _("Cover for a visitor can be paid up to %(sum)s a day.") % {"sum": pounds(programme.pays_cover_pence)}
        )
    if programme.checks:
        checks = get_text_list([str(CheckKind(kind).label) for kind in programme.checks], _("and"))
        found.append(_("Needed of every visitor: %(checks)s.") % {"checks": checks})
    if programme.by_enrolment:
        found.append(_("For people of organisations that accepted its terms."))
    return found


def _way(programme: Programme) -> str:
    """One way, in exchange, or either."""
    if programme.largest_exchange == 1:
        return _("People visit, and nobody need come in return.")
    if programme.largest_exchange < LARGEST:
        exchange = _("Two people change places.")
    else:
        exchange = _("Two people change places, or three go round: each visits the next.")
    return _("%(exchange)s Others visit one way.") % {"exchange": exchange} if programme.one_way else exchange


def _crossings(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Sources that go to the same fields together."""
    targets: dict[str, set[str]] = defaultdict(set)
    for source, target in pairs:
        targets[source].add(target)
    if all(targets[field] == {*Field.values} - {field} for field in Field.values):
        return [_("Visits between any two different fields count.")]
    alike: dict[frozenset[str], list[str]] = defaultdict(list)
    for source in Field.values:
        if targets[source]:
            alike[frozenset(targets[source])].append(source)
    return [
        _("From: %(sources)s. To: %(targets)s.") % {"sources": _fields(sources), "targets": _fields(to)}
        for to, sources in alike.items()
    ]


def _fields(fields: Iterable[str]) -> str:
    known = set(fields)
    return ", ".join(str(field.label) for field in Field if field.value in known)
