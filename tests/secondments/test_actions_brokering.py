"""Notes that only brokers read, hosts in mind for somebody, and introducing them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from partnerships.ground import jobs
from partnerships.ground.models import Event
from partnerships.ground.problems import Refused
from partnerships.ground.retention import Period
from partnerships.models import User
from secondments.actions import decide
from secondments.actions.brokering import (
    introduce,
    put_host_aside,
    put_on_shortlist,
    remove_note,
    speak_to_host,
    write_note,
)
from secondments.actions.joining import leave_round
from secondments.matches.repairs import waiting_in
from secondments.matches.words import what_happened
from secondments.models import HostOffer, Note, Participation, Placement, Shortlisted
from secondments.my_data import anonymise, collect
from secondments.retention import rules
from secondments.states import (
    AccessNeed,
    CheckKind,
    DecisionKind,
    DecisionState,
    HowBegan,
    OfferState,
    PlacementState,
    ShortlistState,
)
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_offer, make_round, make_user
from tests.secondments.helpers import decision_of, mails_to, miscounted
from tests.secondments.proposals import refusal
from tests.secondments.rounds import first_week, join, matched, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(cast: Cast) -> Participation:
    return join(make_round(cast.cvs), cast.visitor_membership)


@pytest.fixture
def desk(cast: Cast) -> HostOffer:
    return make_offer(cast.advice, cast.host, title="The desk")


@pytest.fixture
def listed(cast: Cast, person: Participation, desk: HostOffer) -> Shortlisted:
    return put_on_shortlist(participation=person, offer=desk, by=cast.broker, at=AT)


@pytest.fixture
def week(person: Participation) -> date:
    monday: date = first_week(person.round)
    return monday


def other_broker(cast: Cast) -> User:
    user = make_user("Bea Broker")
    make_membership(user, cast.elsewhere, is_broker=True)
    return user


# Notes ---------------------------------------------------------------------------------------------------------------


def test_a_note_is_seen_by_the_brokers_of_the_programme_alone(cast: Cast, person: Participation) -> None:
    note = write_note(about=person, text="  Prefers mornings. ", by=cast.broker, at=AT)
    assert note.text == "Prefers mornings."
    assert list(Note.objects.visible_to(cast.broker)) == [note]
    for other in (cast.visitor, cast.host, cast.home_coordinator, cast.administrator, other_broker(cast)):
        assert not Note.objects.visible_to(other)


def test_the_trail_says_that_and_never_what(cast: Cast, person: Participation) -> None:
    write_note(about=person, text="Prefers mornings.", by=cast.broker, at=AT)
    event = Event.objects.filter(verb="write_note").get()
    assert "mornings" not in str(vars(event))


@pytest.mark.parametrize("who", ["visitor", "host", "administrator"])
def test_nobody_else_notes_anything(cast: Cast, person: Participation, who: str) -> None:
    with refusal("not_allowed"):
        write_note(about=person, text="x", by=getattr(cast, who))
    note = write_note(about=person, text="x", by=cast.broker)
    with refusal("not_allowed"):
        remove_note(note=note, by=getattr(cast, who))


def test_what_is_removed_is_gone(cast: Cast, person: Participation) -> None:
    remove_note(note=write_note(about=person, text="x", by=cast.broker), by=cast.broker)
    assert not Note.objects.exists()


def test_whom_it_is_about_gets_a_copy_and_it_goes_with_their_name(cast: Cast, person: Participation) -> None:
    write_note(about=person, text="Prefers mornings.", by=cast.broker, at=AT)
    [noted] = collect(cast.visitor)["what_brokers_noted_about_you"]
    assert noted["text"] == "Prefers mornings."
    assert collect(cast.colleague)["what_brokers_noted_about_you"] == []
    anonymise(cast.visitor, AT)
    assert not Note.objects.exists()


# Hosts in mind -------------------------------------------------------------------------------------------------------


def test_a_host_is_listed_once_and_comes_back(cast: Cast, person: Participation, listed: Shortlisted) -> None:
    speak_to_host(shortlisted=listed, by=cast.broker)
    put_host_aside(shortlisted=listed, by=cast.broker)
    again = put_on_shortlist(participation=person, offer=listed.offer, by=cast.broker)
    assert again == listed
    assert Shortlisted.objects.get().state == ShortlistState.LISTED
    put_on_shortlist(participation=person, offer=listed.offer, by=cast.broker)
    assert Shortlisted.objects.count() == 1
    assert mails_to(str(cast.host.email)) == mails_to(str(cast.visitor.email))[1:] == [], "Nobody is told."


def test_what_a_broker_had_in_mind_stands_in_the_copy_and_goes_with_the_name(cast: Cast, listed: Shortlisted) -> None:
    assert collect(cast.visitor)["hosts_brokers_had_in_mind_for_you"][0]["offer__title"] == "The desk"
    anonymise(cast.visitor, AT)
    assert not Shortlisted.objects.exists()


def test_a_shortlist_ends_a_year_after_the_round(listed: Shortlisted) -> None:
    [rule] = [each for each in rules() if each.model == "secondments.Shortlisted"]
    assert isinstance(rule, Period)
    assert rule.apply is not None
    assert rule.apply(AT.replace(year=2028, month=3)) == 0
    assert rule.apply(AT.replace(year=2028, month=5)) == 1
    assert not Shortlisted.objects.exists()


def test_nobody_else_lists_or_moves(cast: Cast, person: Participation, listed: Shortlisted) -> None:
    for other in (cast.visitor, cast.host, other_broker(cast)):
        with refusal("not_allowed"):
            put_on_shortlist(participation=person, offer=cast.offer, by=other)
        with refusal("not_allowed"):
            speak_to_host(shortlisted=listed, by=other)
        with refusal("not_allowed"):
            put_host_aside(shortlisted=listed, by=other)


def test_a_host_that_is_not_open_is_not_listed(cast: Cast, person: Participation) -> None:
    with refusal("offer_closed"):
        put_on_shortlist(
            participation=person, offer=make_offer(cast.advice, cast.host, state=OfferState.PAUSED), by=cast.broker
        )


# Introducing ---------------------------------------------------------------------------------------------------------


def test_everybody_is_asked_the_visitor_too(cast: Cast, listed: Shortlisted, week: date) -> None:
    listed.participation.round.programme.checks = [CheckKind.LETTER_OF_ASSURANCE]
    listed.participation.round.programme.save()
    placement = introduce(shortlisted=listed, week=week, by=cast.broker, at=AT)
    assert (placement.how_began, placement.state) == (HowBegan.INTRODUCED, PlacementState.REQUESTED)
    assert placement.visitor == cast.visitor
    assert {day.isocalendar()[:2] for day in placement.days()} == {week.isocalendar()[:2]}
    waiting = placement.decisions.filter(state=DecisionState.WAITING).values_list("kind", flat=True)
    assert set(waiting) == {DecisionKind.VISITOR, DecisionKind.HOST, DecisionKind.HOME_APPROVER}
    assert set(placement.checks.values_list("kind", flat=True)) == {
        CheckKind.CONFIDENTIALITY,
        CheckKind.LETTER_OF_ASSURANCE,
    }
    listed.refresh_from_db()
    assert (listed.state, listed.placement) == (ShortlistState.ASKED, placement)
    for address in (cast.visitor.email, cast.host.email, cast.manager.email):
        assert address
        assert mails_to(address), address
    assert not any("You have asked" in subject for subject in mails_to(str(cast.visitor.email)))
    assert miscounted() == []
    decide(decision=decision_of(placement, DecisionKind.VISITOR), yes=False, by=cast.visitor, at=AT)
    placement.refresh_from_db()
    assert placement.state == PlacementState.DECLINED


def test_a_host_reads_all_that_somebody_needs(cast: Cast, listed: Shortlisted, week: date) -> None:
    Participation.objects.update(access_needs=[AccessNeed.STEP_FREE])
    placement = introduce(shortlisted=Shortlisted.objects.get(), week=week, by=cast.broker, at=AT)
    assert placement.needs == f"{AccessNeed.STEP_FREE.label}\nA ground floor, please"


def test_whoever_was_introduced_has_a_place_and_is_given_no_other(cast: Cast, listed: Shortlisted, week: date) -> None:
    a_round = listed.participation.round
    join(a_round, cast.colleague.memberships.get())
    visit = introduce(shortlisted=listed, week=week, by=cast.broker, at=AT)
    run = matched(cast, a_round)
    assert [each.participation.membership.user for each in run.matches.all()] == [cast.colleague]
    assert not run.not_placed.exists()
    published(a_round, cast.broker)
    page = enter(cast.visitor).get(a_round.get_absolute_url()).content.decode()
    assert "You have a place" in page
    assert "introduced you" in page
    decide(decision=decision_of(visit, DecisionKind.HOST), yes=False, by=cast.host, at=AT)
    assert listed.participation in waiting_in(a_round)


def test_whoever_is_introduced_while_a_proposal_waits_is_asked_for_one_visit(
    cast: Cast, listed: Shortlisted, week: date
) -> None:
    a_round = listed.participation.round
    assert matched(cast, a_round).matches.count() == 1
    introduce(shortlisted=Shortlisted.objects.get(), week=week, by=cast.broker, at=AT)
    assert published(a_round, cast.broker) == (0, 1)
    assert Event.objects.get(verb="match_refused").reason == "introduced"
    assert "We could not place you this time" not in mails_to(str(cast.visitor.email))


def test_whoever_was_introduced_in_vain_hears_with_everyone_that_they_have_no_place(
    cast: Cast, listed: Shortlisted, week: date
) -> None:
    a_round = listed.participation.round
    join(a_round, cast.colleague.memberships.get())
    visit = introduce(shortlisted=listed, week=week, by=cast.broker, at=AT)
    run = matched(cast, a_round)
    decide(decision=decision_of(visit, DecisionKind.HOST), yes=False, by=cast.host, at=AT)
    assert published(a_round, cast.broker) == (1, 0)
    assert mails_to(str(cast.visitor.email))[-1] == "We could not place you this time"
    assert what_happened(run.not_placed.get().causes).causes == [
        "You had been introduced to a host when people were matched, and that visit does not take place."
    ]
    assert "when this was matched" in what_happened(run.not_placed.get().causes, for_broker=True).causes[0]
    page = enter(cast.visitor).get(a_round.get_absolute_url()).content.decode()
    assert "You had been introduced to a host" in page


def test_whoever_has_a_visit_is_introduced_to_no_other_host_until_it_is_over(
    cast: Cast, listed: Shortlisted, week: date
) -> None:
    first = introduce(shortlisted=listed, week=week, by=cast.broker, at=AT)
    person, later = listed.participation, week + timedelta(weeks=1)
    another = put_on_shortlist(participation=person, offer=make_offer(cast.advice, cast.host), by=cast.broker)
    with refusal("has_a_visit"):
        introduce(shortlisted=another, week=later, by=cast.broker, at=AT)
    page = enter(cast.broker).get(reverse("shortlist-introduce", args=[another.uuid])).content.decode()
    assert "This person has a visit already" in page
    assert "Ask them" not in page
    decide(decision=decision_of(first, DecisionKind.HOST), yes=False, by=cast.host, at=AT)
    assert introduce(shortlisted=another, week=later, by=cast.broker, at=AT).state == PlacementState.REQUESTED


def test_whoever_a_round_has_found_a_visit_for_is_introduced_to_nobody(
    cast: Cast, listed: Shortlisted, week: date
) -> None:
    a_round = listed.participation.round
    matched(cast, a_round)
    assert published(a_round, cast.broker) == (1, 0)
    with refusal("has_a_visit"):
        introduce(shortlisted=listed, week=week + timedelta(weeks=1), by=cast.broker, at=AT)


def test_asked_twice_is_asked_once(cast: Cast, listed: Shortlisted, week: date) -> None:
    introduce(shortlisted=listed, week=week, by=cast.broker, at=AT)
    with refusal("out_of_turn"):
        introduce(shortlisted=Shortlisted.objects.get(), week=week, by=cast.broker, at=AT)
    assert Placement.objects.count() == 1


def test_only_brokers_of_the_programme_introduce(cast: Cast, listed: Shortlisted, week: date) -> None:
    for other in (cast.host, other_broker(cast)):
        with refusal("not_allowed"):
            introduce(shortlisted=listed, week=week, by=other, at=AT)


def test_a_week_without_room_is_refused(cast: Cast, listed: Shortlisted) -> None:
    with refusal("no_room"):
        introduce(shortlisted=listed, week=date(2027, 1, 4), by=cast.broker, at=AT)
    assert Shortlisted.objects.get().state == ShortlistState.LISTED


def test_whoever_left_is_not_introduced(cast: Cast, listed: Shortlisted, week: date) -> None:
    leave_round(participation=listed.participation, by=cast.visitor)
    with refusal("left_round"):
        introduce(shortlisted=Shortlisted.objects.get(), week=week, by=cast.broker, at=AT)


def test_whoever_cannot_be_reached_is_not_introduced(cast: Cast, listed: Shortlisted, week: date) -> None:
    User.objects.filter(pk=cast.visitor.pk).update(email=None)
    cast.home_coordinator.memberships.update(is_coordinator=False)
    with refusal("nobody_to_ask"):
        introduce(shortlisted=Shortlisted.objects.get(), week=week, by=cast.broker, at=AT)


def test_a_coordinator_answers_for_whoever_has_no_address(cast: Cast, listed: Shortlisted, week: date) -> None:
    User.objects.filter(pk=cast.visitor.pk).update(email=None)
    introduce(shortlisted=Shortlisted.objects.get(), week=week, by=cast.broker, at=AT)
    assert mails_to(str(cast.home_coordinator.email))


def test_what_stands_against_any_visit_stands_against_this_one(cast: Cast, listed: Shortlisted, week: date) -> None:
    type(cast.advice).objects.filter(pk=cast.advice.pk).update(most_visits_per_week=0)
    with pytest.raises(Refused) as refused:
        introduce(shortlisted=listed, week=week, by=cast.broker, at=AT)
    assert refused.value.codes == {"host_limit"}
    jobs.run_due()
    assert Shortlisted.objects.get().state == ShortlistState.LISTED
