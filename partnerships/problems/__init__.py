"""Why something cannot be done now: every reason as a value, each a sentence that says what to do next."""

from .approvers import problems_for_approver
from .domains import SHARED_DOMAINS, domain_of, mailbox_of, problems_with_domain
from .invitations import problems_with_invitation, problems_with_inviting
from .joining import (
    CLAIMED_A_DAY,
    FOUNDED_A_DAY,
    problems_with_claiming,
    problems_with_entering_group,
    problems_with_founding,
    problems_with_joining,
    problems_with_one_more,
)
from .people import not_allowed, problems_with_ending, problems_with_leaving_the_house
from .stories import (
    can_be_asked,
    problems_with_asking_consents,
    problems_with_consenting,
    problems_with_publishing_case_study,
)

__all__ = [
    "CLAIMED_A_DAY",
    "FOUNDED_A_DAY",
    "SHARED_DOMAINS",
    "can_be_asked",
    "domain_of",
    "mailbox_of",
    "not_allowed",
    "problems_for_approver",
    "problems_with_asking_consents",
    "problems_with_claiming",
    "problems_with_consenting",
    "problems_with_domain",
    "problems_with_ending",
    "problems_with_entering_group",
    "problems_with_founding",
    "problems_with_invitation",
    "problems_with_inviting",
    "problems_with_joining",
    "problems_with_leaving_the_house",
    "problems_with_one_more",
    "problems_with_publishing_case_study",
]
