"""Offers of the demonstration's cast, and visits between them in several states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from partnerships.demo import at_work
from partnerships.ground import clock
from partnerships.models import Membership, User
from secondments import actions
from secondments.forms import starting_texts
from secondments.models import HostOffer, Placement
from secondments.models.days import HalfDay, weekly
from secondments.states import CheckKind, Dating, DecisionKind, Half, Mode, Tie

TUESDAY, WEDNESDAY, THURSDAY = 1, 2, 3
BOTH = tuple(Half.values)


def load(at: datetime | None = None) -> str:
    """Make the offers two months before `at`, and the visits since; does nothing where they are there already."""
    if HostOffer.objects.filter(created_by__email="jo@harbour.demo.example").exists():
        return ""
    at = at or clock.now()
    offers = _offers(at)
    _it_happened(offers["lantern"], at)
    _declined(offers["kite"], at)
    _settled(offers["council"], at)
    _withdrawn(offers["hospital"], at)
    _waits_for_the_host(offers["hospital"], at)
    _waits_for_the_manager(offers["harbour"], at)
    return _("%(offers)d offers and %(visits)d visits.") % {
        "offers": HostOffer.objects.count(),
        "visits": Placement.objects.count(),
    }


def _offers(at: datetime) -> dict[str, HostOffer]:
    start = _morning(at, 60)
    checks = [CheckKind.CONFIDENTIALITY]
    harbour = _offer(
        "jo@harbour", "advice-centre", start, dating=Dating.DATED, payment_pence=12000, accepts_ties=True, checks=checks
    )
    _name_days(harbour, "jo@harbour", _coming(TUESDAY, at + timedelta(days=12)), BOTH, 20, start)
    lantern = _offer(
        "grace@lantern",
        "food-bank",
        start,
        dating=Dating.ASK_US,
        usual_weekdays=[TUESDAY, THURSDAY],
        months_to_avoid=[_a_month_without(_when_it_happened(at))],
        accepts_ties=True,
        checks=checks,
    )
    kite = _offer(
        "tariq@kite",
        "youth-club",
        start,
        dating=Dating.DATED,
        places=2,
        payment_pence=8000,
        accepts_ties=True,
        checks=[CheckKind.CONFIDENTIALITY, CheckKind.LETTER_OF_ASSURANCE],
    )
    _name_days(kite, "tariq@kite", _coming(THURSDAY, at - timedelta(days=10)), [Half.AFTERNOON], 20, start)
    hospital = _offer(
        "nia@hospital",
        "hospital-service",
        start,
        dating=Dating.DATED,
        checks=[CheckKind.CONFIDENTIALITY, CheckKind.INDUCTION],
    )
    _name_days(hospital, "nia@hospital", _coming(WEDNESDAY, at + timedelta(days=8)), BOTH, 12, start)
    council = _offer(
        "dev@council", "council-team", start, dating=Dating.ASK_US, usual_weekdays=[0, 1, 2, 3], places=2, checks=checks
    )
    _offer(
        "mo@willow",
        "own-words",
        start,
        title=_("Two hours on the carers’ helpline"),
        what_you_will_see=_(
            "You listen in, online, while two of us answer the line on a weekday morning. Callers are told and may say "
            "no. Between calls we tell you what we would have needed to be able to help."
        ),
        mode=Mode.REMOTE,
        dating=Dating.ASK_US,
        usual_weekdays=[0, 2],
        checks=checks,
    )
    _offer(
        "carl@police",
        "own-words",
        start,
        title=_("A late shift with a neighbourhood team"),
        what_you_will_see=_(
            "You walk the estate with two officers from four o’clock, sit in on the handover and hear which calls we "
            "do not get to. You wear a high-visibility jacket and go home when you like."
        ),
        dating=Dating.ASK_US,
        usual_weekdays=[4],
        checks=[CheckKind.CONFIDENTIALITY, CheckKind.LETTER_OF_ASSURANCE],
    )
    _offer(
        "pat@tidewater",
        "own-words",
        _morning(at, 1),
        title=_("A Wednesday in the shed"),
        what_you_will_see=_(
            "We mend bicycles and chairs, drink tea, and some of us talk for the first time that week."
        ),
        dating=Dating.ASK_US,
        usual_weekdays=[WEDNESDAY],
        checks=checks,
    )
    return {"harbour": harbour, "lantern": lantern, "kite": kite, "hospital": hospital, "council": council}


def _offer(person: str, text: str, at: datetime, **fields: Any) -> HostOffer:
    """A draft; opened to visitors where it says "ask us" and its organisation may act."""
    by = _user(person)
    membership = _membership(person)
    start = starting_texts.find(text)
    said = {name: str(getattr(start, name)) for name in ("title", "what_you_will_see", "access")}
    offer = actions.create_offer(organisation=membership.organisation, by=by, fields={**said, **fields}, at=at)
    if offer.dating == Dating.ASK_US and membership.organisation.may_act:
        actions.publish_offer(offer=offer, by=by, at=at + timedelta(hours=1))
    return offer


def _name_days(offer: HostOffer, person: str, first: date, halves: Sequence[str], weeks: int, at: datetime) -> None:
    actions.add_sessions(offer=offer, half_days=weekly(first, halves, weeks), by=_user(person), at=at)
    actions.publish_offer(offer=offer, by=_user(person), at=at + timedelta(hours=1))


def _when_it_happened(at: datetime) -> list[HalfDay]:
    return weekly(_coming(THURSDAY, at - timedelta(days=30)), BOTH, 2)


def _a_month_without(days: Sequence[HalfDay]) -> int:
    """August, as for many; but whoever was there in August came when they were welcome."""
    return 8 if all(day.date.month != 8 for day in days) else 12


def _it_happened(offer: HostOffer, at: datetime) -> None:
    """A commissioner spent two Thursdays at the food bank, and somebody from there may come back."""
    asked = _morning(at, 40)
    days = _when_it_happened(at)
    visit = _ask(
        "amina@council",
        offer,
        days,
        asked,
        learn=_("Where the referrals come from, and what our forms do to the people who fill them in."),
        tie=Tie.NONE,
        wants_return=True,
    )
    _say(visit, DecisionKind.HOST, "grace@lantern", asked + timedelta(hours=5))
    _say(visit, DecisionKind.HOME_APPROVER, "ruth@council", asked + timedelta(days=2))
    actions.start(placement=visit, at=days[0].starts_at)
    actions.complete(placement=visit, minutes=210, by=_user("grace@lantern"), at=days[-1].starts_at + timedelta(days=1))


def _declined(offer: HostOffer, at: datetime) -> None:
    asked = _morning(at, 20)
    half_days = [HalfDay(_coming(THURSDAY, at - timedelta(days=10)), Half.AFTERNOON)]
    visit = _ask(
        "amina@council", offer, half_days, asked, learn=_("How young people hear of you, and who does not come.")
    )
    _say(visit, DecisionKind.HOST, "tariq@kite", asked + timedelta(days=1))
    _say(visit, DecisionKind.HOME_APPROVER, "ruth@council", asked + timedelta(days=3), yes=False)


def _settled(offer: HostOffer, at: datetime) -> None:
    """A debt adviser goes the other way, to the council."""
    asked = _morning(at, 6)
    # Nine days from now, and below sixteen and twenty-three: a week each, or on a Tuesday two would be one Wednesday.
    visit = _ask(
        "li@harbour",
        offer,
        weekly(_coming(WEDNESDAY, at + timedelta(days=9)), BOTH),
        asked,
        learn=_("How a decision about money for advice is made, and when it would help to speak up."),
        tie=Tie.HOST_FUNDS,
    )
    _say(visit, DecisionKind.HOST, "dev@council", asked + timedelta(hours=4))
    _say(visit, DecisionKind.HOME_APPROVER, "jo@harbour", asked + timedelta(hours=26))


def _withdrawn(offer: HostOffer, at: datetime) -> None:
    asked = _morning(at, 15)
    days = weekly(_coming(WEDNESDAY, at + timedelta(days=16)), BOTH)
    visit = _ask(
        "li@harbour", offer, days, asked, learn=_("What happens to somebody’s debts while they are on a ward.")
    )
    actions.withdraw(placement=visit, by=_user("li@harbour"), at=asked + timedelta(days=4))


def _waits_for_the_host(offer: HostOffer, at: datetime) -> None:
    asked = _morning(at, 2)
    visit = _ask(
        "li@harbour",
        offer,
        weekly(_coming(WEDNESDAY, at + timedelta(days=23)), BOTH),
        asked,
        learn=_("Who asks about money before somebody goes home, and what would make it easier to ask."),
        needs=_("I cannot stand for more than half an hour."),
    )
    _say(visit, DecisionKind.HOME_APPROVER, "jo@harbour", asked + timedelta(hours=3))


def _waits_for_the_manager(offer: HostOffer, at: datetime) -> None:
    """Five Tuesdays, a return visit, money and a tie: as much as one visit can hold."""
    asked = _morning(at, 2)
    visit = _ask(
        "amina@council",
        offer,
        weekly(_coming(TUESDAY, at + timedelta(days=47)), BOTH, 5),
        asked,
        learn=_("What the queue at the door looks like on the day after our letters go out."),
        needs=_("A place to leave a bicycle."),
        tie=Tie.NONE,
        wants_return=True,
    )
    _say(visit, DecisionKind.HOST, "jo@harbour", asked + timedelta(hours=30))


def _ask(person: str, offer: HostOffer, half_days: Sequence[HalfDay], at: datetime, **said: Any) -> Placement:
    membership = _membership(person)
    return actions.request_placement(
        offer=offer,
        membership=membership,
        half_days=half_days,
        agrees_email=membership.agrees_email,
        promises_confidentiality=True,
        by=_user(person),
        at=at,
        **said,
    )


def _say(visit: Placement, kind: DecisionKind, person: str, at: datetime, *, yes: bool = True) -> None:
    actions.decide(decision=visit.decisions.get(kind=kind), yes=yes, by=_user(person), at=at)
    visit.refresh_from_db()


def _morning(at: datetime, days: int) -> datetime:
    """So many days before, when people are at work."""
    return at_work(localtime(at) - timedelta(days=days))


def _coming(weekday: int, moment: datetime) -> date:
    """The first such weekday from a moment on."""
    day = clock.today(moment)
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _user(person: str) -> User:
    return User.objects.get(email=f"{person}.demo.example")


def _membership(person: str) -> Membership:
    return Membership.objects.active().select_related("user", "organisation").get(user=_user(person))
