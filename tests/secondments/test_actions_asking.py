"""Asking for a visit: what is written down, what is held, who is told, and every refusal as a sentence."""

from __future__ import annotations

import threading
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from partnerships.actions.memberships import forget_memberships
from partnerships.ground.models import Event, OutboxMail
from partnerships.ground.problems import Refused
from partnerships.models import ApprovedDomain
from partnerships.states import MembershipState, OrganisationState, WhoAgrees
from secondments import actions
from secondments.actions import placements
from secondments.actions.sessions import ready_sessions
from secondments.models import OfferSession, Placement, PlacementSession
from secondments.models.days import HalfDay, weekly
from secondments.problems import problems_for_asking
from secondments.states import (
    CheckKind,
    CheckState,
    Dating,
    DecisionHow,
    DecisionKind,
    DecisionState,
    Half,
    HowBegan,
    OfferState,
    PlacementState,
    SwapState,
    Tie,
)
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_user
from tests.secondments.helpers import ask, decision_of, free_half_days, mails_to, miscounted

pytestmark = pytest.mark.django_db


def refusal(cast: Cast, **changes: Any) -> tuple[set[str], str]:
    """The codes and the words with which a request is refused; nothing may be left of it."""
    before = (Placement.objects.count(), Event.objects.count(), OutboxMail.objects.count())
    with pytest.raises(Refused) as refused:
        ask(cast, **changes)
    assert (Placement.objects.count(), Event.objects.count(), OutboxMail.objects.count()) == before
    assert miscounted() == []
    for problem in refused.value.problems:
        assert problem.sentence[0].isupper()
        assert problem.sentence.rstrip()[-1] in ".?”"
    return refused.value.codes, str(refused.value)


def test_it_holds_the_days_and_writes_down_whose_yes_is_needed(cast: Cast) -> None:
    placement = ask(cast)
    assert placement.state == PlacementState.REQUESTED
    assert placement.answer_by == AT + timedelta(days=7)
    assert [session.booked for session in cast.offer.sessions.all()[:3]] == [1, 1, 0]
    states = {decision.kind: decision.state for decision in placement.decisions.all()}
    assert states == {
        DecisionKind.VISITOR: DecisionState.YES,
        DecisionKind.HOST: DecisionState.WAITING,
        DecisionKind.HOME_APPROVER: DecisionState.WAITING,
    }
    assert decision_of(placement, DecisionKind.HOME_APPROVER).asked_email == cast.manager.email
    check = placement.checks.get()
    assert (check.kind, check.state, check.done_by) == (CheckKind.CONFIDENTIALITY, CheckState.DONE, cast.visitor)
    assert miscounted() == []


def test_one_event_and_one_mail_to_each_reader(cast: Cast) -> None:
    placement = ask(cast)
    event = Event.objects.about(placement).get()
    assert (event.verb, event.actor, event.to_state) == ("request_placement", cast.visitor, "requested")
    assert mails_to(cast.visitor.email or "") == ["You have asked: A Monday at Test Advice"]
    assert mails_to(cast.host.email or "") == ["Vera Visitor of Test Council would like to visit you"]
    assert mails_to(cast.manager.email or "") == ["Vera Visitor asks for your yes to a visit"]
    assert OutboxMail.objects.count() == 3


def test_no_mail_tells_what_the_visitor_needs(cast: Cast) -> None:
    ask(cast)
    for mail in OutboxMail.objects.all():
        assert "chair with arms" not in mail.text + mail.html


def test_days_that_are_near_leave_less_time_to_answer(cast: Cast) -> None:
    cast.offer.notice_days = 0
    cast.offer.save()
    day = AT.date() + timedelta(days=2)
    OfferSession.objects.create(offer=cast.offer, date=day, half=Half.AFTERNOON, places=1)
    half_day = HalfDay(day, Half.AFTERNOON)
    assert ask(cast, half_days=[half_day]).answer_by == half_day.starts_at


def test_five_tuesdays_of_an_ask_us_offer_are_made_when_asked_for(cast: Cast) -> None:
    offer = make_offer(cast.advice, cast.host)
    first = AT.date() + timedelta(days=15)
    placement = ask(cast, offer=offer, half_days=weekly(first, Half.values, 5))
    assert placement.title() == "Five Tuesdays at Test Advice"
    assert OfferSession.objects.filter(offer=offer, booked=1, places=1).count() == 10
    assert miscounted() == []


def test_asking_twice_with_one_key_is_asking_once(cast: Cast) -> None:
    key = uuid.uuid4()
    assert ask(cast, key=key) == ask(cast, key=key)
    assert Placement.objects.count() == 1
    assert OutboxMail.objects.count() == 3


