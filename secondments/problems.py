"""Every reason why not, for asking first: as a code, and as a sentence that says what to do next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.ground import clock
from partnerships.ground.problems import Problem
from partnerships.states import MembershipState, Month, OrganisationState, WhoAgrees
from secondments.models import OfferSession, PlacementSession
from secondments.models.days import HalfDay, day_words, quarter_of, week_of
from secondments.permissions import coordinator_addresses
from secondments.states import HOLDING_STATES, TIES_OVER_HOST, Dating, OfferState, PlacementState, SwapState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from partnerships.models import Membership, Organisation, User
    from secondments.models import HostOffer, Placement, Swap

MOST_SESSIONS = 40
"""A month of whole days: more is a secondment of another kind."""

LAST_DAY_AHEAD = timedelta(days=550)

TIME_FOR_CHECKS = timedelta(days=7)
"""How long after the last day something needed first may still be marked as done."""


def problems_for_acting(organisation: Organisation) -> list[Problem]:
    """An organisation acts once somebody answers for it and somebody else knows that they do."""
    if organisation.may_act:
        return []
    if organisation.state == OrganisationState.TO_BE_CONFIRMED:
        sentence = _(
            "%(organisation)s is still to be confirmed. We check, or a broker in your area can vouch for you. "
            "What you write is kept as a draft until then."
        )
    elif organisation.state == OrganisationState.LISTED:
        sentence = _("Nobody looks after %(organisation)s here yet. Claim it on its page first.")
    else:
        sentence = _("%(organisation)s cannot take part at the moment. Write to us on the contact page.")
    return [Problem("organisation_not_acting", sentence % {"organisation": organisation.name})]


def not_allowed() -> Problem:
    """For verbs that are no change of state, and so have no table to say who may."""
    return Problem("not_allowed", _("You cannot do this. Ask a coordinator of the organisation."))


def no_days() -> Problem:
    return Problem("no_days", _("Choose at least one morning or afternoon."), "first_day")


def problems_for_publishing(offer: HostOffer) -> list[Problem]:
    problems = problems_for_acting(offer.organisation)
    if offer.dating == Dating.DATED and not offer.sessions.from_day(clock.today()).exists():
        problems.append(
            Problem("no_days", _("Add at least one day to come first, or say “ask us” instead of naming days."), "days")
        )
    return problems


def problems_for_removing_session(session: OfferSession) -> list[Problem]:
    if session.booked:
        return [
            Problem(
                "session_held", _("Somebody has asked for this day or is coming. Answer or cancel their visit first.")
            )
        ]
    return []


def problems_for_adding_sessions(half_days: Sequence[HalfDay], at: datetime) -> list[Problem]:
    problems = []
    if not half_days:
        problems.append(Problem("no_days", _("Choose a first day and at least one half of it."), "first_day"))
    problems += _problems_of_range(half_days, at)
    return problems


def problems_for_asking(
    membership: Membership,
    offer: HostOffer,
    half_days: Sequence[HalfDay] = (),
    *,
    tie: str = "",
    at: datetime | None = None,
) -> list[Problem]:
    """Why this offer may not suit this person. Without days: what can be said before any is chosen."""
    at = at or clock.now()
    problems = problems_for_acting(membership.organisation)
    if membership.state != MembershipState.ACTIVE:
        sentence = _("Whoever goes no longer belongs to %(organisation)s. Ask for the visit from where they work now.")
        words = {"organisation": membership.organisation.name}
        problems.append(Problem("no_longer_there", sentence % words))
    if offer.state != OfferState.PUBLISHED or not offer.organisation.may_act:
        problems.append(Problem("offer_not_open", _("This offer is not open now. Look for another one.")))
    elif not [each for each in coordinator_addresses(offer.organisation) if each != membership.user.email]:
        sentence = _("Nobody at %(host)s can answer at the moment. Look for another host.")
        problems.append(Problem("nobody_to_answer", sentence % {"host": offer.organisation.name}))
    if membership.organisation_id == offer.organisation_id:
        problems.append(
            Problem(
                "same_organisation", _("This is your own organisation. A visit goes to another one: choose another.")
            )
        )
    if tie in TIES_OVER_HOST:
        problems += problems_of_tie(offer)
    if tie:
        problems += problems_of_agreeing(membership, tie)
    if half_days:
        problems += problems_of_days(offer, half_days, at)
        problems += problems_of_clashes(membership.user, half_days)
        problems += problems_of_limits(membership, offer, half_days)
    elif offer.dating == Dating.DATED and not offer.sessions.from_day(first_day_to_ask(offer, at)).free().exists():
        problems.append(
            Problem("full", _("All its days are taken. Look at other offers, or come back: days are sometimes freed."))
        )
    return problems


def problems_of_tie(offer: HostOffer) -> list[Problem]:
    if offer.accepts_ties:
        return []
    sentence = _(
        "%(host)s does not take visitors whose team funds, buys from, inspects or assesses them. "
        "Choose a host with whom your team has no such tie."
    )
    return [Problem("tie_refused", sentence % {"host": offer.organisation.name}, "tie")]


def problems_of_agreeing(membership: Membership, tie: str) -> list[Problem]:
    """Nobody approves themselves: where a coordinator must agree, there has to be another one."""
    organisation = membership.organisation
    if organisation.who_agrees == WhoAgrees.SELF:
        return []
    if organisation.who_agrees != WhoAgrees.COORDINATOR and tie not in TIES_OVER_HOST:
        return []
    others = [address for address in coordinator_addresses(organisation) if address != membership.user.email]
    if others:
        return []
    return [
        Problem(
            "nobody_to_agree",
            _(
                "A coordinator of your organisation must agree, and nobody may agree to their own visit. "
                "Ask a colleague to become a coordinator too."
            ),
        )
    ]


def first_day_to_ask(offer: HostOffer, at: datetime) -> date:
    """The first day that can still be asked for; never today."""
    return clock.today(at) + timedelta(days=max(1, offer.notice_days))


def _problems_of_range(half_days: Sequence[HalfDay], at: datetime) -> list[Problem]:
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


def problems_of_days(offer: HostOffer, half_days: Sequence[HalfDay], at: datetime) -> list[Problem]:
    problems = _problems_of_range(half_days, at)
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
    problems += _problems_of_named_days(offer, half_days)
    return problems


def _problems_of_months(offer: HostOffer, half_days: Iterable[HalfDay]) -> list[Problem]:
    avoided = {*offer.months_to_avoid, *offer.organisation.months_to_avoid}
    wanted = sorted({each.date.month for each in half_days} & avoided)
    if not wanted or offer.dating == Dating.DATED:
        return []
    months = _(" and ").join(str(Month(number).label) for number in wanted)
    sentence = _("%(host)s takes no visitors in %(months)s. Choose other days.")
    return [Problem("month_avoided", sentence % {"host": offer.organisation.name, "months": months}, "first_day")]


def _problems_of_named_days(offer: HostOffer, half_days: Sequence[HalfDay]) -> list[Problem]:
    """Whether the chosen half-days exist and have a place left; for "ask us", whether the weekday is usual."""
    sessions = {
        HalfDay(session.date, session.half): session
        for session in offer.sessions.filter(date__in={each.date for each in half_days})
    }
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


def problems_of_clashes(visitor: User, half_days: Sequence[HalfDay]) -> list[Problem]:
    """Nobody can be in two places. The database keeps this too; here it is said beforehand."""
    mine = PlacementSession.objects.filter(visitor=visitor, holding=True, date__in={each.date for each in half_days})
    held = {HalfDay(*each) for each in mine.values_list("date", "half")}
    twice = [each for each in half_days if each in held]
    return [clash(twice)] if twice else []


def clash(half_days: Collection[HalfDay] = ()) -> Problem:
    if not half_days:
        return Problem(
            "clash", _("You have asked to be elsewhere on one of these days. Choose other days."), "first_day"
        )
    sentence = _("You have asked to be elsewhere on %(days)s. Choose other days, or withdraw the other visit first.")
    return Problem("clash", sentence % {"days": listed(half_days)}, "first_day")


def problems_of_limits(membership: Membership, offer: HostOffer, half_days: Sequence[HalfDay]) -> list[Problem]:
    """What either organisation can bear: people away in a week, visits in a week and in a quarter."""
    problems = []
    home, host = membership.organisation, offer.organisation
    held = PlacementSession.objects.filter(holding=True)
    weeks = sorted({week_of(each.date) for each in half_days})
    quarters = sorted({quarter_of(each.date) for each in half_days})
    away = held.filter(placement__home=home).exclude(visitor=membership.user)
    here = held.filter(placement__offer__organisation=host)
    if any(_at_limit(away, "visitor", home.most_away_per_week, week, week + timedelta(weeks=1)) for week in weeks):
        problems.append(
            Problem(
                "home_limit",
                _(
                    "As many of your colleagues as your organisation can spare are away in that week. "
                    "Choose another week."
                ),
                "first_day",
            )
        )
    busy_week = any(
        _at_limit(here, "placement", host.most_visits_per_week, week, week + timedelta(weeks=1)) for week in weeks
    )
    busy_quarter = any(_at_limit(here, "placement", host.most_visits_per_quarter, *quarter) for quarter in quarters)
    if busy_week or busy_quarter:
        sentence = (
            _("%(host)s takes no more visits in that quarter of the year. Choose a later one.")
            if busy_quarter
            else _("%(host)s takes no more visits in that week. Choose another week.")
        )
        problems.append(Problem("host_limit", sentence % {"host": host.name}, "first_day"))
    return problems


def _at_limit(held: QuerySet[PlacementSession], counted: str, most: int | None, first: date, following: date) -> bool:
    if most is None:
        return False
    counted_so_far: int = held.filter(date__gte=first, date__lt=following).values(counted).distinct().count()
    return counted_so_far >= most


def problems_for_deciding(placement: Placement, at: datetime) -> list[Problem]:
    """A yes that comes after the first day has begun helps nobody."""
    first = placement.sessions.order_by("date", "half").first()
    if first is not None and HalfDay(first.date, first.half).starts_at <= at:
        return [Problem("too_late", _("The first day has come already, so this can no longer be answered."))]
    return []


def problems_for_saying_yes(placement: Placement) -> list[Problem]:
    """An organisation that was suspended or closed meanwhile neither sends nor takes anybody; no is always possible."""
    return [*problems_for_acting(placement.offer.organisation), *problems_for_acting(placement.home)]


def problems_for_calling_due(swap: Swap) -> list[Problem]:
    first = swap.placements.order_by("id").first()
    if first is not None and first.state in HOLDING_STATES:
        return []
    sentence = _(
        "That visit did not take place, so none is owed in return. You can ask for one of your own at any time."
    )
    return [Problem("nothing_to_return", sentence)]


def problems_for_returning(swap: Swap, membership: Membership, offer: HostOffer) -> list[Problem]:
    """A visit in return goes the other way, while it is open, and once."""
    first = swap.first_visit()
    way = (membership.organisation_id, offer.organisation_id)
    if first is None or way != (first.offer.organisation_id, first.home_id):
        sentence = _("That visit in return is between other organisations. Ask for this one as a visit of its own.")
        return [Problem("not_the_way_back", sentence)]
    if swap.state == SwapState.LAPSED:
        sentence = _("The time for a visit in return is over. You can ask for one of your own at any time.")
        return [Problem("return_lapsed", sentence)]
    if swap.other_visit(first) is not None:
        sentence = _("The visit in return has been asked for already. You can ask for one of your own at any time.")
        return [Problem("return_used", sentence)]
    return problems_for_calling_due(swap)


def problems_for_expiring(placement: Placement, at: datetime) -> list[Problem]:
    """Whoever answered, or did what was needed first, while the clock was on its way was in time."""
    if placement.state == PlacementState.REQUESTED:
        over = placement.answer_by < at
    elif placement.state == PlacementState.AGREED:
        over = placement.days()[-1] < clock.today(at - TIME_FOR_CHECKS)
    else:
        return []
    return [] if over else [Problem("not_over", _("There is still time for this visit. Leave it as it is."))]


def problems_for_completing(placement: Placement, at: datetime) -> list[Problem]:
    first = placement.sessions.order_by("date", "half").first()
    if first is not None and first.date > clock.today(at):
        sentence = _("The visit begins on %(day)s. Come back then and say how it went.")
        return [Problem("not_begun", sentence % {"day": day_words(first.date)})]
    return []


def listed(half_days: Iterable[HalfDay]) -> str:
    """Tuesday 12 January, morning; Tuesday 19 January, morning."""
    return _("; ").join(each.words() for each in sorted(half_days))
