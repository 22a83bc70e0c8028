"""Payment in words: who bears it stands before the ask, not after."""

from __future__ import annotations

from django.utils.translation import gettext as _


def pounds(pence: int) -> str:
    """£120, or £122.50."""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}" if not rest else f"£{whole:,}.{rest:02}"


def payment_words(pence: int | None, payer: str = "") -> str:
    """What the host is paid for a day, and by whom."""
    if not pence:
        return _("No payment is asked")
    paid = _("%(pounds)s a day to the host, paid by %(payer)s")
    return paid % {"pounds": pounds(pence), "payer": payer or _("the visitor’s organisation")}
