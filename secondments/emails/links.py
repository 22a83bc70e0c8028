"""Signed links that open one page without signing in: a decision, "it happened", or what was written down for somebody.

A link names its reader by a fingerprint, so that no address stands in a log, and stops working once that reader is no
longer the one who is asked.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from secondments.models import Decision, Entry, HostOffer, Placement
from secondments.models.programmes import MOST_DAYS_TO_ANSWER
from secondments.permissions import addresses_asked, coordinator_addresses, entry_addresses

LASTS = timedelta(days=14)
LASTS_WHILE_ASKED = timedelta(days=MOST_DAYS_TO_ANSWER + 1)
"""Who has longer than that to answer can do so by the one mail that they got, to the end of the last day."""

DECISION = TimestampSigner(salt="secondments.decision")
OUTCOME = TimestampSigner(salt="secondments.outcome")
ENTRY = TimestampSigner(salt="secondments.entry")
OFFER = TimestampSigner(salt="secondments.offer")

Reason = Literal["forged", "expired", "outdated"]


class BadLink(Exception):
    """A mailed link that opens nothing. `reason` decides what the page tells its reader to do."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


def fingerprint(address: str, secret: str | None = None) -> str:
    return salted_hmac("secondments.reader", address.lower(), secret=secret).hexdigest()[:20]


def decision_link(decision: Decision, address: str) -> str:
    token = DECISION.sign_object([decision.uuid.hex, fingerprint(address), decision.version])
    return _whole(reverse("decision", args=[token]))


def read_decision_link(token: str) -> tuple[Decision, str]:
    """The decision, and the address that the link was mailed to."""
    identifier, reader, version = _unsigned(DECISION, token, 3, lasts=LASTS_WHILE_ASKED)
    decision = (
        Decision.objects.select_related(
            "placement__visitor", "placement__home", "placement__membership", "placement__offer__organisation__place"
        )
        .filter(uuid=str(identifier))
        .first()
    )
    if decision is None or decision.version != version:
        raise BadLink("outdated")
    if not Decision.objects.to_answer().filter(pk=decision.pk).exists():
        _unsigned(DECISION, token, 3)
    return decision, _reader(reader, addresses_asked(decision))


def outcome_link(placement: Placement, address: str) -> str:
    return _whole(reverse("outcome", args=[OUTCOME.sign_object([placement.uuid.hex, fingerprint(address)])]))


def read_outcome_link(token: str) -> tuple[Placement, str]:
    """The placement, and the host's address that the link was mailed to."""
    identifier, reader = _unsigned(OUTCOME, token, 2)
    placement = (
        Placement.objects.select_related("visitor", "home", "offer__organisation").filter(uuid=str(identifier)).first()
    )
    if placement is None:
        raise BadLink("outdated")
    return placement, _reader(reader, coordinator_addresses(placement.offer.organisation))


def entry_link(entry: Entry, address: str) -> str:
    return _whole(reverse("entry", args=[ENTRY.sign_object([entry.uuid.hex, fingerprint(address)])]))


def read_entry_link(token: str) -> tuple[Entry, str]:
    """What was written down, and the address that the link was mailed to. Of what is forgotten nothing opens."""
    identifier, reader = _unsigned(ENTRY, token, 2)
    entry = (
        Entry.objects.select_related(
            "round__programme__organisation", "organisation__place", "entered_by", "participation__membership__user"
        )
        .filter(uuid=str(identifier))
        .first()
    )
    if entry is None:
        raise BadLink("outdated")
    return entry, _reader(reader, entry_addresses(entry) if entry.name else [])


def offer_link(offer: HostOffer, address: str) -> str:
    return _whole(reverse("offer-entered", args=[OFFER.sign_object([offer.pk, fingerprint(address)])]))


def read_offer_link(token: str) -> tuple[HostOffer, str]:
    """The invitation to confirm, and the host's address that the link was mailed to."""
    key, reader = _unsigned(OFFER, token, 2)
    offer = (
        HostOffer.objects.of_organisations()
        .select_related("organisation__place", "created_by")
        .filter(pk=int(key))
        .first()
    )
    if offer is None:
        raise BadLink("outdated")
    return offer, _reader(reader, coordinator_addresses(offer.organisation))


def _unsigned(signer: TimestampSigner, token: str, length: int, *, lasts: timedelta | None = None) -> list[str | int]:
    try:
        values = signer.unsign_object(token, max_age=lasts or LASTS)
    except SignatureExpired:
        raise BadLink("expired") from None
    except (BadSignature, ValueError):
        raise BadLink("forged") from None
    if not isinstance(values, list) or len(values) != length:
        raise BadLink("forged")
    return values


def _reader(reader: str | int, addresses: list[str]) -> str:
    # A link mailed before the key was changed is as good as its signature, which former keys still prove.
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    for address in addresses:
        if any(constant_time_compare(fingerprint(address, secret), str(reader)) for secret in secrets):
            return address
    raise BadLink("outdated")


def _whole(path: str) -> str:
    return f"{settings.SITE_ADDRESS}{path}"
