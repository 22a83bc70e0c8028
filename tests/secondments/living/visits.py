"""What becomes of visits: yes and no from every side, whatever is needed first, and every ending."""

from __future__ import annotations

from datetime import timedelta

from secondments import actions
from secondments.models import Check, Decision, HostOffer, Placement, Swap
from secondments.models.days import HalfDay
from secondments.permissions import addresses_asked, coordinator_addresses
from secondments.states import CheckKind, CheckState, Dating, DecisionKind, Half, PlacementState, SwapState

from .people import boss_of, speaks_for
from .world import NEEDED, World, act


@act(often=20)
def somebody_answers(world: World) -> None:
    """By the mailed link or signed in; mostly yes, since a visit needs several."""
    waiting = Decision.objects.all() if world.chance(0.05) else Decision.objects.to_answer()
    decision = world.row(waiting)
    asked = addresses_asked(decision)
    yes = world.chance(0.8)
    if world.chance(0.5):
        actions.decide(decision=decision, yes=yes, address=world.one(asked), at=world.at)
        return
    placement = decision.placement
    if decision.kind == DecisionKind.VISITOR:
        by = speaks_for(world, placement.membership)
    elif decision.kind == DecisionKind.HOME_APPROVER:
        by = world.person(world.cast.manager)
    else:
        by = world.coordinator(placement.offer.organisation if decision.kind == DecisionKind.HOST else placement.home)
    actions.decide(decision=decision, yes=yes, by=by, at=world.at)


@act(often=8)
def everybody_says_yes(world: World) -> None:
    placement = world.row(Placement.objects.filter(state=PlacementState.REQUESTED))
    for decision in placement.decisions.waiting():
        actions.decide(decision=decision, yes=True, address=world.one(addresses_asked(decision)), at=world.at)


@act(often=10)
def a_host_says_no(world: World) -> None:
    decision = world.row(Decision.objects.to_answer().filter(kind=DecisionKind.HOST))
    actions.decide(decision=decision, yes=False, address=world.one(addresses_asked(decision)), at=world.at)


@act(often=1)
def somebody_else_is_asked(world: World) -> None:
    decision = world.row(Decision.objects.waiting().filter(kind=DecisionKind.HOME_APPROVER))
    by = world.coordinator(decision.placement.home)
    address = world.one(["cora@council.example.org", boss_of(decision.placement.home)])
    actions.ask_someone_else(decision=decision, agrees_email=address, by=by, at=world.at)


@act(often=6)
def something_needed_is_done(world: World) -> None:
    check = world.row(Check.objects.filter(state=CheckState.NEEDED, placement__state=PlacementState.AGREED))
    placement = check.placement
    if check.kind == CheckKind.CONFIDENTIALITY:
        by = speaks_for(world, placement.membership)
    else:
        by = world.coordinator(placement.offer.organisation)
    actions.check(placement=placement, kind=check.kind, by=by, at=world.at)


@act(often=4)
def somebody_withdraws(world: World) -> None:
    placement = world.row(Placement.objects.live())
    actions.withdraw(placement=placement, by=speaks_for(world, placement.membership), at=world.at)


@act(often=4)
def a_visit_is_called_off(world: World) -> None:
    placement = world.row(Placement.objects.live())
    side = world.one([placement.home, placement.offer.organisation])
    actions.cancel(placement=placement, by=world.coordinator(side), at=world.at)


@act(often=6)
def the_host_says_how_it_was(world: World) -> None:
    state = PlacementState.CONFIRMED if world.chance(0.1) else PlacementState.UNDER_WAY
    placement = world.row(Placement.objects.filter(state=state))
    address = world.one(coordinator_addresses(placement.offer.organisation))
    if world.chance(0.7):
        actions.complete(placement=placement, minutes=90, address=address, at=world.at)
    else:
        actions.did_not_happen(placement=placement, address=address, at=world.at)


@act(often=1)
def the_way_back_is_called_due(world: World) -> None:
    swap = world.row(Swap.objects.filter(state=SwapState.OPEN))
    first = swap.first_visit()
    host = first.offer.organisation if first else world.cast.advice
    actions.call_due(swap=swap, by=world.coordinator(host), at=world.at)


def days_at(world: World, offer: HostOffer) -> list[HalfDay]:
    """A day that it has named, or one of its usual ones."""
    if offer.dating == Dating.DATED:
        return [HalfDay(*world.one(list(offer.sessions.free().values_list("date", "half"))))]
    monday = world.one(world.weeks(world.a_round()))
    day = monday + timedelta(days=world.one(offer.usual_weekdays or range(5)))
    return [HalfDay(day, half) for half in Half.values]


@act(often=2.5)
def somebody_books_a_visit_by_themselves(world: World) -> None:
    """Beside every round, on days that a round may want."""
    offer, membership = world.row(HostOffer.objects.open()), world.membership()
    days = days_at(world, offer)
    actions.request_placement(
        offer=offer,
        membership=membership,
        half_days=days,
        learn="What happens at the front desk.",
        needs=NEEDED,
        agrees_email=boss_of(membership.organisation),
        wants_return=world.chance(0.2),
        by=speaks_for(world, membership),
        at=world.at,
    )
