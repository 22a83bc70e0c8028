"""Who may open what: every address of ours, on a thing of one's own world and on one of another organisation.

The table is complete by construction: a test fails for an address that is not in it. Whoever is not named for a thing
must be refused by it, whatever the method. The audience at the view is only the first gate; this is what comes out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from partnerships.models import ApprovedDomain, CaseStudy, Claim, Consent, Invitation, Organisation
from partnerships.states import (
    CaseStudyState,
    ClaimState,
    ConsentState,
    Field,
    InvitationState,
    MembershipState,
    OrganisationState,
)
from secondments.actions import raise_concern, request_placement
from secondments.emails import decision_link, outcome_link
from secondments.models import (
    Adjustment,
    Enrolment,
    Entry,
    HostOffer,
    MatchRun,
    Note,
    Participation,
    Placement,
    Round,
    Shortlisted,
    StaffList,
    Trial,
)
from secondments.models.days import HalfDay
from secondments.states import (
    AdjustmentKind,
    AdjustmentReason,
    AdjustmentState,
    Dating,
    DecisionKind,
    EnrolmentState,
    OfferState,
    ParticipationState,
    RoundState,
    RunKind,
    RunState,
    ShortlistState,
)
from tests.access_rows import make_acted_for, make_entry, make_list
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_organisation, make_round, make_session, make_user
from tests.secondments.told import CRITERIA, FIGURES, make_told_round
from volunteering.models import SkillNeed
from volunteering.states import NeedState

EVERYBODY = frozenset(
    {
        "stranger",
        "newcomer",
        "visitor",
        "manager",
        "home_coordinator",
        "colleague",
        "host",
        "adviser",
        "broker",
        "curator",
        "administrator",
        "outsider",
    }
)
SIGNED_IN = EVERYBODY - {"stranger"}
MEMBERS = SIGNED_IN - {"newcomer", "curator", "administrator"}
COORDINATORS = frozenset({"home_coordinator", "host", "broker", "outsider"})
NOBODY: frozenset[str] = frozenset()
CURATOR = frozenset({"curator"})
ADMINISTRATOR = frozenset({"administrator"})
BROKER = frozenset({"broker"})
HOST = frozenset({"host"})
OUTSIDER = frozenset({"outsider"})


@dataclass(frozen=True, slots=True)
class World:
    """One of each thing around the cast, and as `other_…` the same of an organisation outside it."""

    cast: Cast
    unconfirmed: Organisation
    other_unconfirmed: Organisation
    listed: Organisation
    draft_offer: HostOffer
    offer: HostOffer
    other_offer: HostOffer
    other_draft_offer: HostOffer
    placement: Placement
    other_placement: Placement
    concern: Any
    a_round: Round
    other_round: Round
    told: Round
    change: Adjustment
    other_change: Adjustment
    entry: Entry
    other_entry: Entry
    acted_for: Entry
    staff_list: StaffList
    other_list: StaffList
    offer_to_confirm: HostOffer
    enrolment: Enrolment
    other_enrolment: Enrolment
    note: Note
    other_note: Note
    listed_host: Shortlisted
    other_listed_host: Shortlisted
    trial: Trial
    other_trial: Trial
    repair: MatchRun
    other_repair: MatchRun
    need: SkillNeed
    draft_need: SkillNeed
    other_draft_need: SkillNeed
    story: CaseStudy
    draft_story: CaseStudy
    consent: Consent
    other_consent: Consent
    invitation: Invitation
    other_invitation: Invitation
    claim: Claim
    asked_membership: Any
    other_membership: Any
    domain: ApprovedDomain


def make_world(cast: Cast) -> World:
    """Everything that an address can name."""
    at = AT
    somebody = make_user("Sid Somebody", "sid@council.example.org")
    far = make_organisation("Far Charity", field=Field.VOLUNTARY)
    far_person = make_user("Fay Far", "fay@far.example.org")
    far_membership = make_membership(far_person, far, agrees_email="boss@far.example.org")
    ApprovedDomain.objects.create(organisation=far, domain="far.example.org")
    cast.offer.sessions.all().delete()
    other_offer = make_offer(cast.elsewhere, cast.outsider, dating=Dating.DATED)
    day = at.date() + timedelta(days=28)
    for offer in (cast.offer, other_offer):
        make_session(offer, day)
    placement = request_placement(
        offer=cast.offer,
        membership=cast.visitor_membership,
        half_days=[HalfDay(day, "am")],
        learn="How it works",
        agrees_email=cast.manager.email or "",
        wants_return=True,
        by=cast.visitor,
        at=at,
    )
    other_placement = request_placement(
        offer=other_offer,
        membership=far_membership,
        half_days=[HalfDay(day, "am")],
        learn="How it works",
        agrees_email="boss@far.example.org",
        by=far_person,
        at=at,
    )
    concern = raise_concern(placement=placement, what_is_wrong="Nobody was there", at=at)
    other_brokers = make_organisation("Other CVS", field=Field.VOLUNTARY)
    a_round, other_round = make_round(cast.cvs), make_round(other_brokers, state=RoundState.DRAFT)
    change = _change(cast.cvs, cast.visitor_membership, cast.offer, cast.broker, at)
    other_change = _change(other_brokers, far_membership, other_offer, far_person, at)
    draft_story = _story(cast, "draft", CaseStudyState.WAITING, at)
    story = _story(cast, "shown", CaseStudyState.PUBLISHED, at, published_at=at)
    return World(
        cast=cast,
        unconfirmed=make_organisation(
            "New Group", state=OrganisationState.TO_BE_CONFIRMED, place=cast.advice.place, field=Field.COMMUNITY
        ),
        other_unconfirmed=make_organisation("Far Group", state=OrganisationState.TO_BE_CONFIRMED),
        listed=make_organisation("Listed Charity", state=OrganisationState.LISTED),
        draft_offer=make_offer(cast.advice, cast.host, state=OfferState.DRAFT, published_at=None),
        offer=cast.offer,
        other_offer=other_offer,
        other_draft_offer=make_offer(cast.elsewhere, cast.outsider, state=OfferState.DRAFT, published_at=None),
        placement=placement,
        other_placement=other_placement,
        concern=concern,
        a_round=a_round,
        other_round=other_round,
        told=make_told_round(cast.cvs),
        change=change,
        other_change=other_change,
        note=_note(change),
        other_note=_note(other_change),
        listed_host=_listed(change),
        other_listed_host=_listed(other_change),
        trial=_trial(change),
        other_trial=_trial(other_change),
        repair=_repair(change),
        other_repair=_repair(other_change),
        entry=make_entry(a_round, cast.advice, cast.broker, cast.adviser.email or "", at),
        other_entry=make_entry(other_round, cast.elsewhere, cast.outsider, "", at),
        acted_for=make_acted_for(a_round, cast.advice, cast.host, at),
        staff_list=make_list(a_round, cast.advice, cast.host, at),
        other_list=make_list(a_round, cast.elsewhere, cast.outsider, at),
        offer_to_confirm=make_offer(cast.advice, cast.broker, state=OfferState.TO_CONFIRM, published_at=None),
        enrolment=Enrolment.objects.create(
            programme=a_round.programme, organisation=cast.advice, state=EnrolmentState.INVITED, created_at=at
        ),
        other_enrolment=Enrolment.objects.create(
            programme=other_round.programme, organisation=cast.elsewhere, state=EnrolmentState.INVITED, created_at=at
        ),
        need=_need(cast.advice, cast.adviser, NeedState.PUBLISHED, at),
        draft_need=_need(cast.advice, cast.adviser, NeedState.DRAFT, at),
        other_draft_need=_need(cast.elsewhere, cast.outsider, NeedState.DRAFT, at),
        story=story,
        draft_story=draft_story,
        consent=Consent.objects.create(case_study=draft_story, organisation=cast.advice, state=ConsentState.ASKED),
        other_consent=Consent.objects.create(
            case_study=draft_story, organisation=cast.elsewhere, state=ConsentState.ASKED
        ),
        invitation=_invitation(cast.advice, "new@advice.example.org", cast.host, at),
        other_invitation=_invitation(cast.elsewhere, "new@elsewhere.example.org", cast.outsider, at),
        claim=Claim.objects.create(
            organisation=make_organisation("Claimed Charity", state=OrganisationState.LISTED),
            user=somebody,
            job_title="Trustee",
            evidence="I signed the accounts.",
            state=ClaimState.WAITING,
            created_at=at,
        ),
        asked_membership=make_membership(somebody, cast.council, state=MembershipState.ASKED),
        other_membership=far_membership,
        domain=cast.council.approved_domains.get(),
    )


def _change(brokers: Organisation, membership: Any, offer: HostOffer, by: Any, at: Any) -> Adjustment:
    """A proposal in which somebody is kept apart from a host."""
    a_round = make_round(brokers, state=RoundState.PROPOSED)
    run = MatchRun.objects.create(
        round=a_round,
        number=1,
        state=RunState.SOLVED,
        asked_by=by,
        asked_at=at,
        seed=7,
        criteria=CRITERIA,
        figures=FIGURES,
        keep_until=at.date(),
    )
    person = Participation.objects.create(
        round=a_round,
        membership=membership,
        state=ParticipationState.JOINED,
        learn="How",
        weeks=[],
        joined_at=at,
        said_at=at,
    )
    return Adjustment.objects.create(
        run=run,
        kind=AdjustmentKind.FORBID,
        participation=person,
        offer=offer,
        reason=AdjustmentReason.OTHER,
        state=AdjustmentState.STANDING,
        made_by=by,
        made_at=at,
    )


def _note(change: Adjustment) -> Note:
    return Note.objects.create(
        participation=change.participation, text="Mornings.", written_by=change.made_by, written_at=change.made_at
    )


def _listed(change: Adjustment) -> Shortlisted:
    return Shortlisted.objects.create(
        participation=change.participation,
        offer=change.offer,
        state=ShortlistState.LISTED,
        listed_by=change.made_by,
        listed_at=change.made_at,
    )


def _repair(change: Adjustment) -> MatchRun:
    """Something came free in a round."""
    run = change.run
    return MatchRun.objects.create(
        round=run.round,
        number=run.number + 2,
        kind=RunKind.REPAIR,
        state=RunState.SOLVED,
        asked_at=run.asked_at,
        seed=run.seed,
        criteria=[{"name": "placed", "before": 0, "value": 0, "proven": True, "bound": 0}],
        keep_until=run.keep_until,
    )


def _trial(change: Adjustment) -> Trial:
    """Other points, tried on a round that was matched twice."""
    run = change.run
    MatchRun.objects.create(
        round=run.round, number=2, state=RunState.DISCARDED, asked_at=run.asked_at, seed=7, keep_until=run.keep_until
    )
    return Trial.objects.create(
        round=run.round, run=run, key="k", asked={"weights": {}}, asked_at=run.asked_at, keep_until=run.keep_until
    )


def _story(cast: Cast, slug: str, state: str, at: Any, **fields: Any) -> CaseStudy:
    words = dict.fromkeys(("summary", "what_went_well", "what_made_it_work", "what_others_can_copy"), "Words.")
    return CaseStudy.objects.create(
        slug=slug, title=slug.title(), state=state, written_by=cast.curator, created_at=at, **words, **fields
    )


def _need(organisation: Organisation, author: Any, state: str, at: Any) -> SkillNeed:
    return SkillNeed.objects.create(
        organisation=organisation,
        author=author,
        title="Somebody who knows spreadsheets",
        what_would_help="Two hours",
        minutes=120,
        state=state,
        created_at=at,
        published_at=at if state == NeedState.PUBLISHED else None,
    )


def _invitation(organisation: Organisation, email: str, by: Any, at: Any) -> Invitation:
    return Invitation.objects.create(
        organisation=organisation,
        email=email,
        state=InvitationState.SENT,
        invited_by=by,
        created_at=at,
        expires_at=at + timedelta(days=7),
    )


Arguments = Callable[[World], list[Any]]


@dataclass(frozen=True, slots=True)
class Case:
    """One address with one thing: who gets through it. All others are refused."""

    what: str
    arguments: Arguments
    allowed: frozenset[str]


def nothing(world: World) -> list[Any]:
    return []


def decision_token(placement: Placement) -> str:
    """The token of the link that was mailed to the host."""
    address = placement.offer.organisation.coordinators()[0].user.email
    link = decision_link(placement.decisions.get(kind=DecisionKind.HOST), address)
    return link.rstrip("/").rsplit("/", 1)[-1]


def outcome_token(placement: Placement) -> str:
    address = placement.offer.organisation.coordinators()[0].user.email
    return outcome_link(placement, address).rstrip("/").rsplit("/", 1)[-1]


def on(own: Arguments, allowed: frozenset[str], other: Arguments, other_allowed: frozenset[str]) -> list[Case]:
    """A thing of the cast's own world, and the same of another organisation."""
    return [Case("own", own, allowed), Case("other", other, other_allowed)]


def plain(allowed: frozenset[str]) -> list[Case]:
    """An address that names no thing."""
    return [Case("page", nothing, allowed)]
