"""Every allowed change of state in this app, as data."""

from __future__ import annotations

from partnerships.ground.workflow import Move, Moves, register
from volunteering.permissions import may_look_after_need
from volunteering.problems import problems_with_publishing
from volunteering.states import NeedState

SKILL_NEED = register(
    Moves(
        model="volunteering.SkillNeed",
        title="Skill need",
        about="Written by anybody, even before there is an account; published for an organisation that may act.",
        initial=(NeedState.DRAFT,),
        moves=(
            Move(
                "publish_need",
                (NeedState.DRAFT, NeedState.MET, NeedState.WITHDRAWN),
                NeedState.PUBLISHED,
                may_look_after_need,
                problems_with_publishing,
            ),
            Move("mark_met", (NeedState.PUBLISHED,), NeedState.MET, may_look_after_need),
            Move("withdraw_need", (NeedState.DRAFT, NeedState.PUBLISHED), NeedState.WITHDRAWN, may_look_after_need),
        ),
    )
)
