"""Organisations in a programme: invited or asking, on terms that a coordinator accepts, and what follows from it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground import jobs
from partnerships.ground.models import Event, OutboxMail
from partnerships.ground.problems import Refused
from partnerships.models import Organisation, User
from partnerships.states import Field
from secondments.actions.enrolments import (
    accept_terms,
    admit_organisation,
    ask_to_enrol,
    decline_enrolment,
    invite_organisation,
    leave_programme,
)
from secondments.actions.programmes import edit_programme
from secondments.actions.rounds import ask_for_match, close_round, put_proposal_aside
from secondments.matches import problem_of, what_happened
from secondments.models import Enrolment, Participation, Programme, Round
from secondments.next_steps import steps
from secondments.states import EnrolmentState, ParticipationState, RoundState
from tests.at_once import first_and_meanwhile
from tests.cast import Cast
from tests.client import HouseClient, enter
from tests.factories import AT, make_membership, make_offer, make_organisation, make_round, make_user
from tests.secondments.rounds import join, matched, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_round(cast: Cast) -> Round:
    a_round = make_round(cast.cvs)
    Programme.objects.update(by_enrolment=True, terms="One day each, and nobody is scored.")
    a_round.programme.refresh_from_db()
    return a_round


def enrolled(a_round: Round, *organisations: Any) -> None:
    for organisation in organisations:
        Enrolment.objects.create(
            programme=a_round.programme,
            organisation=organisation,
            state=EnrolmentState.ENROLLED,
            accepted_at=AT,
            created_at=AT,
        )


def ask(a_round: Round, organisation: Organisation, by: User) -> Enrolment:
    programme = a_round.programme
    return ask_to_enrol(programme=programme, organisation=organisation, edition=programme.edition, by=by, at=AT)


def mailed(user: User) -> list[str]:
    return list(OutboxMail.objects.filter(to=user.email).order_by("id").values_list("subject", flat=True))


def titles(user: User) -> list[str]:
    return [step.title for step in steps(User.objects.get(pk=user.pk), AT)]


def test_an_organisation_is_invited_and_accepts_the_terms(cast: Cast, a_round: Round) -> None:
    made = invite_organisation(programme=a_round.programme, organisation=cast.advice, by=cast.broker, at=AT)
    said = "Test Advice is invited to Walk in their shoes"
    assert mailed(cast.host) == [said]
    assert said in titles(cast.host)
    for person in (cast.broker, cast.adviser, cast.outsider):
        with pytest.raises(Refused):
            accept_terms(enrolment=made, edition=a_round.programme.edition, by=person, at=AT)
    accept_terms(enrolment=made, edition=a_round.programme.edition, by=cast.host, at=AT)
    assert (made.state, made.accepted_by, made.accepted_at) == (EnrolmentState.ENROLLED, cast.host, AT)
    assert said not in titles(cast.host)
    assert [event.verb for event in Event.objects.about(made)] == ["invite_organisation", "accept_terms"]


def test_an_organisation_asks_and_its_broker_answers(cast: Cast, a_round: Round) -> None:
    made = ask(a_round, cast.council, cast.home_coordinator)
    said = "Test Council would like to take part in Walk in their shoes"
    assert mailed(cast.broker) == [said]
    assert said in titles(cast.broker)
    with pytest.raises(Refused):
        admit_organisation(enrolment=made, by=cast.home_coordinator, at=AT)
    admit_organisation(enrolment=made, by=cast.broker, at=AT)
    assert (made.state, made.accepted_by) == (EnrolmentState.ENROLLED, cast.home_coordinator)
    assert mailed(cast.home_coordinator) == ["Test Council takes part in Walk in their shoes"]


def test_no_is_said_by_who_was_asked_and_can_be_thought_over(cast: Cast, a_round: Round) -> None:
    invited = invite_organisation(programme=a_round.programme, organisation=cast.advice, by=cast.broker, at=AT)
    with pytest.raises(Refused):
        decline_enrolment(enrolment=invited, by=cast.broker, at=AT)
    decline_enrolment(enrolment=invited, by=cast.host, at=AT)
    assert invited.state == EnrolmentState.DECLINED
    again = ask(a_round, cast.advice, cast.host)
    assert (again.pk, again.state) == (invited.pk, EnrolmentState.ASKED)
    with pytest.raises(Refused):
        decline_enrolment(enrolment=again, by=cast.host, at=AT)
    decline_enrolment(enrolment=again, by=cast.broker, at=AT)
    assert "takes no further organisations" in mailed(cast.host)[-1]


def test_who_leaves_takes_their_people_out_of_what_is_not_matched(cast: Cast, a_round: Round) -> None:
    enrolled(a_round, cast.council)
    joined = join(a_round, cast.visitor_membership)
    leave_programme(enrolment=Enrolment.objects.get(), by=cast.home_coordinator, at=AT)
    assert Participation.objects.get(pk=joined.pk).state == ParticipationState.WITHDRAWN
    assert not a_round.programme.takes(cast.council)


@pytest.mark.parametrize("leaver", ["council", "advice"])
def test_who_leaves_while_a_proposal_waits_is_not_asked(cast: Cast, a_round: Round, leaver: str) -> None:
    enrolled(a_round, cast.council, cast.advice)
    join(a_round, cast.visitor_membership)
    assert matched(cast, a_round).matches.count() == 1
    who = cast.home_coordinator if leaver == "council" else cast.host
    leave_programme(enrolment=Enrolment.objects.get(organisation=getattr(cast, leaver)), by=who)
    assert published(a_round, cast.broker) == (0, 1)
    assert Event.objects.get(verb="match_refused").reason == "left_programme"
    assert not mailed(cast.host)


def test_whose_organisation_leaves_while_a_proposal_waits_is_not_matched_again(cast: Cast, a_round: Round) -> None:
    enrolled(a_round, cast.council, cast.advice)
    join(a_round, cast.visitor_membership)
    join(a_round, other := cast.adviser.memberships.get(), agrees_email="hal@advice.example.org")
    matched(cast, a_round)
    leave_programme(enrolment=Enrolment.objects.get(organisation=cast.council), by=cast.home_coordinator)
    put_proposal_aside(a_round=a_round, by=cast.broker)
    run = ask_for_match(a_round=a_round, by=cast.broker, seed=7)
    jobs.run_due()
    left_out = run.not_placed.exclude(participation__membership=other).get()
    assert what_happened(left_out.causes).causes == [
        "Your organisation does not take part at the moment. Ask its coordinator."
    ]


def test_only_people_of_enrolled_organisations_join(cast: Cast, a_round: Round) -> None:
    with pytest.raises(Refused) as refused:
        join(a_round, cast.visitor_membership)
    assert refused.value.codes == {"not_enrolled"}
    page = enter(cast.visitor).post(reverse("round-join", args=[a_round.slug]), {"learn": "x"}).content.decode()
    assert "What you hope to learn" in page
    enrolled(a_round, cast.council)
    assert join(a_round, cast.visitor_membership).pk


def test_only_offers_of_enrolled_organisations_are_matched(cast: Cast, a_round: Round) -> None:
    make_offer(cast.advice, cast.host)
    enrolled(a_round, cast.council)
    join(a_round, cast.visitor_membership)
    assert problem_of(a_round, seed=1, at=AT).slots == ()
    enrolled(a_round, cast.advice)
    # The first of them names days before the round.
    assert len(problem_of(a_round, seed=1, at=AT).slots) == 2


def test_what_a_programme_asks_of_every_visitor_is_needed_first(cast: Cast, a_round: Round) -> None:
    """A letter takes time, so it stands in the way of the first weeks, as if the host had asked for it."""
    Programme.objects.update(checks=["letter_of_assurance"], by_enrolment=False)
    make_offer(cast.advice, cast.host)
    join(a_round, cast.visitor_membership)
    a_round = Round.objects.get()
    assert all("letter_of_assurance" in slot.checks for slot in problem_of(a_round, seed=1, at=AT).slots)
    rules = problem_of(a_round, seed=1, at=AT).rules
    assert (rules.one_way, rules.largest_exchange) == (True, 1)


def test_it_is_refused_with_what_to_do(cast: Cast, a_round: Round) -> None:
    programme = a_round.programme

    def codes(organisation: Any, by: User) -> set[str]:
        with pytest.raises(Refused) as refused:
            invite_organisation(programme=programme, organisation=organisation, by=by, at=AT)
        return refused.value.codes

    assert codes(cast.advice, cast.host) == {"not_allowed"}
    assert codes(make_organisation(field=Field.HEALTH), cast.broker) == {"crossing"}
    enrolled(a_round, cast.advice)
    assert codes(cast.advice, cast.broker) == {"enrolled_already"}
    invite_organisation(programme=programme, organisation=cast.council, by=cast.broker, at=AT)
    assert codes(cast.council, cast.broker) == {"asked_already"}
    with pytest.raises(Refused):
        ask_to_enrol(programme=programme, organisation=cast.elsewhere, edition=programme.edition, by=cast.host, at=AT)
    Programme.objects.update(by_enrolment=False)
    programme.refresh_from_db()
    assert codes(cast.council, cast.broker) == {"open_to_all"}


def test_nobody_takes_part_without_having_accepted(cast: Cast, a_round: Round) -> None:
    with pytest.raises(IntegrityError, match="enrolment_has_accepted_the_terms"), transaction.atomic():
        Enrolment.objects.create(
            programme=a_round.programme, organisation=cast.advice, state=EnrolmentState.ENROLLED, created_at=AT
        )


def test_the_terms_stand_once_somebody_has_accepted(cast: Cast, a_round: Round) -> None:
    enrolled(a_round, cast.advice)
    page = enter(cast.broker).post(
        reverse("round-edit", args=[a_round.slug]),
        {
            "name": "Walk",
            "about": "A day.",
            "crossings": ["out"],
            "criteria": "placed hosts fit",
            "days": "1",
            "most_km": "40",
            "pays_pounds": "0",
            "answer_days": "7",
            "who": "enrolled",
            "ways": ["one_way"],
            "terms": "Two days each.",
        },
    )
    assert "Organisations have accepted these terms, so they stand." in page.content.decode()


# Pages ----------------------------------------------------------------------------------------------------------------


def test_a_broker_invites_by_name(cast: Cast, a_round: Round) -> None:
    desk = enter(cast.broker)
    address = reverse("enrolments", args=[a_round.programme.slug])
    assert "None yet" in desk.get(address).content.decode()
    assert "no organisation called" in desk.post(address, {"organisation": "Nobody"}).content.decode()
    assert "Enter the name of an organisation" in desk.post(address, {"organisation": ""}).content.decode()
    page = desk.post(address, {"organisation": "test advice"}, follow=True).content.decode()
    assert "Test Advice is invited." in page
    assert f"0 organisations take part in {a_round.programme.name}</h1>" in page, "An invitation is no yes."
    enrolled(a_round, cast.council)
    assert f"<title>1 organisation takes part in {a_round.programme.name}" in desk.get(address).content.decode()
    Enrolment.objects.filter(organisation=cast.council).delete()
    assert "has asked already" in desk.post(address, {"organisation": "Test Advice"}).content.decode()
    assert Enrolment.objects.get().organisation == cast.advice
    assert (
        reverse("enrolments", args=[a_round.programme.slug])
        in desk.get(reverse("round-desk", args=[a_round.slug])).content.decode()
    )


def edition_on(browser: HouseClient, address: str) -> str:
    """Which terms stand on a page, as its button sends it."""
    found = re.search(r'name="edition" value="(\w+)"', browser.get(address).content.decode())
    assert found
    return found[1]


def test_terms_that_were_changed_meanwhile_are_read_again_before_anybody_has_accepted_them(
    cast: Cast, a_round: Round
) -> None:
    """A yes is to the words on the page, whoever changes them between the page and the press."""
    made = invite_organisation(programme=a_round.programme, organisation=cast.advice, by=cast.broker, at=AT)
    said = "The terms have changed since you opened the page. Read them again first."
    for person, address in (
        (cast.host, reverse("enrolment", args=[made.uuid])),
        (cast.home_coordinator, reverse("enrolment-ask", args=[a_round.programme.slug])),
    ):
        browser = enter(person)
        sent = {"answer": "accept", "accepts": "on", "edition": edition_on(browser, address)}
        Programme.objects.update(terms=f"Five days each, {person.name}.")
        page = browser.post(address, sent, follow=True).content.decode()
        assert said in page
        assert f"Five days each, {person.name}." in page
        assert not Enrolment.objects.exclude(accepted_at=None).exists()
        assert said in browser.post(address, {"answer": "accept", "accepts": "on"}, follow=True).text
        browser.post(address, sent | {"edition": edition_on(browser, address)})
        assert Enrolment.objects.get(accepted_by=person).accepted_at is not None
        Enrolment.objects.update(accepted_at=None, state=EnrolmentState.INVITED)


@pytest.mark.django_db(transaction=True)
def test_terms_that_are_being_changed_are_accepted_by_nobody(cast: Cast, a_round: Round) -> None:
    """Whoever accepts waits for whoever writes, and then has words before them that stand no more."""
    a_round.state = RoundState.DRAFT
    a_round.save()
    made = invite_organisation(programme=a_round.programme, organisation=cast.advice, by=cast.broker, at=AT)
    programme, edition = a_round.programme, a_round.programme.edition
    heard = first_and_meanwhile(
        lambda: edit_programme(
            a_round=a_round,
            criteria=a_round.criteria,
            name=programme.name,
            about=programme.about,
            crossings=[(source, target) for source, target in programme.crossings],
            most_km=programme.most_km,
            days=programme.days,
            pays_pence=programme.pays_pence,
            by_enrolment=True,
            terms="Five days each.",
            by=cast.broker,
            at=AT,
        ),
        lambda: accept_terms(
            enrolment=Enrolment.objects.get(pk=made.pk), edition=edition, by=User.objects.get(pk=cast.host.pk), at=AT
        ),
    )
    assert heard == {"terms_changed"}
    made.refresh_from_db()
    assert (made.state, made.accepted_at) == (EnrolmentState.INVITED, None)


def test_a_coordinator_reads_the_terms_and_asks(cast: Cast, a_round: Round) -> None:
    member = enter(cast.home_coordinator)
    address = reverse("enrolment-ask", args=[a_round.programme.slug])
    assert address in member.get(a_round.get_absolute_url()).content.decode()
    assert "One day each, and nobody is scored." in member.get(address).content.decode()
    assert "Accept the terms" in member.post(address, {}).content.decode()
    page = member.post(address, {"accepts": "on", "edition": edition_on(member, address)}, follow=True).content.decode()
    assert "has asked to take part" in page
    made = Enrolment.objects.get()
    desk = enter(cast.broker)
    answer = reverse("enrolment", args=[made.uuid])
    assert "Yes, it takes part" in desk.get(answer).content.decode()
    assert "Yes, it takes part" not in member.get(answer).content.decode()
    assert "Test Council: Takes part." in desk.post(answer, {"answer": "admit"}, follow=True).content.decode()
    assert "Take part no more" in member.get(answer).content.decode()
    refused = member.post(answer, {"answer": "admit"}, follow=True).content.decode()
    assert "This has changed" in refused
    assert enter(cast.outsider).get(answer).status_code == 404


def test_who_is_left_out_reads_so_before_filling_in_a_page(cast: Cast, a_round: Round) -> None:
    said = "Your organisation does not take part yet"
    address = a_round.get_absolute_url()
    page = enter(cast.home_coordinator).get(address).content.decode()
    assert said in page
    assert reverse("enrolment-ask", args=[a_round.programme.slug]) in page
    page = enter(cast.visitor).get(address).content.decode()
    assert said in page
    assert reverse("round-join", args=[a_round.slug]) not in page
    enrolled(a_round, cast.council)
    assert said not in enter(cast.visitor).get(address).content.decode()
    assert said not in Client().get(address).content.decode()


def test_somebody_of_several_organisations_says_for_which(cast: Cast, a_round: Round) -> None:
    make_membership(cast.home_coordinator, cast.advice, is_coordinator=True)
    member = enter(cast.home_coordinator)
    address = reverse("enrolment-ask", args=[a_round.programme.slug])
    assert "Choose the organisation" in member.post(address, {"accepts": "on"}).content.decode()
    chosen = {"accepts": "on", "organisation": cast.advice.pk, "edition": edition_on(member, address)}
    member.post(address, chosen)
    assert Enrolment.objects.get().organisation == cast.advice


def test_a_programme_that_is_open_to_all_needs_no_asking(cast: Cast, a_round: Round) -> None:
    Programme.objects.update(by_enrolment=False)
    member = enter(cast.home_coordinator)
    page = member.get(reverse("enrolment-ask", args=[a_round.programme.slug])).content.decode()
    assert "your people can join at once" in page
    close_round(a_round=a_round, by=cast.broker, at=AT + timedelta(days=1))
    assert member.get(reverse("enrolment-ask", args=[a_round.programme.slug])).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_ten(cast: Cast, a_round: Round) -> None:
    desk = enter(cast.broker)
    address = reverse("enrolments", args=[a_round.programme.slug])
    counts = []
    for number in (1, 9):
        for _ in range(number):
            organisation = make_organisation()
            make_membership(make_user(), organisation, is_coordinator=True)
            enrolled(a_round, organisation)
        desk.get(address)
        with CaptureQueriesContext(connection) as queries:
            desk.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
