"""Every allowed change of state, as data. Each verb is the one function of `secondments.actions` that makes it."""

from __future__ import annotations

from partnerships.ground.workflow import Move, Moves, register
from secondments import permissions, problems
from secondments.states import (
    LIVE_STATES,
    CheckState,
    ConcernState,
    DecisionState,
    OfferState,
    PlacementState,
    SwapState,
)

ENDING_VERBS = ("decide", "withdraw", "cancel", "expire")

offers = register(
    Moves(
        model="secondments.HostOffer",
        title="An offer",
        about="Written by a coordinator of the host; open to everybody while it is published.",
        initial=(OfferState.DRAFT,),
        moves=(
            Move(
                "publish_offer",
                (OfferState.DRAFT,),
                OfferState.PUBLISHED,
                may=permissions.may_manage_offer,
                problems=problems.problems_for_publishing,
            ),
            Move("pause_offer", (OfferState.PUBLISHED,), OfferState.PAUSED, may=permissions.may_manage_offer),
            Move(
                "reopen_offer",
                (OfferState.PAUSED, OfferState.CLOSED),
                OfferState.PUBLISHED,
                may=permissions.may_manage_offer,
                problems=problems.problems_for_publishing,
            ),
            Move(
                "close_offer",
                (OfferState.DRAFT, OfferState.PUBLISHED, OfferState.PAUSED),
                OfferState.CLOSED,
                may=permissions.may_manage_offer,
            ),
        ),
    )
)

placements = register(
    Moves(
        model="secondments.Placement",
        title="A visit",
        about=(
            "Agreed once every yes that it needs is there, confirmed once everything needed first is done; "
            "nobody sets either by hand."
        ),
        initial=(PlacementState.REQUESTED,),
        moves=(
            Move("decide", (PlacementState.REQUESTED,), PlacementState.AGREED),
            Move("decide", (PlacementState.AGREED,), PlacementState.CONFIRMED),
            Move("decide", (PlacementState.REQUESTED,), PlacementState.DECLINED),
            Move("check", (PlacementState.AGREED,), PlacementState.CONFIRMED),
            Move("expire", (PlacementState.REQUESTED, PlacementState.AGREED), PlacementState.EXPIRED),
            Move("start", (PlacementState.CONFIRMED,), PlacementState.UNDER_WAY),
            Move("complete", (PlacementState.UNDER_WAY,), PlacementState.COMPLETED),
            Move("withdraw", LIVE_STATES, PlacementState.WITHDRAWN, may=permissions.may_withdraw),
            Move("cancel", LIVE_STATES, PlacementState.CANCELLED, may=permissions.may_cancel),
            Move("did_not_happen", (PlacementState.UNDER_WAY,), PlacementState.DID_NOT_HAPPEN),
        ),
    )
)

decisions = register(
    Moves(
        model="secondments.Decision",
        title="A decision",
        about="One yes or no that a visit needs. Who decided, when and how is kept with it.",
        initial=(DecisionState.WAITING, DecisionState.YES),
        moves=(
            Move("decide", (DecisionState.WAITING,), DecisionState.YES),
            Move("decide", (DecisionState.WAITING,), DecisionState.NO),
            *(Move(verb, (DecisionState.WAITING,), DecisionState.NOT_NEEDED) for verb in ENDING_VERBS),
        ),
    )
)

checks = register(
    Moves(
        model="secondments.Check",
        title="Something needed first",
        initial=(CheckState.NEEDED, CheckState.DONE),
        moves=(Move("check", (CheckState.NEEDED,), CheckState.DONE),),
    )
)

swaps = register(
    Moves(
        model="secondments.Swap",
        title="The way back",
        about="Somebody of the host would like to come too. It stays open, and only the host calls it due.",
        initial=(SwapState.OPEN,),
        moves=(
            Move("call_due", (SwapState.OPEN,), SwapState.DUE, may=permissions.may_call_due),
            Move("lapse", (SwapState.OPEN, SwapState.DUE), SwapState.LAPSED),
        ),
    )
)

concerns = register(
    Moves(
        model="secondments.Concern",
        title="Something is wrong",
        initial=(ConcernState.RAISED,),
        moves=(
            Move(
                "handle_concern",
                (ConcernState.RAISED,),
                ConcernState.HANDLED,
                may=permissions.may_handle_concerns,
            ),
        ),
    )
)
