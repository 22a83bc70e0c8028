"""What a mail domain says about where somebody works."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem
from partnerships.models import ApprovedDomain, Organisation, User

SHARED_DOMAINS = frozenset({"nhs.net", "nhs.scot", "nhs.uk", "cjsm.net", "hscni.net", "wales.nhs.uk"})
"""Mail domains of many organisations at once: holding an address there says little about where somebody works."""

PERSONAL_DOMAINS = frozenset(
    {
        "aol.com", "btinternet.com", "duck.com", "fastmail.com", "gmail.com", "gmx.com", "gmx.co.uk", "googlemail.com",
        "hotmail.co.uk", "hotmail.com", "icloud.com", "live.co.uk", "live.com", "mac.com", "mail.com", "me.com",
        "msn.com", "ntlworld.com", "outlook.com", "pm.me", "proton.me", "protonmail.com", "sky.com", "talktalk.net",
        "tiscali.co.uk", "virginmedia.com", "yahoo.co.uk", "yahoo.com", "ymail.com", "zoho.com",
    }
)  # fmt: skip
"""Mail domains that anybody can have an address in: never proof of where somebody works."""


def domain_of(email: str | None) -> str:
    """The part behind the @, in lower case."""
    return (email or "").rpartition("@")[2].strip().lower()


def mailbox_of(email: str | None) -> str:
    """The address without a +tag, in lower case: two spellings of one mailbox compare equal."""
    local, _at, domain = (email or "").strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def problems_with_domain(organisation: Organisation, domain: str, *, by: User) -> list[Problem]:
    """What stands against approving a mail domain: only one's own, of an organisation that somebody else knows."""
    if domain in PERSONAL_DOMAINS:
        return [
            Problem(
                "domain_of_anybody",
                _("Anybody can have an address at %(domain)s. Invite people one by one instead.") % {"domain": domain},
                "domain",
            )
        ]
    if not organisation.may_act:
        return [
            Problem(
                "organisation_to_be_confirmed",
                _("This opens once your organisation is confirmed. Until then, invite people one by one."),
                "domain",
            )
        ]
    if organisation.approved_domains.filter(domain=domain).exists():
        return [Problem("domain_there", _("This domain is on your list already."), "domain")]
    if by.is_administrator:
        return []
    if domain != domain_of(by.email):
        return [
            Problem(
                "domain_not_yours",
                _("You can add the domain of your own address only. For another one, write to us: see Contact."),
                "domain",
            )
        ]
    if domain not in SHARED_DOMAINS and ApprovedDomain.objects.filter(domain=domain).exists():
        return [
            Problem(
                "domain_of_another",
                _("Another organisation uses this domain. If you share it, write to us: see Contact."),
                "domain",
            )
        ]
    return []