def test_a_key_of_somebody_else_opens_nothing(cast: Cast) -> None:
    key = uuid.uuid4()
    ask(cast, key=key)
    membership = cast.colleague.memberships.get()
    with pytest.raises(Exception, match="uuid"):
        ask(cast, key=key, by=cast.colleague, membership=membership, half_days=free_half_days(cast.offer, 4)[2:])


def test_a_return_stays_open_for_twelve_months(cast: Cast) -> None:
    placement = ask(cast, wants_return=True)
    swap = placement.swap
    assert swap is not None
    assert (swap.state, swap.return_until) == (SwapState.OPEN, placement.days()[-1] + timedelta(days=365))


def test_the_return_visit_joins_its_swap(cast: Cast) -> None:
    first = ask(cast, wants_return=True)
    back_offer = make_offer(cast.council, cast.home_coordinator, sessions=2)
    ApprovedDomain.objects.create(organisation=cast.advice, domain="advice.example.org")
    back = ask(
        cast,
        offer=back_offer,
        membership=cast.adviser.memberships.get(),
        by=cast.adviser,
        agrees_email=cast.host.email,
        returning=first.swap,
    )
    assert first.swap is not None
    assert list(first.swap.placements.order_by("id")) == [first, back]


def test_a_coordinator_asks_for_a_colleague_without_email(cast: Cast) -> None:
    colleague = make_user("Noor Nomail", email="temp@example.org")
    colleague.email = None
    colleague.save()
    membership = make_membership(colleague, cast.council)
    placement = ask(cast, membership=membership, by=cast.home_coordinator)
    assert (placement.visitor, placement.asked_by) == (colleague, cast.home_coordinator)
    assert decision_of(placement, DecisionKind.VISITOR).decided_by == cast.home_coordinator
    assert mails_to(cast.home_coordinator.email or "") == ["You have asked: A Monday at Test Advice"]


def test_nobody_asks_for_somebody_else(cast: Cast) -> None:
    assert refusal(cast, by=cast.colleague)[0] == {"not_allowed"}
    assert refusal(cast, by=cast.broker)[0] == {"not_allowed"}


def test_a_broker_places_somebody_from_a_round_and_the_visitor_is_asked_too(cast: Cast) -> None:
    placement = ask(cast, by=cast.broker, how_began="matched", promises_confidentiality=False)
    assert decision_of(placement, DecisionKind.VISITOR).state == DecisionState.WAITING
    assert placement.checks.get().state == CheckState.NEEDED
    assert mails_to(cast.visitor.email or "") == ["We have found a place for you: A Monday at Test Advice"]


# Whose yes ------------------------------------------------------------------------------------------------------------


def test_each_decides_for_themselves_where_the_organisation_says_so(cast: Cast) -> None:
    cast.council.who_agrees = WhoAgrees.SELF
    cast.council.save()
    placement = ask(cast, agrees_email="")
    assert {decision.kind for decision in placement.decisions.all()} == {DecisionKind.VISITOR, DecisionKind.HOST}


def test_a_tie_is_said_to_the_coordinator_or_recorded_by_rule(cast: Cast) -> None:
    cast.offer.accepts_ties = True
    cast.offer.save()
    placement = ask(cast, tie=Tie.VISITOR_FUNDS)
    assert decision_of(placement, DecisionKind.COORDINATOR).state == DecisionState.WAITING
    assert "Vera Visitor asks for your yes to a visit" in mails_to(cast.home_coordinator.email or "")
    assert "My team funds or buys from them" in OutboxMail.objects.get(to=cast.host.email).text

    cast.council.who_agrees = WhoAgrees.SELF
    cast.council.save()
    later = ask(cast, tie=Tie.VISITOR_FUNDS, agrees_email="", half_days=free_half_days(cast.offer, 4)[2:])
    by_rule = decision_of(later, DecisionKind.COORDINATOR)
    assert (by_rule.state, by_rule.how) == (DecisionState.YES, DecisionHow.BY_RULE)


def test_a_coordinator_who_asks_for_a_colleague_has_agreed(cast: Cast) -> None:
    cast.council.who_agrees = WhoAgrees.COORDINATOR
    cast.council.save()
    placement = ask(cast, by=cast.home_coordinator)
    assert decision_of(placement, DecisionKind.COORDINATOR).decided_by == cast.home_coordinator


