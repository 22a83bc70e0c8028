"""What stands against the half-days that were chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.ground import clock
from partnerships.ground.problems import Problem
from partnerships.states import Month
from secondments.models.days import HalfDay, day_words
from secondments.problems.facts import READ, Facts
from secondments.states import Dating

if TYPE_CHECKING:
    from partnerships.models import User
    from secondments.models import HostOffer

MOST_SESSIONS = 40
"""A month of whole days: more is a secondment of another kind."""

LAST_DAY_AHEAD = timedelta(days=550)


def no_days() -> Problem:
    return Problem("no_days", _("Choose at least one morning or afternoon."), "first_day")


def first_day_to_ask(offer: HostOffer, at: datetime) -> date:
    """The first day that can still be asked for; never today."""
    return clock.today(at) + timedelta(days=max(1, offer.notice_days))


def problems_of_range(half_days: Sequence[HalfDay], at: datetime) -> list[Problem]:
    problems = []
    if len(half_days) > MOST_SESSIONS:
        problems.append(
            Problem(
                "too_many", _("Choose at most %(most)d half-days at a time.") % {"most": MOST_SESSIONS}, "first_day"
            )
        )
    if any(each.date <= clock.today(at) for each in half_days):
        problems.append(Problem("past", _("Choose days from tomorrow on."), "first_day"))
    if any(each.date > clock.today(at) + LAST_DAY_AHEAD for each in half_days):
        problems.append(Problem("too_far_ahead", _("Choose days within the next 18 months."), "first_day"))
    return problems


def problems_of_days(
    offer: HostOffer, half_days: Sequence[HalfDay], at: datetime, facts: Facts = READ
) -> list[Problem]:
    problems = problems_of_range(half_days, at)
    first = first_day_to_ask(offer, at)
    if not problems and any(each.date < first for each in half_days):
        sentence = ngettext(
            "%(host)s needs %(days)d day of notice. Choose days from %(first)s on.",
            "%(host)s needs %(days)d days of notice. Choose days from %(first)s on.",
            offer.notice_days,
        )
        words = {"host": offer.organisation.name, "days": offer.notice_days, "first": day_words(first)}
        problems.append(Problem("notice", sentence % words, "first_day"))
    problems += _problems_of_months(offer, half_days)
    problems += _problems_of_named_days(offer, half_days, facts)
    return problems


def _problems_of_months(offer: HostOffer, half_days: Iterable[HalfDay]) -> list[Problem]:
    avoided = {*offer.months_to_avoid, *offer.organisation.months_to_avoid}
    wanted = sorted({each.date.month for each in half_days} & avoided)
    if not wanted or offer.dating == Dating.DATED:
        return []
    months = _(" and ").join(str(Month(number).label) for number in wanted)
    sentence = _("%(host)s takes no visitors in %(months)s. Choose other days.")
    return [Problem("month_avoided", sentence % {"host": offer.organisation.name, "months": months}, "first_day")]


def _problems_of_named_days(offer: HostOffer, half_days: Sequence[HalfDay], facts: Facts) -> list[Problem]:
    """Whether the chosen half-days exist and have a place left; for "ask us", whether the weekday is usual."""
    sessions = facts.sessions(offer, half_days)
    problems = []
    if offer.dating == Dating.DATED:
        missing = [each for each in half_days if each not in sessions]
        if missing:
            sentence = _("%(host)s does not offer %(days)s. Choose among the days that are listed.")
            words = {"host": offer.organisation.name, "days": listed(missing)}
            problems.append(Problem("not_offered", sentence % words, "first_day"))
    elif offer.usual_weekdays and any(each.date.weekday() not in offer.usual_weekdays for each in half_days):
        sentence = _("%(host)s takes visitors on other weekdays. Choose among those that are named.")
        problems.append(Problem("weekday", sentence % {"host": offer.organisation.name}, "first_day"))
    taken = [each for each in half_days if each in sessions and sessions[each].booked >= sessions[each].places]
    if taken:
        problems.append(full(taken))
    return problems


def full(half_days: Collection[HalfDay]) -> Problem:
    sentence = ngettext(
        "%(days)s is taken. Choose another day.", "These are taken: %(days)s. Choose other days.", len(half_days)
    )
    return Problem("full", sentence % {"days": listed(half_days)}, "first_day")


def problems_of_clashes(visitor: User, half_days: Sequence[HalfDay], facts: Facts = READ) -> list[Problem]:
    """Nobody can be in two places. Of visits of their own the database keeps this too; here it is said beforehand."""
    twice = sorted(facts.held(visitor, half_days))
    if twice:
        return [clash(twice)]
    visited = sorted(facts.visited(visitor, half_days))
    sentence = _("Somebody comes to you on %(days)s. Choose other days.")
    return [Problem("visited", sentence % {"days": listed(visited)}, "first_day")] if visited else []


def clash(half_days: Collection[HalfDay] = ()) -> Problem:
    if not half_days:
        return Problem(
            "clash", _("You have asked to be elsewhere on one of these days. Choose other days."), "first_day"
        )
    sentence = _("You have asked to be elsewhere on %(days)s. Choose other days, or withdraw the other visit first.")
    return Problem("clash", sentence % {"days": listed(half_days)}, "first_day")


def listed(half_days: Iterable[HalfDay]) -> str:
    """Tuesday 12 January, morning; Tuesday 19 January, morning."""
    return _("; ").join(each.words() for each in sorted(half_days))
