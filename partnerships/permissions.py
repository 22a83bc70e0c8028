"""Who may do what: plain functions of a person and a thing, used by moves, actions and pages alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnerships.models import Claim, Consent, Invitation, Membership, Organisation, Place, User
from partnerships.models.organisations import brokered_by

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Person = User | AnonymousUser | None


def signed_in(user: Person) -> User | None:
    """The person behind a request or a verb, or None for a stranger, the system and a closed account."""
    return user if isinstance(user, User) and user.is_active else None


def me(user: Person) -> User:
    """The person of a request that `@open_to` let in; a stranger here is a fault of ours."""
    known = signed_in(user)
    if known is None:
        raise TypeError("Nobody is signed in.")
    return known


def is_member(user: Person, organisation: Organisation) -> bool:
    """Whether they work or volunteer there, confirmed."""
    known = signed_in(user)
    return known is not None and organisation.pk in known.organisation_ids()


def may_coordinate(user: Person, organisation: Organisation) -> bool:
    """Whether they run the organisation's side: its people, offers and settings."""
    known = signed_in(user)
    return known is not None and organisation.pk in known.coordinated_ids()


def may_broker_area(user: Person, organisation: Organisation) -> bool:
    """Whether they are a broker in the area where the organisation is, and do not belong to it themselves."""
    known = signed_in(user)
    if known is None or organisation.place_id is None or not known.is_broker or is_member(known, organisation):
        return False
    return Place.objects.filter(brokered_by(known), pk=organisation.place_id).exists()


def may_curate(user: Person, thing: object = None) -> bool:
    """Whether they look after stories. `thing` is there for the tables of moves, and makes no difference."""
    known = signed_in(user)
    return known is not None and known.is_curator


def may_administer(user: Person, thing: object = None) -> bool:
    """Whether they keep the house. `thing` is there for the tables of moves, and makes no difference."""
    known = signed_in(user)
    return known is not None and known.is_administrator


def is_own(user: Person, thing: Membership | Claim) -> bool:
    known = signed_in(user)
    return known is not None and thing.user_id == known.pk


def may_look_after(user: Person, membership: Membership) -> bool:
    """Whether they decide who belongs: a coordinator there, or an administrator."""
    return may_coordinate(user, membership.organisation) or may_administer(user)


def may_end_membership(user: Person, membership: Membership) -> bool:
    """Everybody may leave; those who look after the people of an organisation may end it for others."""
    return is_own(user, membership) or may_look_after(user, membership)


def holds_invited_address(user: Person, invitation: Invitation) -> bool:
    """Only who holds the invited address may accept: a forwarded link lets nobody else in."""
    known = signed_in(user)
    return known is not None and bool(known.email) and known.email == invitation.email


def may_withdraw_invitation(user: Person, invitation: Invitation) -> bool:
    return may_coordinate(user, invitation.organisation)


def may_decide_claim(user: Person, claim: Claim) -> bool:
    """An administrator, about anybody's claim but their own."""
    return may_administer(user) and not is_own(user, claim)


def may_answer_for(user: Person, consent: Consent) -> bool:
    """A coordinator answers for their own organisation, and for no other."""
    return may_coordinate(user, consent.organisation)
