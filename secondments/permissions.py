"""Who may do what. Each answers yes or no about one person and one thing; the reasons why not are problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnerships.permissions import may_broker_area
from partnerships.states import OrganisationState
from secondments.states import BY_A_BROKER, CheckKind, DecisionKind, EnrolmentState, HowBegan

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from partnerships.models import Membership, Organisation, User
    from secondments.models import (
        Adjustment,
        Decision,
        Enrolment,
        Entry,
        HostOffer,
        MatchRun,
        Participation,
        Placement,
        Programme,
        Round,
        Shortlisted,
        StaffList,
        Swap,
    )

    Somebody = User | AnonymousUser


def _coordinates(user: Somebody | None, organisation_id: int) -> bool:
    return bool(user and user.is_authenticated and organisation_id in user.coordinated_ids())


def may_offer(user: Somebody, organisation: Organisation) -> bool:
    """A coordinator of any organisation may write an offer, even before the organisation may publish it."""
    return _coordinates(user, organisation.pk)


def may_manage_offer(user: Somebody | None, offer: HostOffer) -> bool:
    return _coordinates(user, offer.organisation_id)


def may_ask_for(user: User, membership: Membership, how_began: str = HowBegan.BOOKED) -> bool:
    """For oneself, for a colleague as their coordinator, or for anyone in one's round as its broker."""
    if how_began == HowBegan.INTRODUCED:
        return _brokers_a_round_of(user, membership)
    if membership.user_id == user.pk or _coordinates(user, membership.organisation_id):
        return True
    return how_began == HowBegan.MATCHED and user.is_broker


def _brokers_a_round_of(user: User, membership: Membership) -> bool:
    mine = membership.participations.joined().filter(round__programme__organisation__in=user.brokered_ids())
    return mine.exists()


def is_of_visitor(user: Somebody | None, placement: Placement) -> bool:
    """The visitor; for a colleague without email the coordinator who asked, in a round any of their organisation."""
    if not user or not user.is_authenticated:
        return False
    # A broker may coordinate where a visitor works, and still has answered for nobody whom they introduced or matched.
    asked_for_them = user.pk == placement.asked_by_id and placement.how_began not in BY_A_BROKER
    acts_for_them = asked_for_them or is_acted_for(placement)
    return user.pk == placement.visitor_id or (acts_for_them and is_of_home(user, placement))


def is_acted_for(placement: Placement) -> bool:
    """Whether a round found this visit for somebody without email, whose coordinators answer for them."""
    return placement.how_began in BY_A_BROKER and not placement.visitor.email


def is_of_host(user: Somebody | None, placement: Placement) -> bool:
    return _coordinates(user, placement.offer.organisation_id)


def is_of_home(user: Somebody | None, placement: Placement) -> bool:
    return _coordinates(user, placement.home_id)


def may_see_needs(user: Somebody | None, placement: Placement) -> bool:
    """What a visitor needs is told to who prepares the visit, and to nobody else."""
    return is_of_visitor(user, placement) or is_of_host(user, placement)


def may_withdraw(user: Somebody | None, placement: Placement) -> bool:
    return is_of_visitor(user, placement)


def may_cancel(user: Somebody | None, placement: Placement) -> bool:
    return is_of_host(user, placement) or is_of_home(user, placement)


def may_cancel_or_the_house(user: Somebody | None, placement: Placement) -> bool:
    """Nobody in particular calls off what ends with a membership or an organisation."""
    return user is None or may_cancel(user, placement)


def may_say_it_did_not_happen(user: Somebody | None, placement: Placement) -> bool:
    return is_of_visitor(user, placement) or may_cancel(user, placement)


def may_check(user: Somebody | None, placement: Placement, kind: str) -> bool:
    """The visitor promises; the employer assures; the host shows round."""
    if kind == CheckKind.CONFIDENTIALITY:
        return is_of_visitor(user, placement)
    if kind == CheckKind.LETTER_OF_ASSURANCE:
        return is_of_home(user, placement) and not is_visitor(user, placement)
    return is_of_host(user, placement) and not is_visitor(user, placement)


def is_visitor(user: Somebody | None, placement: Placement) -> bool:
    return bool(user and user.is_authenticated and user.pk == placement.visitor_id)


def may_decide(user: Somebody | None, decision: Decision) -> bool:
    """Signed in. Nobody approves themselves: a visitor answers only the question whether they go."""
    if not user or not user.is_authenticated:
        return False
    placement = decision.placement
    if decision.kind == DecisionKind.VISITOR:
        return is_of_visitor(user, placement)
    if is_visitor(user, placement):
        return False
    if decision.kind == DecisionKind.HOME_APPROVER:
        return bool(user.email) and user.email == decision.asked_email
    organisation = placement.offer.organisation_id if decision.kind == DecisionKind.HOST else placement.home_id
    return _coordinates(user, organisation)


def may_decide_by_mail(address: str, decision: Decision) -> bool:
    """Whether a link mailed to `address` opens this decision, today."""
    return bool(address) and address in addresses_asked(decision)


