"""Organisations that no register knows, who vouches for them, and what their coordinators settle."""

from __future__ import annotations

from datetime import datetime

from partnerships import emails
from partnerships.ground import clock, events, workflow
from partnerships.ground.locks import acting, lock, take_turns
from partnerships.ground.problems import Refused, refuse
from partnerships.models import ApprovedDomain, FormerSlug, Membership, Organisation, Place, User
from partnerships.permissions import may_administer, may_coordinate
from partnerships.problems import (
    FOUNDED_A_DAY,
    SHARED_DOMAINS,
    not_allowed,
    problems_with_domain,
    problems_with_entering_group,
    problems_with_founding,
    problems_with_one_more,
)
from partnerships.states import SECTOR_OF_FIELD, MembershipState, OrganisationState

from .leavers import end_what_it_had
from .memberships import forget_memberships
from .slugs import free_slug


def found_organisation(
    *,
    name: str,
    place: Place,
    field: str,
    what_it_does: str,
    job_title: str = "",
    by: User,
    at: datetime | None = None,
) -> Organisation:
    """Enter an organisation that is on no list: its founder coordinates and prepares at once, it acts once known."""
    at = at or clock.now()
    name = " ".join(name.split())
    with acting():
        # Whoever founds the same at once, by two clicks or somebody else, waits here and is then told that it is there.
        lock(by, place)
        refuse(
            problems_with_founding(name, place)
            or problems_with_one_more(Organisation, "found_organisation", FOUNDED_A_DAY, by=by, at=at)
        )
        organisation = _make(name=name, place=place, field=field, what_it_does=what_it_does, at=at)
        workflow.created(organisation, by=by, verb="found_organisation", at=at)
        membership = Membership.objects.create(
            user=by,
            organisation=organisation,
            state=MembershipState.ACTIVE,
            job_title=job_title,
            is_coordinator=True,
            created_at=at,
        )
        workflow.created(membership, by=by, verb="found_organisation", at=at)
        forget_memberships(by)
        emails.organisation_waiting(organisation)
    return organisation


def enter_group(
    *, name: str, place: Place, field: str, what_it_does: str, by: User, at: datetime | None = None
) -> Organisation:
    """A broker enters a group of their area that is on no list, and so vouches for it. Nobody looks after it yet."""
    at = at or clock.now()
    name = " ".join(name.split())
    with acting():
        lock(by, place)
        refuse(problems_with_entering_group(name, place, by=by))
        organisation = _make(name=name, place=place, field=field, what_it_does=what_it_does, at=at)
        workflow.created(organisation, by=by, verb="enter_group", at=at)
        vouch(organisation=organisation, by=by, at=at)
    return organisation


def _make(*, name: str, place: Place, field: str, what_it_does: str, at: datetime) -> Organisation:
    return Organisation.objects.create(
        name=name,
        slug=free_slug(name, Organisation, FormerSlug, otherwise="organisation"),
        sector=SECTOR_OF_FIELD[field],
        field=field,
        state=OrganisationState.TO_BE_CONFIRMED,
        place=place,
        what_it_does=what_it_does,
        created_at=at,
    )


def vouch(*, organisation: Organisation, by: User, at: datetime | None = None) -> None:
    """A broker of its area knows that this organisation is real."""
    at = at or clock.now()
    with acting():
        workflow.move(organisation, to=OrganisationState.VOUCHED, verb="vouch", by=by, at=at)
        emails.organisation_confirmed(organisation)


def verify(*, organisation: Organisation, by: User, at: datetime | None = None) -> None:
    """An administrator has checked who this is."""
    at = at or clock.now()
    with acting():
        lock(organisation)
        waited = organisation.state == OrganisationState.TO_BE_CONFIRMED
        workflow.move(organisation, to=OrganisationState.VERIFIED, verb="verify", by=by, at=at)
        if waited:
            emails.organisation_confirmed(organisation)


def suspend(*, organisation: Organisation, by: User, at: datetime | None = None) -> None:
    """Take it off the pages while something is looked into. Nobody is left waiting for a visit to or from it."""
    at = at or clock.now()
    with acting():
        workflow.move(organisation, to=OrganisationState.SUSPENDED, verb="suspend", by=by, at=at)
        end_what_it_had(organisation, by=by, at=at)


def resume(*, organisation: Organisation, by: User, at: datetime | None = None) -> None:
    """It has been looked into, and all is well."""
    with acting():
        workflow.move(organisation, to=OrganisationState.VERIFIED, verb="resume", by=by, at=at or clock.now())


def describe_organisation(
    *,
    organisation: Organisation,
    what_it_does: str,
    how_it_works_with_others: str,
    website: str,
    who_agrees: str,
    by: User,
    at: datetime | None = None,
) -> None:
    """What an organisation says of itself, and whose yes it asks for before one of its people goes on a visit."""
    at = at or clock.now()
    with acting():
        lock(organisation)
        if not may_coordinate(by, organisation):
            raise Refused([not_allowed()])
        organisation.what_it_does = what_it_does
        organisation.how_it_works_with_others = how_it_works_with_others
        organisation.website = website
        organisation.who_agrees = who_agrees
        organisation.save(update_fields=["what_it_does", "how_it_works_with_others", "website", "who_agrees"])
        events.record(actor=by, verb="describe_organisation", thing=organisation, reason=f"agrees_{who_agrees}", at=at)


def approve_domain(*, organisation: Organisation, domain: str, by: User, at: datetime | None = None) -> ApprovedDomain:
    """Say that whoever holds an address in this mail domain works here; in a shared one they still wait for a yes."""
    at = at or clock.now()
    domain = domain.strip().lower().removeprefix("@")
    with acting():
        lock(organisation)
        # Another organisation may be about to name the same one.
        take_turns(f"domain {domain}")
        if not (may_coordinate(by, organisation) or may_administer(by)):
            raise Refused([not_allowed()])
        refuse(problems_with_domain(organisation, domain, by=by))
        # Only an administrator gets here for a domain that somebody else has: it is shared from then on.
        others = ApprovedDomain.objects.filter(domain=domain)
        shared = domain in SHARED_DOMAINS or others.exists()
        others.update(shared=shared)
        approved = ApprovedDomain.objects.create(organisation=organisation, domain=domain, shared=shared)
        events.record(actor=by, verb="approve_domain", thing=organisation, at=at)
    return approved


def remove_domain(*, approved: ApprovedDomain, by: User, at: datetime | None = None) -> None:
    """People who joined by it stay; nobody else joins by it."""
    at = at or clock.now()
    with acting():
        organisation = approved.organisation
        lock(organisation)
        if not (may_coordinate(by, organisation) or may_administer(by)):
            raise Refused([not_allowed()])
        approved.delete()
        events.record(actor=by, verb="remove_domain", thing=organisation, at=at)
