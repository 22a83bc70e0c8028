"""Rows for tests, made plainly: each function fills what the test does not care about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from partnerships.models import CaseStudy, Consent, Membership, Organisation, Place, User
from partnerships.states import (
    SECTOR_OF_FIELD,
    CaseStudyState,
    ConsentState,
    Field,
    MembershipState,
    OrganisationState,
    PlaceKind,
)
from secondments.models import HostOffer, OfferSession, Programme, Round
from secondments.states import CheckKind, Dating, Half, OfferState, RoundState
from volunteering.models import SkillNeed
from volunteering.states import NeedState, TimeWanted

AT = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
"""A Monday morning: the moment at which tests act."""

_next = count(1)


def make_place(name: str = "Salford", **fields: Any) -> Place:
    number = next(_next)
    values = {"kind": PlaceKind.COUNCIL, "code": f"E{number:08}", "latitude": 53.487, "longitude": -2.290}
    return Place.objects.create(name=name, **(values | fields))


def make_organisation(name: str = "", *, field: str = Field.VOLUNTARY, **fields: Any) -> Organisation:
    number = next(_next)
    values: dict[str, Any] = {
        "name": name or f"Organisation {number}",
        "slug": f"organisation-{number}",
        "field": field,
        "sector": SECTOR_OF_FIELD[field],
        "state": OrganisationState.VERIFIED,
        "what_it_does": "Advice at a front desk.",
        "created_at": AT,
    }
    if "place" not in fields:
        values["place"] = make_place()
    return Organisation.objects.create(**(values | fields))


def make_user(name: str = "", email: str = "", **fields: Any) -> User:
    number = next(_next)
    return User.objects.create_user(
        email=email or f"person{number}@example.org", name=name or f"Person {number}", **fields
    )


def make_membership(user: User, organisation: Organisation, **fields: Any) -> Membership:
    values = {"state": MembershipState.ACTIVE, "job_title": "Officer", "created_at": AT}
    return Membership.objects.create(user=user, organisation=organisation, **(values | fields))


def make_offer(organisation: Organisation, by: User, *, sessions: int = 0, **fields: Any) -> HostOffer:
    """An open offer; with `sessions` it is dated and has that many free half-days from two weeks on."""
    number = next(_next)
    values: dict[str, Any] = {
        "slug": f"offer-{number}",
        "title": f"A day at the front desk {number}",
        "what_you_will_see": "The queue at the door and what comes through it.",
        "dating": Dating.DATED if sessions else Dating.ASK_US,
        "usual_weekdays": [] if sessions else [0, 1, 2, 3, 4],
        "checks": [CheckKind.CONFIDENTIALITY],
        "state": OfferState.PUBLISHED,
        "created_by": by,
        "created_at": AT,
        "published_at": AT,
    }
    offer = HostOffer.objects.create(organisation=organisation, **(values | fields))
    first = AT.date() + timedelta(days=14)
    OfferSession.objects.bulk_create(
        OfferSession(
            offer=offer,
            date=first + timedelta(days=7 * (index // 2)),
            half=(Half.MORNING, Half.AFTERNOON)[index % 2],
            places=offer.places,
        )
        for index in range(sessions)
    )
    return offer


def make_session(offer: HostOffer, day: date, half: str = Half.MORNING, *, places: int | None = None) -> OfferSession:
    return OfferSession.objects.create(offer=offer, date=day, half=half, places=places or offer.places)


def make_round(organisation: Organisation, **fields: Any) -> Round:
    """A round of a new programme of `organisation`, open for people to join."""
    number = next(_next)
    programme = Programme.objects.create(
        slug=f"programme-{number}",
        organisation=organisation,
        name="Walk in their shoes",
        about="A week in the other sector.",
        crossings=[["local_government", "voluntary"], ["voluntary", "local_government"]],
        created_at=AT,
    )
    values: dict[str, Any] = {
        "slug": f"round-{number}",
        "name": "Winter round",
        "state": RoundState.OPEN,
        "criteria": ["placed", "hosts", "fit"],
        "join_by": AT.date() + timedelta(days=14),
        "starts_on": AT.date() + timedelta(days=28),
        "ends_on": AT.date() + timedelta(days=84),
        "created_at": AT,
    }
    return Round.objects.create(programme=programme, **(values | fields))


def make_need(organisation: Organisation | None, author: User | None, **fields: Any) -> SkillNeed:
    """An open need of an organisation; with `state=NeedState.DRAFT` one that only its author sees."""
    number = next(_next)
    values: dict[str, Any] = {
        "title": f"Write a conduct policy {number}",
        "what_would_help": "Somebody who has written one before, and patience with our questions.",
        "minutes": TimeWanted.DAY,
        "online": True,
        "state": NeedState.PUBLISHED,
        "created_at": AT,
        "published_at": None if fields.get("state") == NeedState.DRAFT else AT,
    }
    return SkillNeed.objects.create(organisation=organisation, author=author, **(values | fields))


def make_story(by: User, *organisations: Organisation, **fields: Any) -> CaseStudy:
    """A story published with the consent of `organisations`; `consent` says another state for all of them."""
    number = next(_next)
    consent = fields.pop("consent", ConsentState.GIVEN)
    values: dict[str, Any] = {
        "slug": f"story-{number}",
        "title": f"The front desk that moved {number}",
        "summary": "A council and an advice centre swapped a desk for a winter.",
        "what_went_well": "People were seen on the day they came.",
        "what_made_it_work": "Both sides gave the same hours.",
        "what_others_can_copy": "Begin with one morning a week.",
        "state": CaseStudyState.PUBLISHED,
        "written_by": by,
        "created_at": AT,
        "published_at": AT,
    }
    story = CaseStudy.objects.create(**(values | fields))
    for organisation in organisations:
        Consent.objects.create(case_study=story, organisation=organisation, state=consent)
    return story
