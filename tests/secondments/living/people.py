"""What people and organisations do: join, leave, write others down, come to belong and go."""

from __future__ import annotations

from functools import partial
from typing import Any

from partnerships.actions.accounts import close_account
from partnerships.actions.memberships import ask_to_join, confirm_membership, end_membership, refuse_membership
from partnerships.actions.organisations import resume, suspend
from partnerships.models import Membership, Organisation, User
from partnerships.states import Field, MembershipState, OrganisationState
from secondments.actions import close_offer, edit_offer, pause_offer, reopen_offer
from secondments.actions.enrolments import (
    accept_terms,
    admit_organisation,
    ask_to_enrol,
    decline_enrolment,
    invite_organisation,
    leave_programme,
)
from secondments.actions.entering import confirm_entry, decline_entry, enter_somebody, remind, take_back_entry
from secondments.actions.joining import join_round, keep_for_later, leave_round
from secondments.actions.letters import take_letters
from secondments.actions.offers_for_others import confirm_offer, decline_offer, enter_offer
from secondments.models import Enrolment, Entry, HostOffer, Participation, Round
from secondments.permissions import coordinator_addresses, entry_addresses
from secondments.states import AccessNeed, EnrolmentState, OfferState, RoundState, Tie

from .world import NEEDED, WHY_AVOIDED, World, act

TEXTS = {"what_you_will_see": "The queue at the door.", "places": 1, "notice_days": 7}


def said(world: World, a_round: Round, membership: Membership) -> dict[str, Any]:
    """What somebody says who takes part."""
    draw = world.draw
    home = membership.organisation
    shows = "A day at work" if draw.random() < 0.6 else ""
    avoids = world.some([each for each in world.homes if each != home], 1) if draw.random() < 0.3 else []
    others = [each for each in User.objects.exclude(email=None).order_by("pk") if each.pk != membership.user_id]
    avoids_emails = [draw.choice(others).email] if draw.random() < 0.2 else []
    offers = list(HostOffer.objects.open().exclude(organisation=home).order_by("pk"))
    return {
        "learn": "How a front desk copes",
        "wants": [Field.VOLUNTARY if home == world.cast.council else Field.LOCAL_GOVERNMENT],
        "weeks": world.weeks(a_round),
        "most_km": 30,
        "online": False,
        "needs": NEEDED if draw.random() < 0.5 else "",
        "access_needs": [AccessNeed.QUIET] if draw.random() < 0.1 else [],
        "shows": shows,
        "welcomes": bool(shows),
        "tie": Tie.VISITOR_FUNDS if draw.random() < 0.1 else Tie.NONE,
        "agrees_email": boss_of(home),
        "wishes": world.some(offers, 2),
        "avoids": avoids,
        "avoids_emails": avoids_emails,
        "avoid_reason": WHY_AVOIDED if avoids or avoids_emails else "",
    }


def boss_of(home: Organisation) -> str:
    return f"boss@{home.approved_domains.all()[0].domain}"


def speaks_for(world: World, membership: Membership) -> User:
    if membership.user.email:
        return world.person(membership.user)
    return world.coordinator(membership.organisation)


@act(often=7)
def somebody_joins(world: World) -> None:
    a_round = world.a_round(RoundState.OPEN)
    membership = world.membership()
    by = speaks_for(world, membership)
    join_round(a_round=a_round, membership=membership, by=by, at=world.at, **said(world, a_round, membership))


@act(often=3)
def somebody_changes_what_they_said(world: World) -> None:
    theirs = Participation.objects.joined().filter(round=world.a_round(RoundState.OPEN))
    membership = world.row(theirs).membership
    a_round = Round.objects.get(pk=theirs[0].round_id)
    by = speaks_for(world, membership)
    join_round(a_round=a_round, membership=membership, by=by, at=world.at, **said(world, a_round, membership))


@act(often=1)
def somebody_begins_to_join(world: World) -> None:
    a_round, membership = world.a_round(RoundState.OPEN), world.membership()
    by = membership.user
    keep_for_later(a_round=a_round, membership=membership, by=by, typed={"learn": "x"}, before=None, at=world.at)


@act(often=3)
def somebody_leaves_the_round(world: World) -> None:
    participation = world.row(Participation.objects.joined())
    leave_round(participation=participation, by=speaks_for(world, participation.membership), at=world.at)


@act(often=1)
def somebody_takes_letters_or_none(world: World) -> None:
    participation = world.row(Participation.objects.joined())
    by = speaks_for(world, participation.membership)
    take_letters(participation=participation, wanted=world.chance(0.5), by=by, at=world.at)


# Written down by another ----------------------------------------------------------------------------------------------


@act(often=3)
def somebody_is_written_down(world: World) -> None:
    a_round, home = world.a_round(RoundState.OPEN), world.one(world.homes)
    number = world.draw.randrange(6)
    known = [each.email for each in User.objects.exclude(email=None).order_by("pk")]
    email = world.one([f"told{number}@{home.slug}.example.org", "", world.draw.choice(known)]) or ""
    by = world.broker() if world.chance(0.6) else world.coordinator(home)
    name = f"Told {number}"
    enter_somebody(a_round=a_round, organisation=home, name=name, email=email, said={}, by=by, at=world.at)


def entry_of(world: World) -> Entry:
    entries = Entry.objects.known()
    return world.row(entries if world.chance(0.1) else entries.waiting())


