"""/invitations/…/: the page that a mailed invitation opens."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.actions import invitations
from partnerships.ground import clock
from partnerships.models import Invitation
from partnerships.states import InvitationState
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(cast: Cast) -> Invitation:
    return invitations.invite(organisation=cast.advice, email=cast.newcomer.email or "", by=cast.host)


def url(invitation: Invitation) -> str:
    return reverse("invitation", args=[invitation.uuid])


def test_a_wrong_link_is_not_there(client: Client) -> None:
    assert client.get(reverse("invitation", args=[uuid4()])).status_code == 404


def test_the_link_names_the_organisation_and_nobody_in_it(client: Client, invited: Invitation, cast: Cast) -> None:
    page = client.get(url(invited)).content.decode()
    assert "Test Advice has invited you" in page
    assert f"{reverse('account_signup')}?next={url(invited)}" in page
    for private in (cast.host.name, cast.host.email or "", invited.email):
        assert private not in page


def test_a_mail_scanner_that_opens_it_changes_nothing(client: Client, invited: Invitation, cast: Cast) -> None:
    client.force_login(cast.newcomer)
    client.get(url(invited))
    client.head(url(invited))
    invited.refresh_from_db()
    assert invited.state == InvitationState.SENT
    assert not cast.newcomer.memberships.exists()


def test_accepting_without_signing_in_changes_nothing(client: Client, invited: Invitation) -> None:
    client.post(url(invited))
    invited.refresh_from_db()
    assert invited.state == InvitationState.SENT


def test_the_invited_person_joins(client: Client, invited: Invitation, cast: Cast) -> None:
    client.force_login(cast.newcomer)
    assert "Join Test Advice" in client.get(url(invited)).content.decode()
    assert client.post(url(invited)).headers["Location"] == reverse("next-steps")
    assert cast.newcomer.memberships.get().organisation == cast.advice


def test_a_second_click_says_that_it_was_accepted(client: Client, invited: Invitation, cast: Cast) -> None:
    client.force_login(cast.newcomer)
    client.post(url(invited))
    answer = client.post(url(invited), follow=True)
    assert "This invitation was accepted already." in answer.content.decode()
    assert cast.newcomer.memberships.count() == 1


def test_somebody_else_cannot_use_it(client: Client, invited: Invitation, cast: Cast) -> None:
    client.force_login(cast.colleague)
    page = client.get(url(invited)).content.decode()
    assert "another address" in page
    assert invited.email not in page
    client.post(url(invited))
    assert not cast.advice.memberships.filter(user=cast.colleague).exists()


def test_after_two_weeks_it_has_ended(client: Client, invited: Invitation, cast: Cast) -> None:
    Invitation.objects.filter(pk=invited.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    client.force_login(cast.newcomer)
    page = client.get(url(invited)).content.decode()
    assert "This invitation has ended" in page
    assert "There is a problem" not in page, "Nothing that they did is wrong."
    client.post(url(invited))
    assert not cast.newcomer.memberships.exists()


def test_one_that_was_taken_back_has_ended(client: Client, invited: Invitation, cast: Cast) -> None:
    invitations.withdraw_invitation(invitation=invited, by=cast.host)
    assert "This invitation has ended" in client.get(url(invited)).content.decode()
