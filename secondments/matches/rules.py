"""The rules of a programme in sentences: what everybody can read before they join, and beside what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.states import SECTOR_OF_FIELD, Field, Sector
from secondments.models import Programme
from secondments.models.money import pounds
from secondments.states import CheckKind

LARGEST = 3


def who_goes_where(programme: Programme) -> list[str]:
    """Between whom visits count, and whether people go one way or change places."""
    return [*_crossings(programme.crossings), _way(programme)]


def rules_in_words(programme: Programme) -> list[str]:
    """The same, and how far and how long, what is paid and what is needed first."""
    days = ngettext("A visit lasts %(count)s day.", "A visit lasts %(count)s days.", programme.days)
    found = [
        *who_goes_where(programme),
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
    """Sector by sector where all their fields count, else field by field."""
    counting = {(Field(source), Field(target)) for source, target in pairs}
    if counting == _all_between(Field, Field):
        return [_("Any field can visit any other.")]
    found = []
    for source, target in product(Sector, Sector):
        every = _all_between(_fields_of(source), _fields_of(target))
        some = counting & every
        if some and some == every and source == target:
            said = {"sector": source.label}
            found.append(_("%(sector)s can visit: any other field of the same sector.") % said)
        elif some and some == every:
            found.append(_from_to(str(source.label), str(target.label)))
        else:
            found += [
                _from_to(str(each.label), ", ".join(str(to.label) for to in Field if (each, to) in some))
                for each in Field
                if any(one == each for one, _to in some)
            ]
    return found


def _from_to(source: str, target: str) -> str:
    return _("%(source)s can visit: %(target)s.") % {"source": source, "target": target}


def _fields_of(sector: Sector) -> list[Field]:
    return [field for field in Field if SECTOR_OF_FIELD[field] == sector]


def _all_between(sources: Iterable[Field], targets: Iterable[Field]) -> set[tuple[Field, Field]]:
    return {(source, target) for source, target in product(sources, targets) if source != target}