@act(often=5)
def they_say_that_it_is_right(world: World) -> None:
    entry = entry_of(world)
    there = entry.organisation.memberships.first()
    membership = Membership(organisation=entry.organisation, user=there.user if there else world.cast.host)
    joins = said(world, entry.round, membership)
    joins["avoids_emails"] = [each for each in joins["avoids_emails"] if each != entry.email]
    address = world.one(entry_addresses(entry))
    confirm_entry(entry=entry, joins=joins, address=address, at=world.at)


@act(often=1)
def they_say_no_to_what_was_written_down(world: World) -> None:
    entry = entry_of(world)
    decline_entry(entry=entry, address=world.one(entry_addresses(entry)), at=world.at)


@act(often=3)
def they_are_asked_once_more(world: World) -> None:
    entry = entry_of(world)
    remind(entry=entry, by=world.person(entry.entered_by), at=world.at)


@act(often=1)
def what_was_written_down_is_taken_back(world: World) -> None:
    entry = entry_of(world)
    take_back_entry(entry=entry, by=world.person(entry.entered_by), at=world.at)


@act(often=1)
def an_offer_is_written_for_a_host(world: World) -> None:
    host = world.one(world.homes)
    title = f"Told by phone {world.draw.randrange(3)}"
    enter_offer(
        a_round=world.a_round(), organisation=host, by=world.broker(), fields=TEXTS | {"title": title}, at=world.at
    )


@act(often=2)
def the_host_answers_for_the_offer(world: World) -> None:
    offer = world.row(HostOffer.objects.filter(state=OfferState.TO_CONFIRM))
    answer = confirm_offer if world.chance(0.7) else decline_offer
    answer(offer=offer, address=world.one(coordinator_addresses(offer.organisation)), at=world.at)


# Hosts ----------------------------------------------------------------------------------------------------------------


@act(often=2)
def a_host_pauses_or_closes(world: World) -> None:
    offer = world.row(HostOffer.objects.of_organisations().published())
    ends = close_offer if world.chance(0.2) else pause_offer
    ends(offer=offer, by=world.coordinator(offer.organisation), at=world.at)


@act(often=3)
def a_host_opens_again(world: World) -> None:
    offer = world.row(HostOffer.objects.of_organisations().exclude(state=OfferState.PUBLISHED))
    reopen_offer(offer=offer, by=world.coordinator(offer.organisation), at=world.at)


@act(often=1)
def a_host_takes_fewer_or_more(world: World) -> None:
    offer = world.row(HostOffer.objects.of_organisations())
    fields = {"places": world.draw.randrange(1, 3), "notice_days": world.one([0, 7, 14])}
    edit_offer(offer=offer, by=world.coordinator(offer.organisation), fields=fields, at=world.at)


# Organisations in the programme ---------------------------------------------------------------------------------------


@act(often=1)
def an_organisation_is_invited_or_asks(world: World) -> None:
    home = world.one(world.homes)
    if world.chance(0.5):
        invite_organisation(programme=world.programme, organisation=home, by=world.broker(), at=world.at)
    else:
        edition = world.programme.edition
        ask_to_enrol(
            programme=world.programme, organisation=home, edition=edition, by=world.coordinator(home), at=world.at
        )


@act(often=3)
def an_organisation_is_answered_for(world: World) -> None:
    enrolment = world.row(Enrolment.objects.filter(state__in=[EnrolmentState.INVITED, EnrolmentState.ASKED]))
    invited = enrolment.state == EnrolmentState.INVITED
    by = world.coordinator(enrolment.organisation) if invited else world.broker()
    accept = partial(accept_terms, edition=enrolment.programme.edition)
    yes = accept if invited else admit_organisation
    (yes if world.chance(0.8) else decline_enrolment)(enrolment=enrolment, by=by, at=world.at)


@act(often=1)
def an_organisation_leaves_the_programme(world: World) -> None:
    enrolment = world.row(Enrolment.objects.enrolled())
    leave_programme(enrolment=enrolment, by=world.coordinator(enrolment.organisation), at=world.at)


# Belonging ------------------------------------------------------------------------------------------------------------


@act(often=1)
def somebody_asks_to_belong(world: World) -> None:
    by = world.row(User.objects.filter(anonymised_at=None).exclude(email=None))
    ask_to_join(organisation=world.one(world.homes), by=by, at=world.at)


@act(often=2)
def a_coordinator_says_who_belongs(world: World) -> None:
    membership = world.row(Membership.objects.asked())
    answer = confirm_membership if world.chance(0.8) else refuse_membership
    answer(membership=membership, by=world.coordinator(membership.organisation), at=world.at)


@act(often=2)
def somebody_leaves_their_organisation(world: World) -> None:
    theirs = Membership.objects.filter(organisation__in=world.homes, state__in=STANDING)
    membership = world.row(theirs)
    by = world.person(membership.user) if world.chance(0.5) else world.coordinator(membership.organisation)
    end_membership(membership=membership, by=by, at=world.at)


STANDING = (MembershipState.ASKED, MembershipState.ACTIVE)


@act(often=0.7)
def somebody_closes_their_account(world: World) -> None:
    user = world.membership().user
    close_account(user=user, by=world.person(user), at=world.at)


@act(often=0.5)
def an_organisation_is_looked_into(world: World) -> None:
    home = world.row(Organisation.objects.filter(pk__in=[each.pk for each in (*world.homes, world.cast.cvs)]))
    suspend(organisation=home, by=world.person(world.cast.administrator), at=world.at)


@act(often=6)
def an_organisation_may_act_again(world: World) -> None:
    suspended = world.row(Organisation.objects.filter(state=OrganisationState.SUSPENDED))
    resume(organisation=suspended, by=world.person(world.cast.administrator), at=world.at)
