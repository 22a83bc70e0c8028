"""The verbs of belonging: each through its table of moves, with an event, and refused to everybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partnerships.actions import invitations, memberships
from partnerships.ground.models import Event, OutboxMail
from partnerships.ground.problems import Refused
from partnerships.models import ApprovedDomain, Invitation, User
from partnerships.states import (
    InvitationState,
    MembershipState,
    OrganisationState,
)
from tests.cast import Cast
from tests.factories import AT, make_membership, make_organisation, make_user

pytestmark = pytest.mark.django_db


def mailed() -> list[tuple[str, str]]:
    return list(OutboxMail.objects.order_by("id").values_list("template", "to"))


# Joining --------------------------------------------------------------------------------------------------------------


def test_an_address_in_the_organisations_own_domain_joins_at_once(cast: Cast) -> None:
    person = make_user("Nina", "nina@council.example.org")
    membership = memberships.ask_to_join(organisation=cast.council, by=person, at=AT)
    assert membership.state == MembershipState.ACTIVE
    assert person.is_member
    assert mailed() == []


def test_any_other_address_waits_for_a_coordinator_who_hears(cast: Cast) -> None:
    membership = memberships.ask_to_join(organisation=cast.council, by=cast.newcomer, at=AT)
    assert membership.state == MembershipState.ASKED
    assert not cast.newcomer.is_member
    assert mailed() == [("people/membership_asked", cast.home_coordinator.email)]
    memberships.confirm_membership(membership=membership, by=cast.home_coordinator, at=AT)
    assert User.objects.get(pk=cast.newcomer.pk).is_member
    assert mailed()[-1] == ("people/membership_confirmed", cast.newcomer.email)
    assert [event.verb for event in Event.objects.about(membership)] == ["ask_to_join", "confirm_membership"]


def test_a_shared_domain_waits_too(cast: Cast) -> None:
    ApprovedDomain.objects.create(organisation=cast.elsewhere, domain="nhs.net", shared=True)
    person = make_user("Nurse", "nurse@nhs.net")
    assert memberships.ask_to_join(organisation=cast.elsewhere, by=person, at=AT).state == MembershipState.ASKED


@pytest.mark.parametrize("state", [OrganisationState.CLOSED, OrganisationState.SUSPENDED])
def test_nobody_joins_what_is_closed(cast: Cast, state: str) -> None:
    with pytest.raises(Refused) as refused:
        memberships.ask_to_join(organisation=make_organisation(state=state), by=cast.newcomer, at=AT)
    assert refused.value.codes == {"organisation_not_open"}


def test_nobody_asks_twice(cast: Cast) -> None:
    memberships.ask_to_join(organisation=cast.council, by=cast.newcomer, at=AT)
    with pytest.raises(Refused) as refused:
        memberships.ask_to_join(organisation=cast.council, by=cast.newcomer, at=AT)
    assert refused.value.codes == {"asked_already"}
    with pytest.raises(Refused) as refused:
        memberships.ask_to_join(organisation=cast.council, by=cast.visitor, at=AT)
    assert refused.value.codes == {"member_already"}


def test_a_listed_organisation_is_claimed_not_joined(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        memberships.ask_to_join(organisation=make_organisation(state=OrganisationState.LISTED), by=cast.newcomer, at=AT)
    assert refused.value.codes == {"nobody_looks_after_it"}


@pytest.mark.parametrize("person", ["newcomer", "outsider", "visitor", "curator", "broker"])
def test_only_its_coordinators_say_who_belongs(cast: Cast, person: str) -> None:
    membership = memberships.ask_to_join(organisation=cast.council, by=cast.newcomer, at=AT)
    for verb in (memberships.confirm_membership, memberships.refuse_membership):
        with pytest.raises(Refused) as refused:
            verb(membership=membership, by=getattr(cast, person), at=AT)
        assert refused.value.codes == {"not_allowed"}


def test_a_no_needs_no_reason_and_may_be_asked_again(cast: Cast) -> None:
    membership = memberships.ask_to_join(organisation=cast.council, by=cast.newcomer, at=AT)
    memberships.refuse_membership(membership=membership, by=cast.home_coordinator, at=AT)
    assert mailed()[-1] == ("people/membership_refused", cast.newcomer.email)
    again = memberships.ask_to_join(organisation=cast.council, by=cast.newcomer, at=AT)
    assert again.pk != membership.pk


# Leaving --------------------------------------------------------------------------------------------------------------


def test_everybody_may_leave_and_others_are_not_thrown_out_by_colleagues(cast: Cast) -> None:
    membership = cast.colleague.memberships.get()
    with pytest.raises(Refused):
        memberships.end_membership(membership=membership, by=cast.visitor, at=AT)
    memberships.end_membership(membership=membership, by=cast.colleague, at=AT)
    assert membership.state == MembershipState.ENDED
    assert mailed() == []


def test_who_is_taken_out_hears(cast: Cast) -> None:
    memberships.end_membership(membership=cast.colleague.memberships.get(), by=cast.home_coordinator, at=AT)
    assert mailed() == [("people/membership_ended", cast.colleague.email)]


def test_the_last_coordinator_stays_while_others_are_there(cast: Cast) -> None:
    membership = cast.home_coordinator.memberships.get()
    with pytest.raises(Refused) as refused:
        memberships.end_membership(membership=membership, by=cast.home_coordinator, at=AT)
    assert refused.value.codes == {"last_coordinator"}
    make_membership(make_user(), cast.council, is_coordinator=True)
    memberships.end_membership(membership=membership, by=cast.home_coordinator, at=AT)
    assert (membership.state, membership.is_coordinator) == (MembershipState.ENDED, False)


def test_who_is_alone_may_go(cast: Cast) -> None:
    memberships.end_membership(membership=cast.outsider.memberships.get(), by=cast.outsider, at=AT)
    assert not cast.outsider.is_member


# Roles and who agrees -------------------------------------------------------------------------------------------------


def change(cast: Cast, **values: object) -> None:
    membership = cast.visitor_membership
    fields: dict[str, object] = {
        "job_title": "Officer",
        "is_coordinator": False,
        "is_commissioner": True,
        "agrees_email": cast.manager.email,
    }
    memberships.change_membership(
        membership=membership,
        by=values.pop("by", cast.home_coordinator),  # type: ignore[arg-type]  # a plain keyword table
        at=AT,
        **(fields | values),  # type: ignore[arg-type]  # a plain keyword table
    )


def test_a_coordinator_makes_another_who_hears(cast: Cast) -> None:
    change(cast, is_coordinator=True)
    membership = cast.visitor_membership
    assert membership.is_coordinator
    assert mailed() == [("people/made_coordinator", cast.visitor.email)]
    assert Event.objects.about(membership).get().reason == "made_coordinator"


@pytest.mark.parametrize("person", ["visitor", "colleague", "outsider", "broker"])
def test_nobody_else_gives_roles(cast: Cast, person: str) -> None:
    with pytest.raises(Refused):
        change(cast, is_coordinator=True, by=getattr(cast, person))


def test_an_address_that_may_not_agree_is_refused_with_its_field(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        change(cast, agrees_email="friend@gmail.com")
    assert [problem.field for problem in refused.value.problems] == ["agrees_email"]


def test_the_last_coordinator_keeps_the_role(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        memberships.change_membership(
            membership=cast.home_coordinator.memberships.get(),
            job_title="",
            is_coordinator=False,
            is_commissioner=False,
            agrees_email="",
            by=cast.home_coordinator,
            at=AT,
        )
    assert refused.value.codes == {"last_coordinator"}


def test_people_describe_themselves_and_nobody_else(cast: Cast) -> None:
    membership = cast.visitor_membership
    memberships.describe_oneself(
        membership=membership, job_title="Head", agrees_email="cole@council.example.org", by=cast.visitor, at=AT
    )
    assert cast.visitor_membership.agrees_email == "cole@council.example.org"
    with pytest.raises(Refused):
        memberships.describe_oneself(membership=membership, job_title="X", agrees_email="", by=cast.colleague, at=AT)


def test_only_administrators_make_brokers(cast: Cast) -> None:
    membership = cast.host.memberships.get()
    with pytest.raises(Refused):
        memberships.set_broker(membership=membership, is_broker=True, by=cast.broker, at=AT)
    memberships.set_broker(membership=membership, is_broker=True, by=cast.administrator, at=AT)
    memberships.set_broker(membership=membership, is_broker=True, by=cast.administrator, at=AT)
    assert [event.reason for event in Event.objects.about(membership)] == ["made_broker"]


# Invitations ----------------------------------------------------------------------------------------------------------


def invite(cast: Cast, email: str = "newt@newcomer.example.org", **values: bool) -> Invitation:
    return invitations.invite(organisation=cast.advice, email=email, by=cast.host, at=AT, **values)


def test_an_invitation_joins_who_holds_the_address(cast: Cast) -> None:
    invitation = invite(cast, "Newt@Newcomer.example.org")
    membership = invitations.accept_invitation(invitation=invitation, by=cast.newcomer, at=AT)
    assert (membership.state, membership.is_coordinator) == (MembershipState.ACTIVE, False)
    assert invitation.state == InvitationState.ACCEPTED
    assert mailed() == [
        ("people/invitation", "newt@newcomer.example.org"),
        ("people/invitation_accepted", cast.host.email),
    ]


def test_a_forwarded_link_lets_nobody_else_in(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        invitations.accept_invitation(invitation=invite(cast), by=cast.colleague, at=AT)
    assert refused.value.codes == {"not_allowed"}
    assert not cast.advice.memberships.filter(user=cast.colleague).exists()


def test_an_invitation_works_once_and_for_two_weeks(cast: Cast) -> None:
    late = AT + timedelta(days=14)
    invitation = invite(cast)
    with pytest.raises(Refused) as refused:
        invitations.accept_invitation(invitation=invitation, by=cast.newcomer, at=late)
    assert refused.value.codes == {"invitation_over"}
    invitations.accept_invitation(invitation=invitation, by=cast.newcomer, at=late - timedelta(seconds=1))
    with pytest.raises(Refused) as refused:
        invitations.accept_invitation(invitation=invitation, by=cast.newcomer, at=AT)
    assert refused.value.codes == {"invitation_used"}


def test_who_asked_already_is_confirmed_by_an_invitation(cast: Cast) -> None:
    asked = memberships.ask_to_join(organisation=cast.advice, by=cast.newcomer, at=AT)
    membership = invitations.accept_invitation(invitation=invite(cast), by=cast.newcomer, at=AT)
    assert (membership.pk, membership.state) == (asked.pk, MembershipState.ACTIVE)


def test_a_member_can_be_invited_to_coordinate_by_the_same_page(cast: Cast) -> None:
    invitation = invite(cast, as_coordinator=True)
    make_membership(cast.newcomer, cast.advice)
    assert invitations.accept_invitation(invitation=invitation, by=cast.newcomer, at=AT).is_coordinator


def test_inviting_again_sends_it_again_and_makes_no_second(cast: Cast) -> None:
    first = invite(cast)
    assert invite(cast).pk == first.pk
    assert [template for template, _to in mailed()] == ["people/invitation"] * 2


def test_members_are_not_invited_and_others_do_not_invite(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        invite(cast, cast.adviser.email or "")
    assert refused.value.codes == {"member_already"}
    for person in (cast.adviser, cast.outsider, cast.administrator):
        with pytest.raises(Refused):
            invitations.invite(organisation=cast.advice, email="a@b.example", by=person, at=AT)


def test_an_invitation_is_taken_back_by_the_coordinator_only(cast: Cast) -> None:
    invitation = invite(cast)
    with pytest.raises(Refused):
        invitations.withdraw_invitation(invitation=invitation, by=cast.outsider, at=AT)
    invitations.withdraw_invitation(invitation=invitation, by=cast.host, at=AT)
    with pytest.raises(Refused):
        invitations.accept_invitation(invitation=invitation, by=cast.newcomer, at=AT)


def test_invitations_expire_by_themselves(cast: Cast) -> None:
    invitation = invite(cast)
    assert invitations.expire_invitations(at=AT + timedelta(days=13)) == 0
    assert invitations.expire_invitations(at=AT + timedelta(days=14)) == 1
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.EXPIRED
