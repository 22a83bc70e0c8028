"""The verbs of this app. Each takes keywords, `by=` and `at=`, acts in one transaction, and says no by `Refused`."""

from .concerns import handle_concern, raise_concern
from .decisions import ask_someone_else, check, decide
from .lives import cancel, complete, did_not_happen, expire, start, withdraw
from .offers import (
    add_sessions,
    close_offer,
    create_offer,
    edit_offer,
    pause_offer,
    publish_offer,
    remove_session,
    reopen_offer,
)
from .placements import request_placement
from .swaps import call_due, lapse

__all__ = [
    "add_sessions",
    "ask_someone_else",
    "call_due",
    "cancel",
    "check",
    "close_offer",
    "complete",
    "create_offer",
    "decide",
    "did_not_happen",
    "edit_offer",
    "expire",
    "handle_concern",
    "lapse",
    "pause_offer",
    "publish_offer",
    "raise_concern",
    "remove_session",
    "reopen_offer",
    "request_placement",
    "start",
    "withdraw",
]
