"""Who, and on what terms."""

from .case_studies import CaseStudy, Consent
from .organisations import ApprovedDomain, FormerSlug, Identifier, Organisation, RegisterEntry
from .people import Claim, Invitation, Membership, User
from .places import Place

__all__ = [
    "ApprovedDomain",
    "CaseStudy",
    "Claim",
    "Consent",
    "FormerSlug",
    "Identifier",
    "Invitation",
    "Membership",
    "Organisation",
    "Place",
    "RegisterEntry",
    "User",
]
