"""Mails about visits: a thing becomes an outbox row, in the reader's language."""

from .answers import agreed, completed, confirmed, declined, one_yes
from .asking import ask_for_answer, ask_together, asked, reminder
from .endings import cancelled, did_not_happen, expired, not_coming, withdrawn
from .links import LASTS, BadLink, decision_link, outcome_link, read_decision_link, read_outcome_link
from .others import concern_raised, did_it_happen, return_due

__all__ = [
    "LASTS",
    "BadLink",
    "agreed",
    "ask_for_answer",
    "ask_together",
    "asked",
    "cancelled",
    "completed",
    "concern_raised",
    "confirmed",
    "decision_link",
    "declined",
    "did_it_happen",
    "did_not_happen",
    "expired",
    "not_coming",
    "one_yes",
    "outcome_link",
    "read_decision_link",
    "read_outcome_link",
    "reminder",
    "return_due",
    "withdrawn",
]
