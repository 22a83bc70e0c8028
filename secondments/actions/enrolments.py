"""Organisations in a programme: invited by its broker, or asking; a coordinator accepts the terms for each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from partnerships.ground import clock, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Refused, refuse
from partnerships.models import Organisation, User
from secondments.emails import enrolments as mails
from secondments.models import Enrolment, Programme
from secondments.permissions import may_offer, may_start_programme
from secondments.problems import not_allowed, problems_for_enrolling, problems_of_accepting
from secondments.states import EnrolmentState

from .joining import leave_round


def invite_organisation(
    *, programme: Programme, organisation: Organisation, by: User, at: datetime | None = None
) -> Enrolment:
    """Invite an organisation to take part. Its coordinators read the terms, and accept them or say no."""
    at = at or clock.now()
    with acting():
        lock(organisation, programme)
        if not may_start_programme(by, programme.organisation):
            raise Refused([not_allowed()])
        before = programme.enrolments.filter(organisation=organisation).first()
        refuse(problems_for_enrolling(programme, organisation, before))
        if before is None:
            enrolment = Enrolment.objects.create(
                programme=programme, organisation=organisation, state=EnrolmentState.INVITED, created_at=at
            )
            workflow.created(enrolment, by=by, at=at, verb="invite_organisation")
        else:
            enrolment = before
            workflow.move(enrolment, to=EnrolmentState.INVITED, verb="invite_organisation", by=by, at=at)
        mails.invited(enrolment)
    return enrolment


def ask_to_enrol(
    *, programme: Programme, organisation: Organisation, edition: str, by: User, at: datetime | None = None
) -> Enrolment:
    """Ask to take part, for one's organisation, and accept the terms of this `edition` with it. A broker answers."""
    at = at or clock.now()
    accepted: dict[str, Any] = {"accepted_by": by, "accepted_at": at}
    with acting():
        lock(organisation, programme)
        if not may_offer(by, organisation):
            raise Refused([not_allowed()])
        before = programme.enrolments.filter(organisation=organisation).first()
        refuse(problems_for_enrolling(programme, organisation, before) or problems_of_accepting(programme, edition))
        if before is None:
            enrolment = Enrolment.objects.create(
                programme=programme, organisation=organisation, state=EnrolmentState.ASKED, created_at=at, **accepted
            )
            workflow.created(enrolment, by=by, at=at, verb="ask_to_enrol")
        else:
            enrolment = before
            workflow.move(enrolment, to=EnrolmentState.ASKED, verb="ask_to_enrol", by=by, at=at, **accepted)
        mails.asked(enrolment)
    return enrolment


def accept_terms(*, enrolment: Enrolment, edition: str, by: User, at: datetime | None = None) -> None:
    """Yes to an invitation, for one's organisation, on the terms of this `edition`."""
    at = at or clock.now()
    with acting():
        programme = enrolment.programme
        # Whoever changes the terms in this moment is first, or comes too late.
        lock(programme, enrolment)
        refuse(problems_of_accepting(programme, edition))
        workflow.move(
            enrolment,
            to=EnrolmentState.ENROLLED,
            verb="accept_terms",
            by=by,
            at=at,
            accepted_by=by,
            accepted_at=at,
        )


def admit_organisation(*, enrolment: Enrolment, by: User, at: datetime | None = None) -> None:
    """Yes to an organisation that has asked."""
    with acting():
        workflow.move(enrolment, to=EnrolmentState.ENROLLED, verb="admit_organisation", by=by, at=at or clock.now())
        mails.admitted(enrolment)


def decline_enrolment(*, enrolment: Enrolment, by: User, at: datetime | None = None) -> None:
    """No, by whoever was asked: the organisation that was invited, or the broker. No reason is asked."""
    with acting():
        lock(enrolment)
        by_broker = enrolment.state == EnrolmentState.ASKED
        workflow.move(enrolment, to=EnrolmentState.DECLINED, verb="decline_enrolment", by=by, at=at or clock.now())
        if by_broker:
            mails.not_admitted(enrolment)


def leave_programme(*, enrolment: Enrolment, by: User, at: datetime | None = None) -> None:
    """Take part no more. Its people leave the rounds that are not matched yet; visits that were asked for stand."""
    at = at or clock.now()
    with acting():
        workflow.move(enrolment, to=EnrolmentState.LEFT, verb="leave_programme", by=by, at=at)
        for participation in enrolment.joined_and_not_matched():
            leave_round(participation=participation, by=None, at=at)
