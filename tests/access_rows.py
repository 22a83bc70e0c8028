"""Rows of people who were written down, and the links that were mailed to them."""

from __future__ import annotations

from typing import Any

from partnerships.models import Organisation
from secondments.emails.links import entry_link, offer_link
from secondments.models import Entry, HostOffer, Round, StaffList
from secondments.states import EntryState, ListState


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
