"""Every model has a period that a job keeps, or a reason to stay; and the periods do what the notice says."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session

from partnerships import retention
from partnerships.actions import accounts, claims, invitations, memberships
from partnerships.actions.entered import enter_person, take_in
from partnerships.ground import jobs
from partnerships.ground.models import Event, Job, OutboxMail
from partnerships.ground.retention import Kept, Period, gather, keep_periods
from partnerships.ground.states import JobState
from partnerships.models import Claim, Invitation, Membership, User
from partnerships.states import InvitationState, OrganisationState
from secondments.models import Concern, Decision, Placement
from secondments.states import ConcernState, DecisionKind, DecisionState, HowBegan, PlacementState, Tie
from tests.cast import Cast
from tests.client import verify_address
from tests.factories import AT, make_need, make_organisation, make_user
from volunteering.models import SkillNeed
from volunteering.states import NeedState

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_every_model_is_named_once_and_nothing_else_is() -> None:
    named = Counter(rule.model for rule in gather())
    there = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert there - set(named) == set(), "Give these a period or a reason, in their app's retention.py."
    assert set(named) - there == set()
    assert [model for model, times in named.items() if times > 1] == []


def test_every_rule_speaks() -> None:
    for rule in gather():
        words = str(rule.words if isinstance(rule, Period) else rule.because)
        assert words.endswith("."), rule.model
        assert isinstance(rule, Period | Kept)


def test_a_night_with_nothing_over_changes_nothing(cast: Cast) -> None:
    before = (User.objects.count(), Membership.objects.exclude(job_title="").count())
    assert set(keep_periods(AT).values()) == {0}
    assert (User.objects.count(), Membership.objects.exclude(job_title="").count()) == before


def test_the_job_runs_by_the_clock() -> None:
    for kind in ("partnerships.retention", "partnerships.invitations"):
        jobs.enqueue(kind, "tonight", {"scheduled_for": AT.isoformat()})
    jobs.run_due()
    assert set(Job.objects.filter(key="tonight").values_list("state", flat=True)) == {JobState.DONE}


def test_one_period_that_cannot_be_kept_keeps_nobody_elses_words(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []

    def breaks(at: datetime) -> int:
        OutboxMail.objects.create(to="x", message_id="half")
        raise ZeroDivisionError

    def keeps(at: datetime) -> int:
        kept.append("second")
        return 1

    rules = [Period("first", "x", breaks), Period("second", "y", keeps)]
    monkeypatch.setattr("partnerships.ground.retention.gather", lambda: iter(rules))
    jobs.enqueue("partnerships.retention", "tonight", {"scheduled_for": AT.isoformat()}, max_attempts=1)
    jobs.run_due()
    assert kept == ["second"]
    assert not OutboxMail.objects.exists()
    assert Job.objects.get(key="tonight").state == JobState.FAILED, "An administrator reads of it."


# Accounts -------------------------------------------------------------------------------------------------------------


def seen(user: User, ago: timedelta) -> None:
    User.objects.filter(pk=user.pk).update(last_login=AT - ago, created_at=AT - ago - DAY)


def test_an_unused_account_is_warned_and_closed_a_month_later(cast: Cast) -> None:
    everybody_was_here()
    seen(cast.visitor, retention.UNUSED - timedelta(days=29))
    keep_periods(AT)
    keep_periods(AT + DAY)
    assert OutboxMail.objects.filter(to=cast.visitor.email, template="people/account_unused").count() == 1
    keep_periods(AT + timedelta(days=20))
    cast.visitor.refresh_from_db()
    assert cast.visitor.is_active
    keep_periods(AT + timedelta(days=31))
    cast.visitor.refresh_from_db()
    assert (cast.visitor.is_active, cast.visitor.email) == (False, None)
    assert User.objects.filter(is_active=False).count() == 1


def test_the_only_administrator_stays_and_is_in_nobody_elses_way(cast: Cast) -> None:
    everybody_was_here()
    for person in (cast.administrator, cast.visitor):
        seen(person, retention.UNUSED - timedelta(days=29))
    for days in (0, 31):
        keep_periods(AT + timedelta(days=days))
    assert list(User.objects.filter(is_active=False)) == [cast.visitor]


def test_signing_in_after_the_warning_keeps_it(cast: Cast) -> None:
    everybody_was_here()
    seen(cast.visitor, retention.UNUSED)
    keep_periods(AT)
    User.objects.filter(pk=cast.visitor.pk).update(last_login=AT + DAY)
    keep_periods(AT + timedelta(days=31))
    cast.visitor.refresh_from_db()
    assert cast.visitor.is_active


def test_nobody_is_closed_without_a_warning(cast: Cast) -> None:
    everybody_was_here()
    seen(cast.visitor, 2 * retention.UNUSED)
    keep_periods(AT)
    cast.visitor.refresh_from_db()
    assert cast.visitor.is_active


def test_an_address_that_nobody_confirmed_goes_after_30_days(cast: Cast) -> None:
    everybody_was_here()
    spam, real = make_user("S", "spam@x.example"), make_user("R", "real@x.example")
    User.objects.filter(pk__in=[spam.pk, real.pk]).update(created_at=AT - timedelta(days=31))
    verify_address(spam, verified=False)
    verify_address(real)
    keep_periods(AT)
    spam.refresh_from_db()
    real.refresh_from_db()
    assert (spam.email, real.email) == (None, "real@x.example")
    assert not OutboxMail.objects.filter(to="spam@x.example").exists()


def test_a_year_after_leaving_goes_whoever_others_answered_for(cast: Cast) -> None:
    """They have no address, so that nobody can write to them, and no account that they could close."""
    left, stays, moved = (enter_person(name=name, email="", by=cast.host, at=AT) for name in ("Lou", "Sid", "Moe"))
    first = {
        user: take_in(user=user, organisation=cast.advice, known=True, by=cast.host, at=AT)
        for user in (left, stays, moved)
    }
    for user in (left, moved):
        memberships.end_membership(membership=first[user], by=cast.host, at=AT)
    take_in(user=moved, organisation=cast.council, known=True, by=cast.home_coordinator, at=AT + DAY)
    everybody_was_here()
    keep_periods(AT + timedelta(days=364))
    assert set(User.objects.filter(name__in=["Lou", "Sid", "Moe"])) == {left, stays, moved}
    keep_periods(AT + timedelta(days=366))
    assert set(User.objects.filter(name__in=["Lou", "Sid", "Moe"])) == {stays, moved}
    left.refresh_from_db()
    assert (left.is_active, left.anonymised_at) == (False, AT + timedelta(days=366))
    again = take_in(user=stays, organisation=cast.advice, known=True, by=cast.host, at=AT + timedelta(days=370))
    memberships.end_membership(membership=again, by=cast.host, at=AT + timedelta(days=370))
    keep_periods(AT + timedelta(days=730))
    stays.refresh_from_db()
    assert stays.is_active


def everybody_was_here() -> None:
    User.objects.update(last_login=AT, created_at=AT)


# Belonging ------------------------------------------------------------------------------------------------------------


def test_a_year_after_leaving_title_and_approver_go(cast: Cast) -> None:
    membership = cast.visitor_membership
    memberships.end_membership(membership=membership, by=cast.visitor, at=AT)
    keep_periods(AT + timedelta(days=364))
    membership.refresh_from_db()
    assert membership.job_title
    keep_periods(AT + timedelta(days=366))
    membership.refresh_from_db()
    assert (membership.job_title, membership.agrees_email) == ("", "")


def test_an_invitation_goes_six_months_after_it_ended(cast: Cast) -> None:
    invitations.invite(organisation=cast.advice, email="a@b.example", by=cast.host, at=AT)
    invitations.expire_invitations(at=AT + timedelta(days=15))
    keep_periods(AT + timedelta(days=190))
    assert Invitation.objects.get().state == InvitationState.EXPIRED
    keep_periods(AT + timedelta(days=195))
    assert not Invitation.objects.exists()


def test_the_evidence_of_a_claim_goes_a_year_after_the_answer(cast: Cast) -> None:
    listed = make_organisation(state=OrganisationState.LISTED)
    claim = claims.claim_organisation(organisation=listed, job_title="x", evidence="Our page.", by=cast.newcomer, at=AT)
    keep_periods(AT + timedelta(days=400))
    assert Claim.objects.get().evidence == "Our page."
    claims.refuse_claim(claim=claim, by=cast.administrator, at=AT)
    keep_periods(AT + timedelta(days=366))
    assert Claim.objects.get().evidence == ""


def test_sessions_that_are_over_go(cast: Cast) -> None:
    Session.objects.create(session_key="a", session_data="", expire_date=AT - DAY)
    Session.objects.create(session_key="b", session_data="", expire_date=AT + DAY)
    keep_periods(AT)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["b"]


# Visits and needs -----------------------------------------------------------------------------------------------------


def visit(cast: Cast, state: str) -> Placement:
    placement = Placement.objects.create(
        offer=cast.offer,
        visitor=cast.visitor,
        home=cast.council,
        membership=cast.visitor_membership,
        asked_by=cast.visitor,
        how_began=HowBegan.BOOKED,
        learn="How it is.",
        needs="A chair.",
        tie=Tie.NONE,
        state=state,
        requested_at=AT,
        answer_by=AT + timedelta(days=7),
    )
    session = cast.offer.sessions.first()
    assert session is not None
    placement.sessions.create(
        offer_session=session, visitor=cast.visitor, date=session.date, half=session.half, holding=False
    )
    Decision.objects.create(
        placement=placement,
        kind=DecisionKind.HOME_APPROVER,
        state=DecisionState.YES,
        asked_email=cast.manager.email or "",
        decided_email=cast.manager.email or "",
    )
    return placement


@pytest.mark.parametrize("state", [PlacementState.COMPLETED, PlacementState.UNDER_WAY])
def test_what_somebody_wrote_for_a_visit_goes_in_steps(cast: Cast, state: str) -> None:
    """Also where the host never said how it was, and so it is under way for ever."""
    everybody_was_here()
    placement = visit(cast, state)
    last = AT + timedelta(days=14)
    for days, kept in (
        (89, (True, True, True)),
        (92, (False, True, True)),
        (367, (False, True, False)),
        (732, (False,) * 3),
    ):
        keep_periods(last + timedelta(days=days))
        placement.refresh_from_db()
        decision = placement.decisions.get()
        assert (bool(placement.needs), bool(placement.learn), bool(decision.asked_email)) == kept, days


def test_a_visit_that_is_not_over_keeps_its_words(cast: Cast) -> None:
    placement = visit(cast, PlacementState.CONFIRMED)
    keep_periods(AT + timedelta(days=800))
    placement.refresh_from_db()
    assert placement.learn


def test_a_concern_goes_three_years_on_once_it_is_handled(cast: Cast) -> None:
    for state in (ConcernState.HANDLED, ConcernState.RAISED):
        Concern.objects.create(what_is_wrong="Rude.", how_to_reach_you="a@b", state=state, created_at=AT)
    keep_periods(AT + timedelta(days=3 * 365 + 1))
    words = dict(Concern.objects.values_list("state", "what_is_wrong"))
    assert words == {ConcernState.HANDLED: "", ConcernState.RAISED: "Rude."}


def test_a_need_written_by_a_stranger_goes(cast: Cast) -> None:
    make_need(cast.advice, cast.host)
    SkillNeed.objects.create(
        title="x", what_would_help="x", minutes=60, state=NeedState.DRAFT, created_at=AT - timedelta(days=60)
    )
    keep_periods(AT)
    assert SkillNeed.objects.count() == 1


def test_the_record_of_what_was_done_stays(cast: Cast) -> None:
    accounts.close_account(user=cast.visitor, by=cast.visitor, at=AT)
    before = Event.objects.count()
    keep_periods(AT + timedelta(days=10 * 365))
    assert Event.objects.filter(actor=cast.visitor).exists()
    assert Event.objects.count() >= before
