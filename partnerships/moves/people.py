"""The lives of memberships, invitations and claims: how people come to belong somewhere, and leave."""

from __future__ import annotations

from partnerships.ground.workflow import Move, Moves, anyone_may, register
from partnerships.permissions import (
    holds_invited_address,
    is_own,
    may_administer,
    may_decide_claim,
    may_end_membership,
    may_look_after,
    may_withdraw_invitation,
)
from partnerships.problems import problems_with_ending
from partnerships.states import ClaimState, InvitationState, MembershipState

MEMBERSHIP = register(
    Moves(
        model="partnerships.Membership",
        title="Membership",
        about="A person's place in an organisation. Anyone may ask; its coordinators say who belongs.",
        initial=(MembershipState.ASKED, MembershipState.ACTIVE),
        moves=(
            Move("confirm_membership", (MembershipState.ASKED,), MembershipState.ACTIVE, may_look_after),
            Move("refuse_membership", (MembershipState.ASKED,), MembershipState.REFUSED, may_look_after),
            # The invitation and the claim have been judged by then, each by its own table.
            Move("accept_invitation", (MembershipState.ASKED,), MembershipState.ACTIVE, is_own),
            Move("accept_claim", (MembershipState.ASKED,), MembershipState.ACTIVE, may_administer),
            # A coordinator had written them down before they said yes.
            Move("take_in", (MembershipState.ASKED,), MembershipState.ACTIVE),
            Move(
                "end_membership",
                (MembershipState.ASKED, MembershipState.ACTIVE),
                MembershipState.ENDED,
                may_end_membership,
                problems_with_ending,
            ),
            # A right that nothing stands against, not even being the last coordinator.
            Move("close_account", (MembershipState.ASKED, MembershipState.ACTIVE), MembershipState.ENDED),
        ),
    )
)

INVITATION = register(
    Moves(
        model="partnerships.Invitation",
        title="Invitation",
        about="A coordinator invites somebody by mail. The link opens one page; only the invited address may accept.",
        initial=(InvitationState.SENT,),
        moves=(
            Move("accept_invitation", (InvitationState.SENT,), InvitationState.ACCEPTED, holds_invited_address),
            Move("withdraw_invitation", (InvitationState.SENT,), InvitationState.WITHDRAWN, may_withdraw_invitation),
            Move("expire_invitations", (InvitationState.SENT,), InvitationState.EXPIRED, anyone_may),
        ),
    )
)

CLAIM = register(
    Moves(
        model="partnerships.Claim",
        title="Claim",
        about="Somebody says that they look after a listed organisation; an administrator checks.",
        initial=(ClaimState.WAITING,),
        moves=(
            Move("accept_claim", (ClaimState.WAITING,), ClaimState.ACCEPTED, may_decide_claim),
            Move("refuse_claim", (ClaimState.WAITING,), ClaimState.REFUSED, may_decide_claim),
            Move("close_account", (ClaimState.WAITING,), ClaimState.REFUSED),
        ),
    )
)
