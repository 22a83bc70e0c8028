"""Answers and things done: what a yes, a no and a promise kept change, and who may give them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from partnerships.ground.models import Event, OutboxMail
from partnerships.ground.problems import Refused
from partnerships.models import Organisation, User
from partnerships.states import OrganisationState, WhoAgrees
from secondments import actions
from secondments.emails.links import decision_link
from secondments.problems.placements import MOST_ASKED_A_DAY
from secondments.states import CheckKind, CheckState, DecisionHow, DecisionKind, DecisionState, PlacementState, Tie
from tests.cast import Cast
from tests.factories import AT, make_offer
from tests.secondments.helpers import ask, confirm, decision_of, holds, mails_to, say

pytestmark = pytest.mark.django_db

FIRST_DAY = AT + timedelta(days=14)


def test_every_yes_makes_it_agreed_and_a_promise_kept_makes_it_confirmed(cast: Cast) -> None:
    placement = ask(cast)
    say(placement, DecisionKind.HOST, cast)
    assert placement.state == PlacementState.REQUESTED
    assert "Test Advice said yes to A Monday at Test Advice" in mails_to(cast.visitor.email or "")
    say(placement, DecisionKind.HOME_APPROVER, cast)
    assert placement.state == PlacementState.CONFIRMED
    assert "It is settled: A Monday at Test Advice" in mails_to(cast.visitor.email or "")
    assert "It is settled: Vera Visitor comes to you" in mails_to(cast.host.email or "")
    moves = Event.objects.about(placement).values_list("verb", "to_state")
    assert list(moves) == [
        ("request_placement", PlacementState.REQUESTED),
        ("decide", PlacementState.AGREED),
        ("decide", PlacementState.CONFIRMED),
    ]
    assert holds(placement)


def test_what_is_needed_first_is_told_to_whoever_can_do_it(cast: Cast) -> None:
    cast.offer.checks = list(CheckKind.values)
    cast.offer.save()
    placement = confirm(cast)
    assert placement.state == PlacementState.AGREED
    letter = "Needed first: letter of assurance from the employer for Vera Visitor"
    assert letter in mails_to(cast.home_coordinator.email or "")
    assert "Needed first: short induction by the host for Vera Visitor" in mails_to(cast.host.email or "")

    actions.check(placement=placement, kind=CheckKind.LETTER_OF_ASSURANCE, by=cast.home_coordinator, at=AT)
    placement.refresh_from_db()
    assert placement.state == PlacementState.AGREED
    actions.check(placement=placement, kind=CheckKind.INDUCTION, by=cast.host, at=AT)
    placement.refresh_from_db()
    assert placement.state == PlacementState.CONFIRMED
    done = placement.checks.get(kind=CheckKind.INDUCTION)
    assert (done.state, done.done_by, done.done_at) == (CheckState.DONE, cast.host, AT)


def test_a_check_that_is_done_before_the_last_yes_counts(cast: Cast) -> None:
    placement = ask(cast, promises_confidentiality=False)
    say(placement, DecisionKind.HOST, cast)
    actions.check(placement=placement, kind=CheckKind.CONFIDENTIALITY, by=cast.visitor, at=AT)
    actions.check(placement=placement, kind=CheckKind.CONFIDENTIALITY, by=cast.visitor, at=AT)
    say(placement, DecisionKind.HOME_APPROVER, cast)
    assert placement.state == PlacementState.CONFIRMED


@pytest.mark.parametrize("kind", CheckKind.values)
def test_only_the_right_people_say_that_something_is_done(cast: Cast, kind: str) -> None:
    cast.offer.checks = list(CheckKind.values)
    cast.offer.save()
    placement = ask(cast, promises_confidentiality=False)
    right = {"confidentiality": cast.visitor, "letter_of_assurance": cast.home_coordinator, "induction": cast.host}
    for person in (cast.visitor, cast.home_coordinator, cast.host, cast.manager, cast.outsider):
        if person != right[kind]:
            with pytest.raises(Refused):
                actions.check(placement=placement, kind=kind, by=person, at=AT)
    actions.check(placement=placement, kind=kind, by=right[kind], at=AT)


def test_a_check_that_was_not_asked_for_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        actions.check(placement=ask(cast), kind=CheckKind.INDUCTION, by=cast.host, at=AT)
    assert refused.value.codes == {"not_asked_for"}


def test_a_no_ends_it_in_one_neutral_sentence_with_what_is_still_open(cast: Cast) -> None:
    other = make_offer(cast.elsewhere, cast.outsider, title="A day on the ward")
    placement = ask(cast)
    say(placement, DecisionKind.HOST, cast, yes=False)
    assert placement.state == PlacementState.DECLINED
    assert decision_of(placement, DecisionKind.HOME_APPROVER).state == DecisionState.NOT_NEEDED
    assert not holds(placement)
    mail = OutboxMail.objects.filter(to=cast.visitor.email).latest("id")
    assert mail.subject == "It does not work out this time: A Monday at Test Advice"
    assert other.title in mail.text
    assert "said no" not in mail.text


def test_the_same_words_follow_a_no_of_the_manager_and_the_host_hears_that_nobody_comes(cast: Cast) -> None:
    placement = ask(cast)
    say(placement, DecisionKind.HOST, cast)
    say(placement, DecisionKind.HOME_APPROVER, cast, yes=False)
    mail = OutboxMail.objects.filter(to=cast.visitor.email).latest("id")
    assert mail.subject == "It does not work out this time: A Monday at Test Advice"
    assert "manager" not in mail.text
    assert mails_to(cast.host.email or "")[-1] == "Vera Visitor is not coming after all"


def test_days_that_are_given_back_can_be_asked_for_again(cast: Cast) -> None:
    placement = ask(cast)
    say(placement, DecisionKind.HOST, cast, yes=False)
    assert holds(ask(cast))


def test_the_same_answer_twice_changes_nothing_and_another_is_refused(cast: Cast) -> None:
    placement = ask(cast)
    say(placement, DecisionKind.HOST, cast)
    events, mails = Event.objects.count(), OutboxMail.objects.count()
    say(placement, DecisionKind.HOST, cast)
    assert (Event.objects.count(), OutboxMail.objects.count()) == (events, mails)
    with pytest.raises(Refused) as refused:
        say(placement, DecisionKind.HOST, cast, yes=False)
    assert refused.value.codes == {"out_of_turn"}


def test_by_link_the_address_is_kept_and_nobody_is_named(cast: Cast) -> None:
    placement = ask(cast)
    decision = decision_of(placement, DecisionKind.HOME_APPROVER)
    actions.decide(decision=decision, yes=True, address=cast.manager.email or "", at=AT)
    decision.refresh_from_db()
    assert (decision.how, decision.decided_email, decision.decided_by) == (
        DecisionHow.BY_LINK,
        cast.manager.email,
        None,
    )
    assert Event.objects.about(decision).get(verb="decide").actor is None


@pytest.mark.parametrize("kind", [DecisionKind.HOST, DecisionKind.HOME_APPROVER, DecisionKind.COORDINATOR])
def test_nobody_decides_for_others_and_nobody_approves_themselves(cast: Cast, kind: str) -> None:
    cast.offer.accepts_ties = True
    cast.offer.save()
    placement = ask(cast, tie=Tie.VISITOR_FUNDS)
    decision = decision_of(placement, kind)
    right = {"host": cast.host, "home_approver": cast.manager, "coordinator": cast.home_coordinator}[kind]
    for person in (cast.visitor, cast.colleague, cast.adviser, cast.outsider, cast.administrator, cast.broker):
        with pytest.raises(Refused) as refused:
            actions.decide(decision=decision, yes=True, by=person, at=AT)
        assert refused.value.codes == {"not_allowed"}
        with pytest.raises(Refused):
            actions.decide(decision=decision, yes=True, address=person.email or "", at=AT)
    actions.decide(decision=decision, yes=True, by=right, at=AT)


def test_a_coordinator_who_visits_does_not_decide_about_it(cast: Cast) -> None:
    cast.council.who_agrees = WhoAgrees.COORDINATOR
    cast.council.save()
    second = cast.colleague.memberships.get()
    second.is_coordinator = True
    second.save()
    placement = ask(cast, membership=cast.home_coordinator.memberships.get(), by=cast.home_coordinator)
    decision = decision_of(placement, DecisionKind.COORDINATOR)
    assert decision.state == DecisionState.WAITING
    with pytest.raises(Refused):
        actions.decide(decision=decision, yes=True, by=cast.home_coordinator, at=AT)
    assert "Cora Coordinator asks for your yes to a visit" not in mails_to(cast.home_coordinator.email or "")
    actions.decide(decision=decision, yes=True, by=User.objects.get(pk=cast.colleague.pk), at=AT)


def test_a_yes_that_comes_after_the_first_day_began_is_too_late(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        say(ask(cast), DecisionKind.HOST, cast, at=FIRST_DAY)
    assert refused.value.codes == {"too_late"}


def test_asking_somebody_else_to_agree_outdates_the_first_link(cast: Cast) -> None:
    placement = ask(cast)
    decision = decision_of(placement, DecisionKind.HOME_APPROVER)
    before = decision_link(decision, cast.manager.email or "")
    actions.ask_someone_else(decision=decision, agrees_email="COLE@council.example.org", by=cast.visitor, at=AT)
    assert decision.asked_email == cast.colleague.email
    assert mails_to(cast.colleague.email or "") == ["Vera Visitor asks for your yes to a visit"]
    assert before not in OutboxMail.objects.get(to=cast.colleague.email).text
    with pytest.raises(Refused):
        actions.decide(decision=decision, yes=True, by=cast.manager, at=AT)


def test_who_may_ask_somebody_else_and_whom(cast: Cast) -> None:
    decision = decision_of(ask(cast), DecisionKind.HOME_APPROVER)
    for person, address, code in (
        (cast.host, "cole@council.example.org", "not_allowed"),
        (cast.visitor, cast.visitor.email, "approver_is_oneself"),
        (cast.visitor, "friend@elsewhere.example", "approver_elsewhere"),
    ):
        with pytest.raises(Refused) as refused:
            actions.ask_someone_else(decision=decision, agrees_email=address or "", by=person, at=AT)
        assert refused.value.codes == {code}
    actions.decide(decision=decision, yes=True, by=cast.manager, at=AT)
    with pytest.raises(Refused) as refused:
        actions.ask_someone_else(decision=decision, agrees_email="cole@council.example.org", by=cast.visitor, at=AT)
    assert refused.value.codes == {"answered_already"}


def test_somebody_else_is_asked_a_few_times_a_day_and_again_tomorrow(cast: Cast) -> None:
    """Each press is a mail to somebody who has not asked for it."""
    decision = decision_of(ask(cast), DecisionKind.HOME_APPROVER)
    addresses = ["cole@council.example.org", "manu@council.example.org"]

    def press(number: int, at: datetime) -> None:
        actions.ask_someone_else(decision=decision, agrees_email=addresses[number % 2], by=cast.visitor, at=at)

    for number in range(MOST_ASKED_A_DAY):
        press(number, AT)
    with pytest.raises(Refused) as refused:
        press(0, AT + timedelta(hours=23))
    assert refused.value.codes == {"asked_enough"}
    assert decision.version == 1 + MOST_ASKED_A_DAY
    press(0, AT + timedelta(hours=25))
    assert decision.asked_email == addresses[0]


@pytest.mark.parametrize("whose", ["advice", "council"])
def test_to_an_organisation_that_was_suspended_meanwhile_only_no_can_be_said(cast: Cast, whose: str) -> None:
    placement = ask(cast)
    Organisation.objects.filter(pk=getattr(cast, whose).pk).update(state=OrganisationState.SUSPENDED)
    with pytest.raises(Refused) as refused:
        say(placement, DecisionKind.HOST, cast)
    assert refused.value.codes == {"organisation_not_acting"}
    say(placement, DecisionKind.HOST, cast, yes=False)
    assert placement.state == PlacementState.DECLINED
