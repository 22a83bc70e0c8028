"""People change places."""

from .adjustments import Adjustment
from .brokering import GroupLetter, Note, Shortlisted
from .entries import Entry, StaffList
from .joining import JoiningDraft, Participation, Wish
from .offers import HostOffer, OfferSession
from .placements import Check, Concern, Decision, Placement, PlacementSession, Swap
from .programmes import Enrolment, Programme, Round
from .runs import Match, MatchRun, NotPlaced
from .trials import Trial

__all__ = [
    "Adjustment",
    "Check",
    "Concern",
    "Decision",
    "Enrolment",
    "Entry",
    "GroupLetter",
    "HostOffer",
    "JoiningDraft",
    "Match",
    "MatchRun",
    "NotPlaced",
    "Note",
    "OfferSession",
    "Participation",
    "Placement",
    "PlacementSession",
    "Programme",
    "Round",
    "Shortlisted",
    "StaffList",
    "Swap",
    "Trial",
    "Wish",
]
