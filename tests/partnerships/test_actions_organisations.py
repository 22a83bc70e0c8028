"""The verbs of claims, organisations and the house: each by its table of moves, and refused to everybody else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from partnerships.actions import accounts, claims, organisations
from partnerships.ground.models import Event, OutboxMail
from partnerships.ground.problems import Refused
from partnerships.models import ApprovedDomain, Organisation
from partnerships.problems.joining import CLAIMED_A_DAY, FOUNDED_A_DAY
from partnerships.states import (
    ClaimState,
    Field,
    OrganisationState,
    WhoAgrees,
)
from tests.cast import Cast
from tests.factories import AT, make_membership, make_organisation, make_place

pytestmark = pytest.mark.django_db


def mailed() -> list[tuple[str, str]]:
    return list(OutboxMail.objects.order_by("id").values_list("template", "to"))


# Claims ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def listed() -> Organisation:
    return make_organisation("Listed Charity", state=OrganisationState.LISTED)


def test_a_claim_is_checked_by_an_administrator_who_hears_of_it(cast: Cast, listed: Organisation) -> None:
    claim = claims.claim_organisation(
        organisation=listed, job_title="Trustee", evidence="See our page.", by=cast.newcomer, at=AT
    )
    assert mailed() == [
        ("people/claim_received", cast.newcomer.email),
        ("people/claim_waiting", cast.administrator.email),
    ]
    membership = claims.accept_claim(claim=claim, by=cast.administrator, at=AT)
    listed.refresh_from_db()
    assert listed.state == OrganisationState.CLAIMED
    assert (membership.is_coordinator, membership.job_title) == (True, "Trustee")
    assert mailed()[-1] == ("people/claim_accepted", cast.newcomer.email)


def test_nobody_else_decides_a_claim_nor_an_administrator_their_own(cast: Cast, listed: Organisation) -> None:
    claim = claims.claim_organisation(
        organisation=listed, job_title="Me", evidence="Myself.", by=cast.administrator, at=AT
    )
    for person in (cast.administrator, cast.curator, cast.broker, cast.newcomer):
        with pytest.raises(Refused):
            claims.accept_claim(claim=claim, by=person, at=AT)
    listed.refresh_from_db()
    assert listed.state == OrganisationState.LISTED


def test_a_refused_claim_changes_nothing_and_may_be_made_again(cast: Cast, listed: Organisation) -> None:
    claim = claims.claim_organisation(organisation=listed, job_title="x", evidence="x", by=cast.newcomer, at=AT)
    with pytest.raises(Refused) as refused:
        claims.claim_organisation(organisation=listed, job_title="x", evidence="x", by=cast.newcomer, at=AT)
    assert refused.value.codes == {"claimed_already"}
    claims.refuse_claim(claim=claim, by=cast.administrator, at=AT)
    assert claim.state == ClaimState.REFUSED
    assert not listed.memberships.exists()
    claims.claim_organisation(organisation=listed, job_title="x", evidence="x", by=cast.newcomer, at=AT)


def test_of_two_claims_the_second_accepted_joins_the_first(cast: Cast, listed: Organisation) -> None:
    both = [
        claims.claim_organisation(organisation=listed, job_title="x", evidence="x", by=person, at=AT)
        for person in (cast.newcomer, cast.colleague)
    ]
    for claim in both:
        claims.accept_claim(claim=claim, by=cast.administrator, at=AT)
    assert listed.memberships.active().filter(is_coordinator=True).count() == 2


def test_what_is_looked_after_is_not_claimed(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        claims.claim_organisation(organisation=cast.advice, job_title="x", evidence="x", by=cast.newcomer, at=AT)
    assert refused.value.codes == {"looked_after_already"}


# Founding and vouching ------------------------------------------------------------------------------------------------


def found(cast: Cast, name: str = "Tidewater Shed") -> Organisation:
    assert cast.advice.place
    return organisations.found_organisation(
        name=name,
        place=cast.advice.place,
        field=Field.COMMUNITY,
        what_it_does="Mends things.",
        by=cast.newcomer,
        at=AT,
    )


def test_nobody_enters_or_claims_organisations_without_end(cast: Cast) -> None:
    """Each is a mail to whoever has to look at it."""
    for number in range(FOUNDED_A_DAY):
        found(cast, f"Shed {number}")
    with pytest.raises(Refused) as refused:
        found(cast, "One more shed")
    assert refused.value.codes == {"too_many_today"}

    def claim(at: datetime) -> None:
        organisation = make_organisation(state=OrganisationState.LISTED)
        claims.claim_organisation(organisation=organisation, job_title="x", evidence="x", by=cast.newcomer, at=at)

    for _number in range(CLAIMED_A_DAY):
        claim(AT)
    with pytest.raises(Refused) as refused:
        claim(AT + timedelta(hours=23))
    assert refused.value.codes == {"too_many_today"}
    claim(AT + timedelta(hours=25))


def test_a_founder_coordinates_at_once_and_waits_to_be_confirmed(cast: Cast) -> None:
    organisation = found(cast)
    assert organisation.state == OrganisationState.TO_BE_CONFIRMED
    assert not organisation.may_act
    assert cast.newcomer.coordinated_ids() == [organisation.pk]
    assert mailed() == [("people/organisation_waiting", cast.broker.email)]


def test_where_there_is_no_broker_the_administrators_hear(cast: Cast) -> None:
    organisations.found_organisation(
        name="Far away",
        place=make_place("Truro"),
        field=Field.COMMUNITY,
        what_it_does="x",
        by=cast.newcomer,
        at=AT,
    )
    assert mailed() == [("people/organisation_waiting", cast.administrator.email)]


def test_a_broker_of_the_area_vouches_and_its_coordinators_hear(cast: Cast) -> None:
    organisation = found(cast)
    organisations.vouch(organisation=organisation, by=cast.broker, at=AT)
    assert (organisation.state, organisation.may_act) == (OrganisationState.VOUCHED, True)
    assert mailed()[-1] == ("people/organisation_confirmed", cast.newcomer.email)


def test_who_was_vouched_for_a_moment_ago_is_not_told_twice_when_checked(cast: Cast) -> None:
    """The administrator's page is older than the broker's word."""
    organisation = found(cast)
    organisations.vouch(organisation=Organisation.objects.get(pk=organisation.pk), by=cast.broker, at=AT)
    organisations.verify(organisation=organisation, by=cast.administrator, at=AT)
    assert organisation.state == OrganisationState.VERIFIED
    assert [template for template, _to in mailed()].count("people/organisation_confirmed") == 1


@pytest.mark.parametrize("person", ["newcomer", "host", "outsider", "curator", "administrator"])
def test_nobody_else_vouches(cast: Cast, person: str) -> None:
    with pytest.raises(Refused):
        organisations.vouch(organisation=found(cast), by=getattr(cast, person), at=AT)


def test_a_broker_vouches_neither_elsewhere_nor_for_their_own(cast: Cast) -> None:
    organisation = found(cast)
    make_membership(cast.broker, organisation)
    with pytest.raises(Refused):
        organisations.vouch(organisation=organisation, by=cast.broker, at=AT)
    far = make_organisation(state=OrganisationState.TO_BE_CONFIRMED)
    with pytest.raises(Refused):
        organisations.vouch(organisation=far, by=cast.broker, at=AT)


def test_the_same_name_in_the_same_place_is_pointed_out(cast: Cast) -> None:
    found(cast)
    with pytest.raises(Refused) as refused:
        found(cast, "  tidewater   SHED ")
    assert refused.value.codes == {"organisation_there"}


def test_names_that_look_alike_get_addresses_of_their_own(cast: Cast) -> None:
    assert found(cast, "Tidewater: shed").slug == "tidewater-shed"
    assert found(cast, "Tidewater, shed").slug == "tidewater-shed-2"


def test_administrators_check_suspend_and_resume(cast: Cast) -> None:
    organisation = found(cast)
    organisations.verify(organisation=organisation, by=cast.administrator, at=AT)
    organisations.suspend(organisation=organisation, by=cast.administrator, at=AT)
    assert not organisation.is_public
    organisations.resume(organisation=organisation, by=cast.administrator, at=AT)
    assert organisation.state == OrganisationState.VERIFIED
    for verb in (organisations.verify, organisations.suspend, organisations.resume):
        with pytest.raises(Refused):
            verb(organisation=organisation, by=cast.host, at=AT)


def test_a_coordinator_describes_the_organisation(cast: Cast) -> None:
    def describe(by: object) -> None:
        organisations.describe_organisation(
            organisation=cast.advice,
            what_it_does="Advice.",
            how_it_works_with_others="Gladly.",
            website="https://advice.example",
            who_agrees=WhoAgrees.SELF,
            by=by,  # type: ignore[arg-type]  # one of the cast
            at=AT,
        )

    with pytest.raises(Refused):
        describe(cast.adviser)
    describe(cast.host)
    cast.advice.refresh_from_db()
    assert cast.advice.who_agrees == WhoAgrees.SELF


def test_an_administrator_may_share_a_domain_and_then_both_confirm_people(cast: Cast) -> None:
    organisations.approve_domain(organisation=cast.advice, domain="@Council.example.org", by=cast.administrator, at=AT)
    assert set(ApprovedDomain.objects.values_list("domain", "shared")) == {("council.example.org", True)}
    approved = cast.advice.approved_domains.get()
    with pytest.raises(Refused):
        organisations.remove_domain(approved=approved, by=cast.adviser, at=AT)
    organisations.remove_domain(approved=approved, by=cast.host, at=AT)
    assert not cast.advice.approved_domains.exists()


# The house ------------------------------------------------------------------------------------------------------------


def test_administrators_give_and_take_the_roles_of_the_house(cast: Cast) -> None:
    accounts.set_house_role(user=cast.host, role="curator", given=True, by=cast.administrator, at=AT)
    accounts.set_house_role(user=cast.host, role="administrator", given=True, by=cast.administrator, at=AT)
    accounts.set_house_role(user=cast.host, role="administrator", given=True, by=cast.administrator, at=AT)
    assert (cast.host.is_curator, cast.host.is_administrator, cast.host.is_superuser) == (True, True, True)
    assert [event.reason for event in Event.objects.about(cast.host)] == ["made_curator", "made_administrator"]
    for person in (cast.curator, cast.broker, cast.newcomer):
        with pytest.raises(Refused):
            accounts.set_house_role(user=person, role="administrator", given=True, by=person, at=AT)


def test_the_last_administrator_stays(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        accounts.set_house_role(
            user=cast.administrator, role="administrator", given=False, by=cast.administrator, at=AT
        )
    assert refused.value.codes == {"last_administrator"}
    with pytest.raises(Refused):
        accounts.close_account(user=cast.administrator, by=cast.administrator, at=AT)
