"""Who may agree to a person's going, and which mail domains an organisation may call its own."""

from __future__ import annotations

import pytest

from partnerships.models import ApprovedDomain, Membership
from partnerships.problems import mailbox_of, problems_for_approver, problems_with_domain
from partnerships.states import OrganisationState, WhoAgrees
from tests.cast import Cast
from tests.factories import make_membership, make_organisation, make_user

pytestmark = pytest.mark.django_db


def codes(membership: Membership, email: str, **named: object) -> set[str]:
    return {problem.code for problem in problems_for_approver(membership, email, **named)}  # type: ignore[arg-type]  # only named_by is ever given


def test_a_work_address_of_the_home_organisation_may_agree(cast: Cast) -> None:
    assert codes(cast.visitor_membership, "anybody@council.example.org") == set()


def test_an_address_is_compared_in_any_case_and_without_blanks(cast: Cast) -> None:
    assert codes(cast.visitor_membership, "  Manu@Council.Example.ORG ") == set()


@pytest.mark.parametrize(
    "own", ["vera@council.example.org", "VERA@council.example.org", "vera+boss@council.example.org"]
)
def test_nobody_agrees_to_their_own_going(cast: Cast, own: str) -> None:
    assert codes(cast.visitor_membership, own) == {"approver_is_oneself"}


@pytest.mark.parametrize("elsewhere", ["otto@elsewhere.example.org", "friend@gmail.com", "not an address"])
def test_an_address_from_elsewhere_does_not_agree(cast: Cast, elsewhere: str) -> None:
    assert codes(cast.visitor_membership, elsewhere) == {"approver_elsewhere"}


def test_without_an_address_the_sentence_says_what_to_enter(cast: Cast) -> None:
    (problem,) = problems_for_approver(cast.visitor_membership, "")
    assert (problem.code, problem.field) == ("approver_missing", "agrees_email")


def test_a_coordinator_may_agree_whatever_their_address(cast: Cast) -> None:
    membership = cast.adviser.memberships.get()
    assert codes(membership, "hal@advice.example.org") == set()
    assert codes(membership, "ada2@advice.example.org") == {"approver_elsewhere"}


def test_the_only_coordinator_does_not_agree_to_their_own_going(cast: Cast) -> None:
    assert codes(cast.host.memberships.get(), "hal@advice.example.org") == {"approver_is_oneself"}


def test_in_a_shared_domain_a_coordinator_confirms_the_address(cast: Cast) -> None:
    trust = cast.elsewhere
    ApprovedDomain.objects.create(organisation=trust, domain="nhs.net", shared=True)
    nurse = make_membership(make_user("Nurse", "nurse@nhs.net"), trust)
    assert codes(nurse, "matron@nhs.net", named_by=nurse.user) == {"approver_to_be_confirmed"}
    assert codes(nurse, "matron@nhs.net", named_by=cast.outsider) == set()
    nurse.agrees_email = "matron@nhs.net"
    assert codes(nurse, "matron@nhs.net") == set()


def test_a_coordinator_of_elsewhere_confirms_nothing(cast: Cast) -> None:
    ApprovedDomain.objects.create(organisation=cast.elsewhere, domain="nhs.net", shared=True)
    nurse = make_membership(make_user("Nurse", "nurse@nhs.net"), cast.elsewhere)
    assert codes(nurse, "matron@nhs.net", named_by=cast.host) == {"approver_to_be_confirmed"}


def test_nothing_is_asked_where_each_person_decides(cast: Cast) -> None:
    cast.advice.who_agrees = WhoAgrees.SELF
    cast.advice.save()
    assert codes(cast.adviser.memberships.get(), "") == set()


def test_where_coordinators_decide_there_must_be_another_one(cast: Cast) -> None:
    cast.advice.who_agrees = WhoAgrees.COORDINATOR
    cast.advice.save()
    assert codes(cast.adviser.memberships.get(), "") == set()
    assert codes(cast.host.memberships.get(), "") == {"no_other_coordinator"}


def test_mailboxes_compare_without_tags() -> None:
    assert mailbox_of("A.B+c@X.org") == mailbox_of("a.b@x.org")
    assert mailbox_of("a.b@x.org") != mailbox_of("ab@x.org")


def test_a_domain_must_be_ones_own(cast: Cast) -> None:
    assert _domain(cast, "other.example.org") == {"domain_not_yours"}


def test_a_domain_that_anybody_has_is_never_one(cast: Cast) -> None:
    cast.host.email = "hal@gmail.com"
    assert _domain(cast, "gmail.com") == {"domain_of_anybody"}


def test_an_organisation_that_waits_to_be_confirmed_has_none(cast: Cast) -> None:
    waiting = make_organisation("Salford Council we say", state=OrganisationState.TO_BE_CONFIRMED)
    founder = make_user("F", "f@council.example.org")
    make_membership(founder, waiting, is_coordinator=True)
    problems = problems_with_domain(waiting, "council.example.org", by=founder)
    assert {problem.code for problem in problems} == {"organisation_to_be_confirmed"}


def test_a_domain_of_another_organisation_needs_an_administrator(cast: Cast) -> None:
    cast.host.email = "hal@council.example.org"
    assert _domain(cast, "council.example.org") == {"domain_of_another"}
    assert not problems_with_domain(cast.advice, "council.example.org", by=cast.administrator)


def _domain(cast: Cast, domain: str) -> set[str]:
    return {problem.code for problem in problems_with_domain(cast.advice, domain, by=cast.host)}
