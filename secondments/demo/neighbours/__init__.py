"""A programme with a round of 120 people from thirty organisations, closed and waiting for its broker to match it.

Who they are and what they say stands in modules of its own; here they say it, by the real verbs, in the past.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from partnerships.actions import memberships, organisations
from partnerships.demo import at_work, found, make_person
from partnerships.ground import clock, outbox
from partnerships.ground.holidays import is_bank_holiday
from partnerships.models import Membership, Organisation, Place, User
from partnerships.states import SECTOR_OF_FIELD, Field, Sector, WhoAgrees
from secondments import actions
from secondments.actions.enrolments import accept_terms, invite_organisation
from secondments.actions.joining import join_round
from secondments.actions.programmes import create_programme, open_round
from secondments.actions.rounds import close_round
from secondments.forms.programmes import BACK, CROSSINGS, OUT, PUBLIC_FIELDS
from secondments.matches.days import monday_of, mondays, week_number
from secondments.models import HostOffer, Programme, Round
from secondments.models.days import HalfDay
from secondments.states import CheckKind, Dating, Half

from . import from_public, from_vcse
from .hosts import GROUPS
from .said import Group, Offer, Person

NAME = "Neighbours for two days"
SEED = 120
WEEKS = 9
WORKING_DAYS = 5
LAST_WEEK_THAT_IS_DRAWN = 7
"""In the week after it nobody takes visitors, so that there is somebody whom no week suits."""

PEOPLE: Mapping[str, Sequence[Person]] = {**from_public.PEOPLE, **from_vcse.PEOPLE}


@dataclass(slots=True)
class _Made:
    """An organisation of the programme, its coordinator, its offer if it has one here, and its people."""

    organisation: Organisation
    coordinator: User
    offer: HostOffer | None = None
    people: list[tuple[Person, Membership]] = field(default_factory=list)


def load(at: datetime | None = None) -> str:
    """Make the programme over the three months before `at`; does nothing where it is there already."""
    if Programme.objects.filter(name=NAME).exists():
        return ""
    at = at_work(at or clock.now())
    weeks = list(mondays(_starts_on(at), _ends_on(at)))
    with outbox.together():
        made = {group.key: _make(group, weeks, at) for group in GROUPS}
        a_round = _round(at)
        for each in made.values():
            _enrol(a_round, each, at)
        chance = random.Random(SEED)  # noqa: S311 - the same weeks and wishes each time, not a secret
        everybody = [(key, *pair) for key, each in made.items() for pair in each.people]
        for number, (key, person, membership) in enumerate(everybody):
            joined = at - timedelta(days=45 - 40 * number // len(everybody), minutes=-number)
            _join(a_round, person, membership, made, key, weeks, chance, joined)
        close_round(a_round=a_round, by=_broker(), at=at - timedelta(days=1))
    return _("A round with %(people)d people from %(organisations)d organisations, who wait to be matched.") % {
        "people": len(everybody),
        "organisations": len(made),
    }


def _starts_on(at: datetime) -> date:
    """The Monday of the week after next: too soon for a letter of assurance, whatever day it is today."""
    return monday_of(week_number(clock.today(at)) + 2)


def _ends_on(at: datetime) -> date:
    return _starts_on(at) + timedelta(weeks=WEEKS, days=-1)


def _broker() -> User:
    return User.objects.get(email="sam@cvs.demo.example")


def _address(key: str, person: Person) -> str:
    return f"{person.name.split()[0].lower()}@{key}.demo.example"


# Organisations --------------------------------------------------------------------------------------------------------


def _make(group: Group, weeks: Sequence[date], at: datetime) -> _Made:
    first, *others = PEOPLE[group.key]
    begun = at - timedelta(days=85)
    email = _address(group.key, first)
    if group.name:
        coordinator = make_person(email, first.name, begun)
        made = _Made(_found(group, coordinator, first.job, begun), coordinator)
    else:
        coordinator = User.objects.get(email=email)
        made = _Made(Organisation.objects.get(memberships__user=coordinator), coordinator)
    domain = f"{group.key}.demo.example"
    organisations.approve_domain(
        organisation=made.organisation, domain=domain, by=coordinator, at=begun + timedelta(hours=5)
    )
    of_coordinator = made.organisation.memberships.get(user=coordinator)
    if first.commissions:
        _commissions(of_coordinator, made, f"lead@{domain}", begun + timedelta(hours=6))
    made.people.append((first, of_coordinator))
    made.people += [(each, _colleague(made, group.key, each, begun + timedelta(days=2))) for each in others]
    if group.offer:
        made.offer = _offer(made, group.offer, weeks, at - timedelta(days=70))
    return made


def _found(group: Group, founder: User, job: str, at: datetime) -> Organisation:
    place = Place.objects.get(name=group.place)
    organisation = found(group.name, founder, place, group.field, group.does, job, at)
    # As a register would say; nobody is asked for it.
    Organisation.objects.filter(pk=organisation.pk).update(size=group.size)
    if SECTOR_OF_FIELD[group.field] == Sector.PUBLIC:
        administrator = User.objects.get(email="alex@inyourshoes.demo.example")
        organisations.verify(organisation=organisation, by=administrator, at=at + timedelta(hours=3))
    else:
        organisations.vouch(organisation=organisation, by=_broker(), at=at + timedelta(hours=3))
    if group.field == Field.COMMUNITY:
        organisations.describe_organisation(
            organisation=organisation,
            what_it_does=group.does,
            how_it_works_with_others="",
            website="",
            who_agrees=WhoAgrees.SELF,
            by=founder,
            at=at + timedelta(hours=4),
        )
    return organisation


def _colleague(made: _Made, key: str, person: Person, at: datetime) -> Membership:
    """Somebody who belongs to it by their mail domain."""
    email = _address(key, person)
    if there := made.organisation.memberships.filter(user__email=email).first():
        return there
    user = make_person(email, person.name, at)
    membership = memberships.ask_to_join(organisation=made.organisation, job_title=person.job, by=user, at=at)
    if person.commissions:
        _commissions(membership, made, made.coordinator.email or "", at + timedelta(hours=6))
    return membership


def _commissions(membership: Membership, made: _Made, agrees_email: str, at: datetime) -> None:
    """A coordinator says of somebody that they commission services, and so have to go."""
    memberships.change_membership(
        membership=membership,
        job_title=membership.job_title,
        is_coordinator=membership.is_coordinator,
        is_commissioner=True,
        agrees_email=agrees_email,
        by=made.coordinator,
        at=at,
    )


def _offer(made: _Made, said: Offer, weeks: Sequence[date], at: datetime) -> HostOffer:
    offer = actions.create_offer(
        organisation=made.organisation,
        by=made.coordinator,
        fields={
            "title": said.title,
            "what_you_will_see": said.see,
            "mode": said.mode,
            "access": said.access,
            "meets": list(said.meets),
            "places": said.places,
            "payment_pence": said.pounds * 100 or None,
            "accepts_ties": said.ties,
            "checks": [CheckKind.CONFIDENTIALITY, *([CheckKind.LETTER_OF_ASSURANCE] if said.letter else [])],
            "dating": Dating.DATED,
        },
        at=at,
    )
    days = [day for week in said.weeks for day in _working_days(weeks[week], said.weekdays)]
    half_days = [HalfDay(day, half) for day in days for half in Half.values]
    actions.add_sessions(offer=offer, half_days=half_days, by=made.coordinator, at=at)
    actions.publish_offer(offer=offer, by=made.coordinator, at=at + timedelta(hours=1))
    return offer


def _working_days(monday: date, weekdays: Sequence[int]) -> list[date]:
    """So many days of a week, these if they can be: whenever it is made, nobody is visited at Christmas."""
    wished = [*weekdays, *range(WORKING_DAYS)]
    days = dict.fromkeys(monday + timedelta(days=weekday) for weekday in wished)
    return sorted([day for day in days if not is_bank_holiday(day)][: len(weekdays)])


# The programme --------------------------------------------------------------------------------------------------------


def _round(at: datetime) -> Round:
    sam = _broker()
    made = at - timedelta(days=60)
    a_round = create_programme(
        by=sam,
        organisation=Organisation.objects.get(memberships__user=sam),
        name=NAME,
        about=_(
            "Two days with somebody who works on the same streets from the other side. You go to them, or they come to "
            "you, or both. You see what really happens and are never alone with people who use the service."
        ),
        crossings=_crossings(),
        criteria=["placed", "hosts", "fit"],
        most_km=40,
        days=2,
        pays_pence=12000,
        pays_cover_pence=15000,
        one_way=True,
        largest_exchange=3,
        by_enrolment=True,
        terms=_(
            "We give our people two working days. We tell visitors beforehand what they will see and whom they will "
            "meet. What is seen on a visit is never used to inspect, score or choose anybody."
        ),
        requirement=_("Everybody who commissions services in a public body, once in two years."),
        round_name=_("First round"),
        join_by=clock.today(at),
        starts_on=_starts_on(at),
        ends_on=_ends_on(at),
        at=made,
    )
    open_round(a_round=a_round, by=sam, at=made + timedelta(hours=2))
    return a_round


def _crossings() -> list[tuple[str, str]]:
    """Both ways between the sectors, and between public bodies of different fields: a ring of three needs three."""
    between_public = {(source, target) for source in PUBLIC_FIELDS for target in PUBLIC_FIELDS if source != target}
    return sorted({*CROSSINGS[OUT], *CROSSINGS[BACK], *between_public})


def _enrol(a_round: Round, made: _Made, at: datetime) -> None:
    invited = at - timedelta(days=58)
    enrolment = invite_organisation(
        programme=a_round.programme, organisation=made.organisation, by=_broker(), at=invited
    )
    edition = a_round.programme.edition
    accept_terms(enrolment=enrolment, edition=edition, by=made.coordinator, at=invited + timedelta(days=3))


def _join(
    a_round: Round,
    person: Person,
    membership: Membership,
    made: Mapping[str, _Made],
    key: str,
    weeks: Sequence[date],
    chance: random.Random,
    at: datetime,
) -> None:
    drawn = sorted(chance.sample(range(LAST_WEEK_THAT_IS_DRAWN + 1), chance.choice((3, 4, 4, 5))))
    is_coordinator = membership.user_id == made[key].coordinator.pk
    join_round(
        a_round=a_round,
        membership=membership,
        by=membership.user,
        learn=person.learn,
        wants=person.wants,
        weeks=[weeks[number] for number in person.weeks or drawn],
        most_km=person.km,
        in_person=person.in_person,
        online=person.online,
        needs=person.needs,
        access_needs=person.needs_of_a_place,
        shows=person.shows,
        shows_access=person.shows_access,
        welcomes=bool(person.shows),
        tie=person.tie,
        agrees_email=f"lead@{key}.demo.example" if is_coordinator else made[key].coordinator.email or "",
        wishes=_wishes(person, made, key, chance),
        avoids=[made[person.avoids].organisation] if person.avoids else [],
        avoid_reason=person.why,
        cover_pence=person.cover_pounds * 100,
        at=at,
    )


def _wishes(person: Person, made: Mapping[str, _Made], key: str, chance: random.Random) -> list[HostOffer]:
    """Every third has looked at the offers and says which they would like best."""
    suit = [each.offer for other, each in made.items() if each.offer and other != key and _field(each) in person.wants]
    if chance.random() > 1 / 3 or not suit:
        return []
    return chance.sample(suit, min(len(suit), chance.choice((1, 2, 3))))


def _field(made: _Made) -> str:
    return made.organisation.field