def addresses_asked(decision: Decision) -> list[str]:
    """Where the question goes, and so whose links are good; never to the visitor about their own going."""
    placement = decision.placement
    if decision.kind == DecisionKind.VISITOR:
        own = [placement.visitor.email] if placement.visitor.email else []
        return coordinator_addresses(placement.home) if is_acted_for(placement) else own
    if decision.kind == DecisionKind.HOME_APPROVER:
        asked = [decision.asked_email]
    elif decision.kind == DecisionKind.HOST:
        asked = coordinator_addresses(placement.offer.organisation)
    else:
        asked = coordinator_addresses(placement.home)
    return [address for address in asked if address and address != placement.visitor.email]


def coordinator_addresses(organisation: Organisation) -> list[str]:
    return [membership.user.email for membership in organisation.who_answers() if membership.user.email]


def may_call_due(user: Somebody | None, swap: Swap) -> bool:
    """Only the host says that somebody would like to come back."""
    first = swap.placements.select_related("offer").order_by("id").first()
    return first is not None and is_of_host(user, first)


def may_handle_concerns(user: Somebody | None, thing: object = None) -> bool:
    return bool(user and user.is_authenticated and user.is_administrator)


def may_start_programme(user: Somebody | None, organisation: Organisation) -> bool:
    return bool(user and user.is_authenticated and organisation.pk in user.brokered_ids())


def may_run_round(user: Somebody | None, a_round: Round) -> bool:
    """A broker of the programme's organisation."""
    return may_start_programme(user, a_round.programme.organisation)


def may_run_round_or_the_clock(user: Somebody | None, a_round: Round) -> bool:
    return user is None or may_run_round(user, a_round)


def may_run_round_of_run(user: Somebody | None, run: MatchRun) -> bool:
    return may_run_round(user, run.round)


def may_take_back(user: Somebody | None, adjustment: Adjustment) -> bool:
    return may_run_round(user, adjustment.round)


def may_change_participation(user: Somebody | None, participation: Participation) -> bool:
    """Oneself, who acts for one, or the broker who was told; nobody in particular where a membership ends."""
    return user is None or may_speak_for(user, participation.membership) or may_run_round(user, participation.round)


def may_keep_notes(user: Somebody | None, programme: Programme) -> bool:
    """A broker of the programme; never whom it is about, who asks for the copy of their data."""
    return may_start_programme(user, programme.organisation)


def may_have_in_mind(user: Somebody | None, shortlisted: Shortlisted) -> bool:
    return may_run_round(user, shortlisted.participation.round)


def may_enrol_others(user: Somebody | None, enrolment: Enrolment) -> bool:
    """A broker of the programme's organisation."""
    return may_start_programme(user, enrolment.programme.organisation)


def may_answer_for_enrolled(user: Somebody | None, enrolment: Enrolment) -> bool:
    """A coordinator of the organisation that takes part."""
    return _coordinates(user, enrolment.organisation_id)


def may_decline_enrolment(user: Somebody | None, enrolment: Enrolment) -> bool:
    """Whoever was asked: the organisation that is invited, or the broker whom one has asked."""
    if enrolment.state == EnrolmentState.INVITED:
        return may_answer_for_enrolled(user, enrolment)
    return may_enrol_others(user, enrolment)


def may_end_enrolment(user: Somebody | None, enrolment: Enrolment) -> bool:
    return may_answer_for_enrolled(user, enrolment) or may_enrol_others(user, enrolment)


def may_speak_for(user: Somebody | None, membership: Membership) -> bool:
    """Oneself; or, for a colleague without email, a coordinator of their organisation."""
    if not user or not user.is_authenticated:
        return False
    without_email = not membership.user.email
    return membership.user_id == user.pk or (without_email and _coordinates(user, membership.organisation_id))


def may_enter(user: Somebody | None, a_round: Round, organisation: Organisation) -> bool:
    """Write people down for a round: its broker, of any organisation; a coordinator, of their own."""
    return may_run_round(user, a_round) or _coordinates(user, organisation.pk)


def may_let_run(user: Somebody | None, organisation: Organisation) -> bool:
    """Say who looks after a group that nobody does: a broker of its area, whose word it is here by."""
    return organisation.state == OrganisationState.VOUCHED and may_broker_area(user, organisation)


def may_take_back_entry(user: Somebody | None, entry: Entry) -> bool:
    """Whoever may write somebody down; nobody in particular where the person has closed their account."""
    return user is None or may_enter(user, entry.round, entry.organisation)


def entry_addresses(entry: Entry) -> list[str]:
    """Where the question goes, and so whose links are good: their own address, or those of who acts for them."""
    return [entry.email] if entry.email else coordinator_addresses(entry.organisation)


def may_answer_entry(user: Somebody | None, entry: Entry) -> bool:
    if not user or not user.is_authenticated:
        return False
    return user.email == entry.email if entry.email else _coordinates(user, entry.organisation_id)


def may_send_list(user: Somebody | None, staff_list: StaffList) -> bool:
    """Whoever sent the file, as long as they may write down people of all its organisations."""
    if not user or user.pk != staff_list.sent_by_id:
        return False
    if staff_list.organisation is None:
        return may_run_round(user, staff_list.round)
    return may_enter(user, staff_list.round, staff_list.organisation)
