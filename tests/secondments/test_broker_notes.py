"""Notes at the desk: on the page of a person, and of an organisation that takes part."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from secondments.actions.brokering import write_note
from secondments.models import Enrolment, Note, Participation
from secondments.my_data import collect
from secondments.retention import rules
from secondments.states import EnrolmentState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_round
from tests.secondments.proposals import Proposal
from tests.secondments.rounds import join

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(cast: Cast) -> Participation:
    return join(make_round(cast.cvs), cast.visitor_membership)


@pytest.fixture
def enrolment(cast: Cast, person: Participation) -> Enrolment:
    return Enrolment.objects.create(
        programme=person.round.programme,
        organisation=cast.advice,
        state=EnrolmentState.ENROLLED,
        accepted_at=AT,
        created_at=AT,
    )


def page_of(person: Participation) -> str:
    return reverse("round-person", args=[person.round.slug, person.uuid])


def test_somebody_is_read_of_before_there_is_a_proposal(cast: Cast, person: Participation) -> None:
    client = enter(cast.broker)
    assert page_of(person) in client.get(reverse("round-desk", args=[person.round.slug])).content.decode()
    page = client.get(page_of(person)).content.decode()
    assert "Vera Visitor has joined Winter round" in page
    assert "How a front desk copes" in page
    assert reverse("round-hosts", args=[person.round.slug, person.uuid]) in page
    assert "can ask to read it" in page


def test_noted_read_and_removed(cast: Cast, person: Participation) -> None:
    client = enter(cast.broker)
    said = {"text": "Prefers mornings <b>"}
    page = client.post(reverse("round-person-note", args=[person.round.slug, person.uuid]), said, follow=True)
    assert "Noted. Only brokers of this programme see it." in page.content.decode()
    assert "Prefers mornings &lt;b&gt;" in page.content.decode()
    page = client.post(reverse("note-remove", args=[Note.objects.get().uuid]), follow=True)
    assert "The note is removed." in page.content.decode()
    assert "Prefers mornings" not in page.content.decode()


def test_what_could_not_be_kept_stands_there_again(cast: Cast, person: Participation) -> None:
    client, address = enter(cast.broker), reverse("round-person-note", args=[person.round.slug, person.uuid])
    assert "Write the note" in client.post(address, {"text": " "}).content.decode()
    page = client.post(address, {"text": "Mornings. " * 101}).content.decode()
    assert "There is a problem" in page
    assert page.count("Mornings.") >= 101
    assert not Note.objects.exists()


def test_nobody_else_reads_a_note(cast: Cast, person: Participation, enrolment: Enrolment) -> None:
    write_note(about=person, text="Prefers mornings", by=cast.broker)
    write_note(about=enrolment, text="Ring before ten", by=cast.broker)
    for reader in (cast.visitor, cast.host, cast.administrator, cast.home_coordinator):
        client = enter(reader)
        for address in (page_of(person), enrolment.get_absolute_url(), person.round.get_absolute_url()):
            words = client.get(address).content.decode()
            assert "Prefers mornings" not in words
            assert "Ring before ten" not in words
            assert "Notes for brokers" not in words


def test_about_an_organisation_too(cast: Cast, enrolment: Enrolment) -> None:
    client, address = enter(cast.broker), reverse("enrolment-note", args=[enrolment.uuid])
    assert "Write the note" in client.post(address, {"text": ""}).content.decode()
    page = client.post(address, {"text": "Ring before ten"}, follow=True)
    assert "Ring before ten" in page.content.decode()
    assert "Ring before ten" in enter(cast.broker).get(enrolment.get_absolute_url()).content.decode()
    page = client.post(reverse("note-remove", args=[Note.objects.get().uuid]), follow=True)
    assert page.redirect_chain[-1][0] == f"{enrolment.get_absolute_url()}#notes"


def test_a_note_ends_a_year_after_the_round(cast: Cast, person: Participation, enrolment: Enrolment) -> None:
    write_note(about=person, text="x", by=cast.broker, at=AT)
    write_note(about=enrolment, text="y", by=cast.broker, at=AT)
    [rule] = [each for each in rules() if each.model == "secondments.Note"]
    apply = getattr(rule, "apply", None)
    assert apply is not None
    assert apply(AT.replace(year=2027, month=12)) == 0
    assert apply(AT.replace(year=2028, month=2)) == 1
    assert apply(AT.replace(year=2028, month=5)) == 1
    assert not Note.objects.exists()


def test_notes_cost_the_same_however_many(cast: Cast, person: Participation) -> None:
    client = enter(cast.broker)
    counts = []
    for _ in range(2):
        write_note(about=person, text="x", by=cast.broker)
        client.get(page_of(person))
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(person))
        counts.append(len(queries))
        for _more in range(9):
            write_note(about=person, text="x", by=cast.broker)
    assert counts[0] == counts[1] <= 12


def test_what_was_noted_with_a_change_by_hand_stands_in_the_copy_too(cast: Cast) -> None:
    proposal = Proposal(cast)
    who = proposal.at_near
    proposal.change(who=who, note="Rang me.")
    noted = collect(who.membership.user)["what_brokers_noted_when_they_changed_your_match"]
    assert [each["note"] for each in noted] == ["Rang me."]
    others = {proposal.vera, proposal.cole} - {who}
    assert not any(collect(each.membership.user)["what_brokers_noted_when_they_changed_your_match"] for each in others)
