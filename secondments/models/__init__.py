"""People change places."""

from .adjustments import Adjustment
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
    "HostOffer",
    "JoiningDraft",
    "Match",
    "MatchRun",
    "NotPlaced",
    "OfferSession",
    "Participation",
    "Placement",
    "PlacementSession",
    "Programme",
    "Round",
    "StaffList",
    "Swap",
    "Trial",
    "Wish",
]
