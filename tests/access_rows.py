"""Rows of people who were written down, and the links that were mailed to them."""

from __future__ import annotations

from typing import Any

from partnerships.models import Organisation, User
from secondments.emails.links import entry_link, offer_link
from secondments.models import Entry, HostOffer, Participation, Round, StaffList
from secondments.states import EntryState, ListState, ParticipationState
from tests.factories import make_membership


def make_entry(a_round: Round, organisation: Organisation, by: Any, email: str, at: Any) -> Entry:
    return Entry.objects.create(
        round=a_round,
        organisation=organisation,
        state=EntryState.WAITING,
        name="Pat Phoned",
        email=email,
        entered_by=by,
        entered_at=at,
        asked_at=at,
    )


def make_acted_for(a_round: Round, organisation: Organisation, by: Any, at: Any) -> Entry:
    """A colleague without email who takes part, and for whom their coordinator answers."""
    membership = make_membership(User.objects.create(email=None, name="Nora Noemail"), organisation)
    entry = make_entry(a_round, organisation, by, "", at)
    entry.participation = Participation.objects.create(
        round=a_round,
        membership=membership,
        state=ParticipationState.JOINED,
        learn="How",
        weeks=[],
        joined_at=at,
        said_at=at,
    )
    entry.state = EntryState.CONFIRMED
    entry.save()
    return entry


def make_list(a_round: Round, organisation: Organisation, by: Any, at: Any) -> StaffList:
    return StaffList.objects.create(
        round=a_round,
        organisation=organisation,
        state=ListState.READ,
        rows=[{"line": 2, "name": "Lin Listed", "email": "lin@example.org"}],
        sent_by=by,
        sent_at=at,
    )


def entry_token(entry: Entry) -> str:
    return entry_link(entry, entry.email).rstrip("/").rsplit("/", 1)[-1]


def offer_token(offer: HostOffer) -> str:
    address = offer.organisation.coordinators()[0].user.email
    return offer_link(offer, address).rstrip("/").rsplit("/", 1)[-1]
