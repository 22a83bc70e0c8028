"""Every allowed change of state, as data. Each verb is the one function of `secondments.actions` that makes it."""

from __future__ import annotations

from partnerships.ground.workflow import Move, Moves, register
from secondments import permissions, problems
from secondments.states import (
    LIVE_STATES,
    TO_INTRODUCE,
    UNTOLD_STATES,
    AdjustmentState,
    CheckState,
    ConcernState,
    DecisionState,
    EnrolmentState,
    EntryState,
    ListState,
    OfferState,
    ParticipationState,
    PlacementState,
    RoundState,
    RunState,
    ShortlistState,
    SwapState,
)

ENDING_VERBS = ("decide", "withdraw", "cancel", "expire")

offers = register(
    Moves(
        model="secondments.HostOffer",
        title="An offer",
        about=(
            "Written by a coordinator of the host, or by a broker for it, who then waits for a coordinator’s yes; open "
            "to everybody while it is published. What one person shows to whoever changes places with them is there "
            "from the moment they join a round, and for that round alone."
        ),
        initial=(OfferState.DRAFT, OfferState.TO_CONFIRM, OfferState.PUBLISHED),
        moves=(
            # Both are judged by their verbs: whoever holds the mailed link has answered.
            Move(
                "confirm_offer",
                (OfferState.TO_CONFIRM,),
                OfferState.PUBLISHED,
                problems=problems.problems_for_publishing,
            ),
            Move("decline_offer", (OfferState.TO_CONFIRM,), OfferState.CLOSED),
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
            Move("cancel", LIVE_STATES, PlacementState.CANCELLED, may=permissions.may_cancel_or_the_house),
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
            Move(
                "call_due",
                (SwapState.OPEN,),
                SwapState.DUE,
                may=permissions.may_call_due,
                problems=problems.problems_for_calling_due,
            ),
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

rounds = register(
    Moves(
        model="secondments.Round",
        title="A round",
        about=(
            "People join while it is open. Its dates move it on by themselves as far as a proposal; nobody is told "
            "anything before its broker publishes."
        ),
        initial=(RoundState.DRAFT,),
        moves=(
            # A date of its own opens a round, closes it and has it matched too, and then nobody in particular does.
            Move("open_round", (RoundState.DRAFT,), RoundState.OPEN, may=permissions.may_run_round_or_the_clock),
            Move("close_round", (RoundState.OPEN,), RoundState.CLOSED, may=permissions.may_run_round_or_the_clock),
            Move(
                "reopen_round",
                (RoundState.CLOSED,),
                RoundState.OPEN,
                may=permissions.may_run_round,
                problems=problems.problems_for_reopening,
            ),
            Move(
                "ask_for_match",
                (RoundState.CLOSED, RoundState.PROPOSED),
                RoundState.MATCHING,
                may=permissions.may_run_round_or_the_clock,
            ),
            Move("save_run", (RoundState.MATCHING,), RoundState.PROPOSED),
            # Matching again around changes by hand leaves the proposal as it was, until there is a better one.
            *(
                move
                for before in (RoundState.CLOSED, RoundState.PROPOSED)
                for move in (
                    Move("fail_run", (RoundState.MATCHING,), before),
                    Move("stop_matching", (RoundState.MATCHING,), before, may=permissions.may_run_round),
                    Move("drop_stopped_run", (RoundState.MATCHING,), before),
                )
            ),
            Move("put_proposal_aside", (RoundState.PROPOSED,), RoundState.CLOSED, may=permissions.may_run_round),
            Move("publish_round", (RoundState.PROPOSED,), RoundState.PUBLISHING, may=permissions.may_run_round),
            Move("ask_everyone", (RoundState.PUBLISHING,), RoundState.PUBLISHED),
            Move("fail_publishing", (RoundState.PUBLISHING,), RoundState.PROPOSED),
            Move(
                "archive_round",
                (RoundState.PUBLISHED,),
                RoundState.ARCHIVED,
                may=permissions.may_run_round,
                problems=problems.problems_for_archiving,
            ),
            Move("call_off_round", UNTOLD_STATES, RoundState.CALLED_OFF, may=permissions.may_run_round),
        ),
    )
)

enrolments = register(
    Moves(
        model="secondments.Enrolment",
        title="An organisation in a programme",
        about="Invited by a broker or asking; it takes part once its coordinator has accepted the terms.",
        initial=(EnrolmentState.INVITED, EnrolmentState.ASKED),
        moves=(
            Move(
                "invite_organisation",
                (EnrolmentState.DECLINED, EnrolmentState.LEFT),
                EnrolmentState.INVITED,
                may=permissions.may_enrol_others,
            ),
            Move(
                "ask_to_enrol",
                (EnrolmentState.DECLINED, EnrolmentState.LEFT),
                EnrolmentState.ASKED,
                may=permissions.may_answer_for_enrolled,
            ),
            Move(
                "accept_terms",
                (EnrolmentState.INVITED,),
                EnrolmentState.ENROLLED,
                may=permissions.may_answer_for_enrolled,
            ),
            Move(
                "admit_organisation",
                (EnrolmentState.ASKED,),
                EnrolmentState.ENROLLED,
                may=permissions.may_enrol_others,
            ),
            Move(
                "decline_enrolment",
                (EnrolmentState.INVITED, EnrolmentState.ASKED),
                EnrolmentState.DECLINED,
                may=permissions.may_decline_enrolment,
            ),
            Move(
                "leave_programme",
                (EnrolmentState.ENROLLED,),
                EnrolmentState.LEFT,
                may=permissions.may_end_enrolment,
            ),
        ),
    )
)

runs = register(
    Moves(
        model="secondments.MatchRun",
        title="A run of the engine",
        about=(
            "Asked for by a broker, or once a visit of a published round came to nothing; answered by a job, and kept "
            "so that it can be replayed."
        ),
        initial=(RunState.WAITING,),
        moves=(
            Move("save_run", (RunState.WAITING,), RunState.SOLVED),
            Move("fail_run", (RunState.WAITING,), RunState.FAILED),
            Move("stop_matching", (RunState.WAITING,), RunState.STOPPED, may=permissions.may_run_round_of_run),
            Move("drop_stopped_run", (RunState.WAITING,), RunState.STOPPED),
            Move("call_off_round", (RunState.WAITING,), RunState.STOPPED, may=permissions.may_run_round_of_run),
            Move("save_run", (RunState.SOLVED,), RunState.DISCARDED),
            Move("save_repair", (RunState.WAITING,), RunState.SOLVED),
            # The best use of what is free has changed, or the round is over.
            Move("save_repair", (RunState.SOLVED,), RunState.DISCARDED),
            Move("settle_round", (RunState.SOLVED,), RunState.DISCARDED),
            Move("offer_repair", (RunState.SOLVED,), RunState.OFFERED, may=permissions.may_run_round_of_run),
            Move("put_repair_aside", (RunState.SOLVED,), RunState.DISCARDED, may=permissions.may_run_round_of_run),
            Move("put_proposal_aside", (RunState.SOLVED,), RunState.DISCARDED, may=permissions.may_run_round_of_run),
            Move("call_off_round", (RunState.SOLVED,), RunState.DISCARDED, may=permissions.may_run_round_of_run),
        ),
    )
)

adjustments = register(
    Moves(
        model="secondments.Adjustment",
        title="A change by hand",
        about="What a broker knows and the engine does not; it holds in every later matching until it is taken back.",
        initial=(AdjustmentState.STANDING,),
        moves=(
            Move(
                "take_back_change",
                (AdjustmentState.STANDING,),
                AdjustmentState.TAKEN_BACK,
                may=permissions.may_take_back,
                problems=problems.problems_for_taking_back,
            ),
        ),
    )
)

shortlists = register(
    Moves(
        model="secondments.Shortlisted",
        title="A host in mind for somebody",
        about="What a broker keeps in mind; nobody is told before the visit is asked for.",
        initial=(ShortlistState.LISTED,),
        moves=(
            Move("speak_to_host", (ShortlistState.LISTED,), ShortlistState.SPOKEN, may=permissions.may_have_in_mind),
            Move(
                "introduce",
                TO_INTRODUCE,
                ShortlistState.ASKED,
                may=permissions.may_have_in_mind,
            ),
            Move(
                "put_host_aside",
                TO_INTRODUCE,
                ShortlistState.PUT_ASIDE,
                may=permissions.may_have_in_mind,
            ),
            Move(
                "put_on_shortlist",
                (ShortlistState.PUT_ASIDE,),
                ShortlistState.LISTED,
                may=permissions.may_have_in_mind,
            ),
        ),
    )
)

participations = register(
    Moves(
        model="secondments.Participation",
        title="Taking part in a round",
        initial=(ParticipationState.JOINED,),
        moves=(
            Move(
                "leave_round",
                (ParticipationState.JOINED,),
                ParticipationState.WITHDRAWN,
                may=permissions.may_change_participation,
                problems=problems.problems_for_leaving,
            ),
            # Whoever withdraws from the visit that a round found for them is not found another.
            Move("find_no_other", (ParticipationState.JOINED,), ParticipationState.WITHDRAWN),
        ),
    )
)

entries = register(
    Moves(
        model="secondments.Entry",
        title="Somebody written down for a round",
        about=(
            "A broker was told by phone, or a coordinator sent a list. The person says from a mailed link whether it "
            "is right; for somebody without email a coordinator of their organisation does."
        ),
        initial=(EntryState.WAITING,),
        moves=(
            # Both are judged by their verbs: whoever holds the link has answered.
            Move("confirm_entry", (EntryState.WAITING,), EntryState.CONFIRMED),
            Move("decline_entry", (EntryState.WAITING,), EntryState.DECLINED),
            # They have joined by themselves meanwhile.
            Move("join_round", (EntryState.WAITING,), EntryState.CONFIRMED),
            Move("take_back_entry", (EntryState.WAITING,), EntryState.TAKEN_BACK, may=permissions.may_take_back_entry),
        ),
    )
)

staff_lists = register(
    Moves(
        model="secondments.StaffList",
        title="A list of people to invite",
        about="Read from a file and looked over by whoever sent it; a job then invites those whose rows can be used.",
        initial=(ListState.READ,),
        moves=(
            Move("send_list", (ListState.READ,), ListState.SENDING, may=permissions.may_send_list),
            Move("finish_list", (ListState.SENDING,), ListState.DONE),
            Move("fail_list", (ListState.SENDING,), ListState.READ),
        ),
    )
)
