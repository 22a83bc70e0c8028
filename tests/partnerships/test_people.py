"""/organisations/…/people/, with the answers to those who asked and the invitations taken back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.actions import invitations, memberships
from partnerships.ground.models import OutboxMail
from partnerships.ground.problems import Refused
from partnerships.models import Invitation, Organisation
from partnerships.problems import invitations as problems
from partnerships.states import InvitationState, MembershipState, OrganisationState
from partnerships.views import members
from tests.cast import Cast
from tests.factories import AT, make_membership, make_organisation, make_user

pytestmark = pytest.mark.django_db


def url(cast: Cast) -> str:
    return reverse("people", args=[cast.council.slug])


@pytest.mark.parametrize("person", ["visitor", "manager", "newcomer"])
def test_it_is_closed_to_who_coordinates_nothing(client: Client, cast: Cast, person: str) -> None:
    client.force_login(getattr(cast, person))
    assert client.get(url(cast)).status_code == 403


@pytest.mark.parametrize("person", ["host", "outsider", "broker"])
def test_it_is_not_there_for_coordinators_of_elsewhere(client: Client, cast: Cast, person: str) -> None:
    client.force_login(getattr(cast, person))
    assert client.get(url(cast)).status_code == 404
    client.post(url(cast), {"email": "a@b.example"})
    assert not Invitation.objects.exists()


def test_its_coordinator_sees_everybody_and_who_asked(client: Client, cast: Cast) -> None:
    memberships.ask_to_join(organisation=cast.council, by=cast.newcomer)
    client.force_login(cast.home_coordinator)
    page = client.get(url(cast)).content.decode()
    for name in ("Vera Visitor", "Manu Manager", "Cole Colleague", "Newt Newcomer"):
        assert name in page
    assert "4 people belong to you" in page


def test_posting_invites(client: Client, cast: Cast) -> None:
    client.force_login(cast.home_coordinator)
    client.post(url(cast), {"email": "New@Example.org", "as_coordinator": "on"})
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.as_coordinator) == ("new@example.org", True)
    assert "new@example.org" in client.get(url(cast)).content.decode()


def test_a_member_is_not_invited_and_the_address_stays_typed(client: Client, cast: Cast) -> None:
    client.force_login(cast.home_coordinator)
    page = client.post(url(cast), {"email": cast.visitor.email}).content.decode()
    assert "belongs to Test Council already" in page
    assert f'value="{cast.visitor.email}"' in page


def test_it_costs_the_same_for_one_person_and_for_ten(client: Client, cast: Cast) -> None:
    client.force_login(cast.home_coordinator)

    def one_more_of_each() -> None:
        make_membership(make_user(), cast.council)
        asked = make_membership(make_user(), cast.council, state=MembershipState.ASKED)
        invitations.invite(organisation=cast.council, email=f"i{asked.pk}@example.org", by=cast.home_coordinator)

    one_more_of_each()
    client.get(url(cast))
    with CaptureQueriesContext(connection) as few:
        client.get(url(cast))
    for _ in range(9):
        one_more_of_each()
    with CaptureQueriesContext(connection) as many:
        client.get(url(cast))
    assert len(many) == len(few)


def test_each_of_its_lists_has_pages_of_its_own(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "PAGE", 2)
    for number in range(3):
        make_membership(make_user(f"Asker {number}"), cast.council, state=MembershipState.ASKED)
        invitations.invite(organisation=cast.council, email=f"i{number}@example.org", by=cast.home_coordinator)
    client.force_login(cast.home_coordinator)
    first = client.get(url(cast)).content.decode()
    assert "Asker 1" in first
    assert "Asker 2" not in first
    assert "i1@example.org" in first
    assert "i0@example.org" not in first
    labels = re.findall(r'<nav class="govuk-pagination" aria-label="([^"]*)"', first)
    assert labels == ["Pages of those who asked", "Pages", "Pages of those who are invited"]
    second = client.get(url(cast), {"asked": 2, "invited": 2}).content.decode()
    assert "Asker 2" in second
    assert "i0@example.org" in second
    assert "4 people belong to you" in second


@pytest.mark.parametrize(("answer", "state"), [("yes", MembershipState.ACTIVE), ("no", MembershipState.REFUSED)])
def test_who_asked_gets_an_answer(client: Client, cast: Cast, answer: str, state: str) -> None:
    asked = memberships.ask_to_join(organisation=cast.council, by=cast.newcomer)
    client.force_login(cast.home_coordinator)
    answer_url = reverse("membership-answer", args=[asked.uuid])
    assert client.get(answer_url).status_code == 405
    client.post(answer_url, {"answer": answer})
    asked.refresh_from_db()
    assert asked.state == state


def test_a_second_answer_changes_nothing(client: Client, cast: Cast) -> None:
    asked = memberships.ask_to_join(organisation=cast.council, by=cast.newcomer)
    client.force_login(cast.home_coordinator)
    client.post(reverse("membership-answer", args=[asked.uuid]), {"answer": "yes"})
    page = client.post(reverse("membership-answer", args=[asked.uuid]), {"answer": "no"}, follow=True)
    assert "This has changed since you opened the page." in page.content.decode()
    asked.refresh_from_db()
    assert asked.state == MembershipState.ACTIVE


def test_others_do_not_answer(client: Client, cast: Cast) -> None:
    asked = memberships.ask_to_join(organisation=cast.council, by=cast.newcomer)
    client.force_login(cast.outsider)
    assert client.post(reverse("membership-answer", args=[asked.uuid]), {"answer": "yes"}).status_code == 404
    client.force_login(cast.visitor)
    assert client.post(reverse("membership-answer", args=[asked.uuid]), {"answer": "yes"}).status_code == 403


def test_an_invitation_is_taken_back(client: Client, cast: Cast) -> None:
    invited = invitations.invite(organisation=cast.council, email="a@b.example", by=cast.home_coordinator)
    back = reverse("invitation-withdraw", args=[invited.uuid])
    client.force_login(cast.outsider)
    assert client.post(back).status_code == 404
    client.force_login(cast.home_coordinator)
    assert client.get(back).status_code == 405
    client.post(back)
    client.post(back)
    invited.refresh_from_db()
    assert invited.state == InvitationState.WITHDRAWN


def test_neither_yes_nor_no_decides_nothing(client: Client, cast: Cast) -> None:
    asked = memberships.ask_to_join(organisation=cast.council, by=cast.newcomer)
    client.force_login(cast.home_coordinator)
    client.post(reverse("membership-answer", args=[asked.uuid]))
    asked.refresh_from_db()
    assert asked.state == MembershipState.ASKED


def test_few_mails_carry_the_name_of_what_nobody_has_confirmed(cast: Cast, client: Client) -> None:
    """Anybody can enter an organisation called as they please; the control is one that is confirmed."""
    unconfirmed = make_organisation(state=OrganisationState.TO_BE_CONFIRMED)
    founder = make_user()
    make_membership(founder, unconfirmed, is_coordinator=True)
    client.force_login(founder)
    for _ in range(problems.INVITATIONS_A_DAY_UNCONFIRMED + 1):
        page = client.post(reverse("people", args=[unconfirmed.slug]), {"email": "again@example.org"})
    assert "invite a few people a day" in page.content.decode()
    assert OutboxMail.objects.filter(to="again@example.org").count() == problems.INVITATIONS_A_DAY_UNCONFIRMED

    Organisation.objects.filter(pk=unconfirmed.pk).update(state=OrganisationState.VERIFIED)
    assert client.post(reverse("people", args=[unconfirmed.slug]), {"email": "b@example.org"}).status_code == 302


def test_nobody_invites_without_end_and_everybody_goes_on_tomorrow(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problems, "INVITATIONS_A_DAY", 1)
    invitations.invite(organisation=cast.council, email="a@example.org", by=cast.home_coordinator, at=AT)
    with pytest.raises(Refused, match="Go on tomorrow"):
        invitations.invite(organisation=cast.council, email="b@example.org", by=cast.home_coordinator, at=AT)
    tomorrow = AT + timedelta(days=1, minutes=1)
    invitations.invite(organisation=cast.council, email="b@example.org", by=cast.home_coordinator, at=tomorrow)