def test_a_broker_who_coordinates_too_has_agreed_to_nothing_by_publishing(cast: Cast) -> None:
    """They are asked like any coordinator, and answer for each visit by itself."""
    cast.council.who_agrees = WhoAgrees.COORDINATOR
    cast.council.save()
    make_membership(cast.broker, cast.council, is_coordinator=True)
    forget_memberships(cast.broker)
    placement = ask(cast, by=cast.broker, how_began=HowBegan.MATCHED)
    decision = decision_of(placement, DecisionKind.COORDINATOR)
    assert (decision.state, decision.decided_by) == (DecisionState.WAITING, None)
    assert "Vera Visitor asks for your yes to a visit" in mails_to(cast.broker.email or "")
    actions.decide(decision=decision, yes=True, by=cast.broker, at=AT)
    assert decision_of(placement, DecisionKind.COORDINATOR).decided_by == cast.broker


def test_the_only_coordinator_cannot_agree_to_their_own_visit(cast: Cast) -> None:
    cast.council.who_agrees = WhoAgrees.COORDINATOR
    cast.council.save()
    membership = cast.home_coordinator.memberships.get()
    codes, words = refusal(cast, membership=membership, by=cast.home_coordinator)
    assert codes == {"nobody_to_agree"}
    assert "nobody may agree to their own visit" in words


def test_who_agrees_is_somebody_else_at_work(cast: Cast) -> None:
    assert refusal(cast, agrees_email=cast.visitor.email)[0] == {"approver_is_oneself"}
    assert refusal(cast, agrees_email="friend@elsewhere.example")[0] == {"approver_elsewhere"}
    assert refusal(cast, agrees_email="")[0] == {"approver_missing"}


# Why it may not suit --------------------------------------------------------------------------------------------------


def test_a_tie_is_refused_where_the_host_has_not_said_yes_to_such_visitors(cast: Cast) -> None:
    codes, words = refusal(cast, tie=Tie.VISITOR_INSPECTS)
    assert codes == {"tie_refused"}
    assert "Choose a host with whom your team has no such tie" in words


def test_a_host_that_funds_the_visitor_is_no_reason(cast: Cast) -> None:
    assert ask(cast, tie=Tie.HOST_FUNDS).tie == Tie.HOST_FUNDS


def test_a_full_day_is_refused_with_its_name(cast: Cast) -> None:
    ask(cast)
    membership = cast.colleague.memberships.get()
    codes, words = refusal(cast, by=cast.colleague, membership=membership)
    assert codes == {"full"}
    assert "Monday 18 January, morning" in words


def test_nobody_can_be_in_two_places(cast: Cast) -> None:
    ask(cast)
    other = make_offer(cast.elsewhere, cast.outsider)
    codes, words = refusal(cast, offer=other, half_days=free_half_days(cast.offer))
    assert codes == {"clash"}
    assert "withdraw the other visit first" in words


