"""Why a proposal cannot be changed by hand as asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem
from partnerships.states import MembershipState
from secondments.permissions import may_run_round
from secondments.problems.acting import not_allowed
from secondments.states import AdjustmentKind, OfferState, ParticipationState, RoundState

if TYPE_CHECKING:
    from partnerships.models import User
    from secondments.models import Adjustment, HostOffer, Participation, Round


def problems_for_changing_by_hand(
    *,
    a_round: Round,
    kind: str,
    participation: Participation,
    offer: HostOffer,
    week: date | None,
    room: Mapping[date, int],
    standing: list[Adjustment],
    settled: bool,
    by: User,
) -> list[Problem]:
    """What stands against a change. `room`: the weeks that suit both, with the places that are left in each;
    `standing`: what holds by hand for this person already, and `settled` whether that says where they go."""
    if not may_run_round(by, a_round):
        return [not_allowed()]
    if problems := problems_for_changing_anything(a_round):
        return problems
    if participation.round_id != a_round.pk or participation.state != ParticipationState.JOINED:
        return [Problem("left_round", _("This person has left the round. Look at the proposal again."))]
    if participation.membership.state != MembershipState.ACTIVE:
        sentence = _("Their organisation has not said yet that they work there. Ask its coordinator first.")
        return [Problem("not_confirmed", sentence)]
    if any(each.offer_id == offer.pk for each in standing):
        return [Problem("pair_changed", _("You have changed this pair by hand already. Take that back first."))]
    if kind == AdjustmentKind.FORBID:
        return []
    if settled:
        return [Problem("person_settled", _("You have set by hand where this person goes. Take that back first."))]
    if kind == AdjustmentKind.MAKE and offer.state != OfferState.PUBLISHED:
        return [Problem("offer_closed", _("This host takes no visitors at the moment. Choose another one."))]
    if week is None or not room.get(week):
        sentence = _(
            "This week does not suit both, or has no place, or not days enough, beside what is set by hand. "
            "Choose another week, or take the other change back first."
        )
        return [Problem("no_room", sentence, "week")]
    return []


def problems_for_changing_places(
    *,
    a_round: Round,
    people: Sequence[Participation],
    weeks: Sequence[date | None],
    room: Sequence[Collection[date]],
    settled: bool,
    by: User,
) -> list[Problem]:
    """What stands against letting people visit one another. `weeks`: when each goes; `room`: when each could, empty
    where they cannot; `settled`: whether it is set by hand where one of them goes."""
    if not may_run_round(by, a_round):
        return [not_allowed()]
    if problems := problems_for_changing_anything(a_round):
        return problems
    if any(each.round_id != a_round.pk or each.state != ParticipationState.JOINED for each in people):
        return [Problem("left_round", _("This person has left the round. Look at the proposal again."))]
    if settled:
        sentence = _("You have set by hand where one of these people goes. Take that back first.")
        return [Problem("person_settled", sentence)]
    if len(room) != len(weeks) or any(week not in possible for week, possible in zip(weeks, room, strict=True)):
        sentence = _("They cannot change places in these weeks by the rules of this programme. Choose others.")
        return [Problem("no_room", sentence, "week")]
    if a_round.programme.visits_apart and len(set(weeks)) < len(weeks):
        sentence = _("Visits as long as these do not go into one week: whoever is visited has to be there.")
        return [Problem("same_week", sentence, "week")]
    return []


def problems_for_taking_back(adjustment: Adjustment) -> list[Problem]:
    return problems_for_changing_anything(adjustment.round)


def problems_for_changing_anything(a_round: Round) -> list[Problem]:
    """Changes are made to a proposal that waits."""
    if a_round.state == RoundState.PROPOSED:
        return []
    return [Problem("not_proposed", _("Changes by hand are made while a proposal waits to be published."))]
