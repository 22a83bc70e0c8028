"""The choices of this app: sectors, fields, kinds of place, and the states that things can be in."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Sector(TextChoices):
    PUBLIC = "public", _("Public sector")
    VCSE = "vcse", _("Voluntary, community and social enterprise")
    PRIVATE = "private", _("Private and independent")
    PEOPLE = "people", _("People who use services and their families")


class Field(TextChoices):
    """What an organisation works in. Crossings are counted between fields, so that health may visit policing."""

    LOCAL_GOVERNMENT = "local_government", _("Local government")
    HEALTH = "health", _("Health")
    POLICING = "policing", _("Policing and justice")
    HOUSING = "housing", _("Public housing")
    OTHER_PUBLIC = "other_public", _("Other public body")
    VOLUNTARY = "voluntary", _("Voluntary")
    COMMUNITY = "community", _("Community group")
    SOCIAL_ENTERPRISE = "social_enterprise", _("Social enterprise")
    BUSINESS = "business", _("Business")
    PEOPLE = "people", _("People who use services")
    FAMILY_CARERS = "family_carers", _("Family carers")


SECTOR_OF_FIELD: dict[str, Sector] = {
    Field.LOCAL_GOVERNMENT: Sector.PUBLIC,
    Field.HEALTH: Sector.PUBLIC,
    Field.POLICING: Sector.PUBLIC,
    Field.HOUSING: Sector.PUBLIC,
    Field.OTHER_PUBLIC: Sector.PUBLIC,
    Field.VOLUNTARY: Sector.VCSE,
    Field.COMMUNITY: Sector.VCSE,
    Field.SOCIAL_ENTERPRISE: Sector.VCSE,
    Field.BUSINESS: Sector.PRIVATE,
    Field.PEOPLE: Sector.PEOPLE,
    Field.FAMILY_CARERS: Sector.PEOPLE,
}


class PlaceKind(TextChoices):
    NATION = "nation", _("Nation")
    REGION = "region", _("Region")
    COMBINED_AUTHORITY = "combined_authority", _("Combined authority")
    COUNCIL = "council", _("Council area")
    ICB = "icb", _("Integrated care board area")
    POLICE_FORCE = "police_force", _("Police force area")


class OrganisationState(TextChoices):
    LISTED = "listed", _("Listed from a public register")
    TO_BE_CONFIRMED = "to_be_confirmed", _("To be confirmed")
    CLAIMED = "claimed", _("Looked after by its own people")
    VOUCHED = "vouched", _("Known to a broker in its area")
    VERIFIED = "verified", _("Checked")
    SUSPENDED = "suspended", _("Suspended")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged into another")


class SizeBand(TextChoices):
    UNKNOWN = "unknown", _("Not known")
    MICRO = "micro", _("Under £10,000 a year")
    SMALL = "small", _("£10,000 to £100,000 a year")
    MEDIUM = "medium", _("£100,000 to £1 million a year")
    LARGE = "large", _("£1 million to £10 million a year")
    MAJOR = "major", _("Over £10 million a year")


class Register(TextChoices):
    """The public registers that organisations are read from."""

    COUNCILS = "councils", _("UK local authorities")
    NHS_TRUSTS = "nhs-trusts", _("NHS trusts")
    ICBS = "icbs", _("Integrated care boards")
    POLICE = "police", _("Police forces")
    UKCAT = "ukcat", _("Registered charities")


ATTRIBUTIONS: dict[str, str] = {
    Register.COUNCILS: "Local authority data: mySociety, CC BY 4.0",
    Register.NHS_TRUSTS: "Contains NHS England data, OGL v3",
    Register.ICBS: "Contains NHS England data, OGL v3",
    Register.POLICE: "Source: ONS, OGL v3",
    Register.UKCAT: "Charity classification: UK-CAT, CC BY 4.0",
}
"""The line that each licence asks to be shown wherever facts of the register are."""


class WhoAgrees(TextChoices):
    """Whose yes an organisation asks for before one of its people goes on a visit."""

    MANAGER = "manager", _("Their manager, by a mailed link")
    COORDINATOR = "coordinator", _("A coordinator of the organisation")
    SELF = "self", _("Each person decides for themselves")


class MembershipState(TextChoices):
    ASKED = "asked", _("Waiting to be confirmed")
    ACTIVE = "active", _("Active")
    REFUSED = "refused", _("Not confirmed")
    ENDED = "ended", _("Ended")


class InvitationState(TextChoices):
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class ClaimState(TextChoices):
    WAITING = "waiting", _("Waiting to be checked")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Not accepted")


class CaseStudyState(TextChoices):
    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waiting for consent")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ConsentState(TextChoices):
    NOT_ASKED = "not_asked", _("Not asked yet")
    ASKED = "asked", _("Asked")
    GIVEN = "given", _("Yes")
    REFUSED = "refused", _("No")
    TAKEN_BACK = "taken_back", _("Taken back")


class Weekday(IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Month(IntegerChoices):
    JANUARY = 1, _("January")
    FEBRUARY = 2, _("February")
    MARCH = 3, _("March")
    APRIL = 4, _("April")
    MAY = 5, _("May")
    JUNE = 6, _("June")
    JULY = 7, _("July")
    AUGUST = 8, _("August")
    SEPTEMBER = 9, _("September")
    OCTOBER = 10, _("October")
    NOVEMBER = 11, _("November")
    DECEMBER = 12, _("December")
