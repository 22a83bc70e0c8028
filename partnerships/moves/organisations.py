"""The life of an organisation here."""

from __future__ import annotations

from partnerships.ground.workflow import Move, Moves, register
from partnerships.permissions import may_administer, may_broker_area
from partnerships.states import OrganisationState as State

ORGANISATION = register(
    Moves(
        model="partnerships.Organisation",
        title="Organisation",
        about="Listed from a public register, or entered by its own people and known to somebody before it may act.",
        initial=(State.LISTED, State.TO_BE_CONFIRMED),
        moves=(
            Move("accept_claim", (State.LISTED,), State.CLAIMED, may_administer),
            Move("vouch", (State.TO_BE_CONFIRMED,), State.VOUCHED, may_broker_area),
            Move("verify", (State.TO_BE_CONFIRMED, State.CLAIMED, State.VOUCHED), State.VERIFIED, may_administer),
            Move(
                "suspend",
                (State.TO_BE_CONFIRMED, State.CLAIMED, State.VOUCHED, State.VERIFIED),
                State.SUSPENDED,
                may_administer,
            ),
            Move("resume", (State.SUSPENDED,), State.VERIFIED, may_administer),
            Move(
                "close_from_register",
                (
                    State.LISTED,
                    State.TO_BE_CONFIRMED,
                    State.CLAIMED,
                    State.VOUCHED,
                    State.VERIFIED,
                    State.SUSPENDED,
                ),
                State.CLOSED,
            ),
            Move("reopen_from_register", (State.CLOSED,), State.LISTED),
        ),
    )
)