def test_the_database_keeps_a_person_from_being_in_two_places(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(cast)
    other = make_offer(cast.elsewhere, cast.outsider)
    monkeypatch.setattr("secondments.problems.asking.problems_of_clashes", lambda *facts: [])
    assert refusal(cast, offer=other, half_days=free_half_days(cast.offer))[0] == {"clash"}


def test_the_database_keeps_a_day_from_being_oversold(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(cast)
    monkeypatch.setattr("secondments.actions.placements.problems_for_asking", lambda *args, **kwargs: [])
    membership = cast.colleague.memberships.get()
    assert refusal(cast, by=cast.colleague, membership=membership)[0] == {"full"}


def test_days_that_the_host_does_not_name_are_refused(cast: Cast) -> None:
    assert refusal(cast, half_days=[HalfDay(date(2027, 3, 3), Half.MORNING)])[0] == {"not_offered"}


@pytest.mark.parametrize(
    ("fields", "day", "code"),
    [
        ({}, AT.date(), "past"),
        ({}, AT.date() + timedelta(days=595), "too_far_ahead"),
        ({"notice_days": 21}, AT.date() + timedelta(days=14), "notice"),
        ({"months_to_avoid": [1]}, AT.date() + timedelta(days=14), "month_avoided"),
        ({"usual_weekdays": [1]}, AT.date() + timedelta(days=14), "weekday"),
    ],
)
def test_ask_us_says_which_days_cannot_be(cast: Cast, fields: dict[str, Any], day: date, code: str) -> None:
    offer = make_offer(cast.advice, cast.host, **fields)
    assert refusal(cast, offer=offer, half_days=[HalfDay(day, Half.MORNING)])[0] == {code}


def test_too_many_days_at_once_are_refused(cast: Cast) -> None:
    offer = make_offer(cast.advice, cast.host)
    assert refusal(cast, offer=offer, half_days=weekly(date(2027, 2, 1), Half.values, 21))[0] == {"too_many"}


def test_no_days_are_refused(cast: Cast) -> None:
    assert refusal(cast, half_days=[])[0] == {"no_days"}


def test_one_does_not_visit_ones_own_organisation(cast: Cast) -> None:
    membership = cast.adviser.memberships.get()
    assert "same_organisation" in refusal(cast, membership=membership, by=cast.adviser)[0]


@pytest.mark.parametrize("state", [OfferState.PAUSED, OfferState.CLOSED, OfferState.DRAFT])
def test_an_offer_that_is_not_open_is_refused(cast: Cast, state: str) -> None:
    cast.offer.state = state
    cast.offer.save()
    assert refusal(cast)[0] == {"offer_not_open"}


@pytest.mark.parametrize(
    "state", [OrganisationState.TO_BE_CONFIRMED, OrganisationState.LISTED, OrganisationState.SUSPENDED]
)
def test_an_organisation_that_may_not_act_cannot_ask(cast: Cast, state: str) -> None:
    cast.council.state = state
    cast.council.save()
    assert refusal(cast)[0] == {"organisation_not_acting"}


def test_the_limit_of_people_away_in_a_week(cast: Cast) -> None:
    cast.council.most_away_per_week = 1
    cast.council.save()
    ask(cast)
    membership = cast.colleague.memberships.get()
    other = make_offer(cast.elsewhere, cast.outsider)
    same_week = [HalfDay(AT.date() + timedelta(days=17), Half.MORNING)]
    assert refusal(cast, offer=other, membership=membership, by=cast.colleague, half_days=same_week)[0] == {
        "home_limit"
    }
    next_week = [HalfDay(AT.date() + timedelta(days=22), Half.MORNING)]
    assert ask(cast, offer=other, membership=membership, by=cast.colleague, half_days=next_week)


@pytest.mark.parametrize("limit", ["most_visits_per_week", "most_visits_per_quarter"])
def test_the_limit_of_visits_that_a_host_takes(cast: Cast, limit: str) -> None:
    setattr(cast.advice, limit, 1)
    cast.advice.save()
    ask(cast)
    membership = cast.colleague.memberships.get()
    other = make_offer(cast.advice, cast.host, dating=Dating.ASK_US)
    day = [HalfDay(AT.date() + timedelta(days=16), Half.MORNING)]
    assert refusal(cast, offer=other, membership=membership, by=cast.colleague, half_days=day)[0] == {"host_limit"}


def test_every_row_that_holds_says_whose_it_is(cast: Cast) -> None:
    placement = ask(cast)
    held = PlacementSession.objects.filter(placement=placement, holding=True)
    assert {row.visitor for row in held} == {cast.visitor}
    assert [(row.date, row.half) for row in held] == [tuple(each) for each in free_half_days(cast.offer)]


def test_who_has_left_is_asked_for_by_nobody(cast: Cast) -> None:
    left = cast.visitor_membership
    left.state = MembershipState.ENDED
    left.save()
    with pytest.raises(Refused) as refused:
        ask(cast, membership=left)
    assert "no_longer_there" in refused.value.codes


@pytest.mark.parametrize("only_the_visitor", [False, True])
def test_where_nobody_can_answer_nobody_is_asked(cast: Cast, only_the_visitor: bool) -> None:
    """Also where the one who could answer is the visitor, who does not decide about their own visit."""
    membership = cast.visitor_membership
    cast.advice.memberships.update(state=MembershipState.ENDED)
    if only_the_visitor:
        make_membership(cast.visitor, cast.advice, is_coordinator=True)
    assert [each.code for each in problems_for_asking(membership, cast.offer, at=AT)] == ["nobody_to_answer"]


@pytest.mark.django_db(transaction=True)
def test_a_day_that_is_taken_back_while_somebody_asks_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def and_then_it_goes(asked: Any) -> Any:
        rows = ready_sessions(asked)

        def take_back() -> None:
            actions.remove_session(
                session=OfferSession.objects.get(pk=next(iter(rows.values())).pk), by=cast.host, at=AT
            )
            connection.close()

        other = threading.Thread(target=take_back)
        other.start()
        other.join()
        return rows

    monkeypatch.setattr(placements, "ready_sessions", and_then_it_goes)
    with pytest.raises(Refused) as refused:
        ask(cast)
    assert refused.value.codes == {"gone"}
