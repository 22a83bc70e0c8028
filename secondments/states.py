"""The choices of this app, and the states that offers, placements, decisions, rounds and runs can be in."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Half(TextChoices):
    """A day has two sessions."""

    MORNING = "am", _("morning")
    AFTERNOON = "pm", _("afternoon")


class Mode(TextChoices):
    IN_PERSON = "in_person", _("In person")
    REMOTE = "remote", _("Online")


class AccessNeed(TextChoices):
    """What somebody needs of a place to take part, and what a host says a visitor finds there."""

    STEP_FREE = "step_free", _("Step-free way in, and to the rooms used")
    TOILET = "toilet", _("Accessible toilet")
    HEARING_LOOP = "hearing_loop", _("Hearing loop, or one voice at a time")
    QUIET = "quiet", _("A quiet place to withdraw to")
    PARKING = "parking", _("Parking by the door")
    DOG = "dog", _("Assistance dogs are welcome")
    LARGE_PRINT = "large_print", _("Papers in large print, or sent ahead")


class Dating(TextChoices):
    DATED = "dated", _("On days that we name")
    ASK_US = "ask_us", _("Ask us: we agree the days together")


class OfferState(TextChoices):
    DRAFT = "draft", _("Draft")
    TO_CONFIRM = "to_confirm", _("Waits for its host’s yes")
    PUBLISHED = "published", _("Open to visitors")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")


class HowBegan(TextChoices):
    BOOKED = "booked", _("Booked directly")
    MATCHED = "matched", _("Matched in a round")
    INTRODUCED = "introduced", _("Introduced")
    BETWEEN_THEMSELVES = "between_themselves", _("Agreed between themselves")


BY_A_BROKER = (HowBegan.MATCHED, HowBegan.INTRODUCED)
"""Asked by a broker and not by the visitor, who is asked as well."""


class Tie(TextChoices):
    """Who has money or a judgement over whom. Said before anything else."""

    NONE = "none", _("Neither funds, buys from or inspects the other")
    VISITOR_FUNDS = "visitor_funds", _("My team funds or buys from them")
    VISITOR_INSPECTS = "visitor_inspects", _("My team inspects or assesses them")
    HOST_FUNDS = "host_funds", _("They fund, buy from, inspect or assess us")


TIES_OVER_HOST = (Tie.VISITOR_FUNDS, Tie.VISITOR_INSPECTS)


class PlacementState(TextChoices):
    REQUESTED = "requested", _("Asked")
    AGREED = "agreed", _("Agreed")
    CONFIRMED = "confirmed", _("Confirmed")
    UNDER_WAY = "under_way", _("Under way")
    COMPLETED = "completed", _("It happened")
    DECLINED = "declined", _("Not this time")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("No answer in time")
    DID_NOT_HAPPEN = "did_not_happen", _("It did not happen")


LIVE_STATES = (
    PlacementState.REQUESTED,
    PlacementState.AGREED,
    PlacementState.CONFIRMED,
    PlacementState.UNDER_WAY,
)

HOLDING_STATES = (*LIVE_STATES, PlacementState.COMPLETED)
"""States in which a placement keeps its sessions; the days of a completed visit stay spent."""


class DecisionKind(TextChoices):
    """Whose yes is needed."""

    VISITOR = "visitor", _("Visitor")
    HOST = "host", _("Host")
    HOME_APPROVER = "home_approver", _("Manager")
    COORDINATOR = "coordinator", _("Coordinator")


class DecisionState(TextChoices):
    WAITING = "waiting", _("Asked")
    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_NEEDED = "not_needed", _("No longer needed")


class DecisionHow(TextChoices):
    BY_LINK = "link", _("By mailed link")
    SIGNED_IN = "signed_in", _("Signed in")
    BY_RULE = "rule", _("By the rule of the organisation")


class CheckKind(TextChoices):
    CONFIDENTIALITY = "confidentiality", _("Promise of confidentiality")
    LETTER_OF_ASSURANCE = "letter_of_assurance", _("Letter of assurance from the employer")
    INDUCTION = "induction", _("Short induction by the host")


class CheckState(TextChoices):
    NEEDED = "needed", _("Needed")
    DONE = "done", _("Done")


class SwapState(TextChoices):
    OPEN = "open", _("Open")
    DUE = "due", _("Called due")
    LAPSED = "lapsed", _("Lapsed")


class ConcernState(TextChoices):
    RAISED = "raised", _("Raised")
    HANDLED = "handled", _("Handled")


class RoundState(TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open for people to join")
    CLOSED = "closed", _("Closed for joining")
    MATCHING = "matching", _("Being matched")
    PROPOSED = "proposed", _("Proposed to the broker")
    PUBLISHING = "publishing", _("Being published")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")
    CALLED_OFF = "called_off", _("Called off")


CAME_TO_NOTHING = (
    PlacementState.DECLINED,
    PlacementState.WITHDRAWN,
    PlacementState.CANCELLED,
    PlacementState.EXPIRED,
)
"""States of a visit that gives its days back before it is over, so that others may have them."""

TOLD_STATES = (RoundState.PUBLISHED, RoundState.ARCHIVED)
"""States in which everyone in a round knows what came of it."""

UNTOLD_STATES = (
    RoundState.DRAFT,
    RoundState.OPEN,
    RoundState.CLOSED,
    RoundState.MATCHING,
    RoundState.PROPOSED,
)
"""States in which nobody has heard who goes where, so that a round can still be called off."""


class EnrolmentState(TextChoices):
    """Where an organisation stands with a programme. It takes part once its coordinator has accepted the terms."""

    INVITED = "invited", _("Invited")
    ASKED = "asked", _("Has asked to take part")
    ENROLLED = "enrolled", _("Takes part")
    DECLINED = "declined", _("Does not take part")
    LEFT = "left", _("Has left")


class ParticipationState(TextChoices):
    JOINED = "joined", _("Joined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class EntryState(TextChoices):
    """Where somebody stands who was written down by another. Only their own yes makes them take part."""

    WAITING = "waiting", _("Waits for their yes")
    CONFIRMED = "confirmed", _("Takes part")
    DECLINED = "declined", _("Does not take part")
    TAKEN_BACK = "taken_back", _("Taken back")


class ListState(TextChoices):
    READ = "read", _("Read, and nobody invited yet")
    SENDING = "sending", _("People are being invited")
    DONE = "done", _("Everybody is invited who can be")


class RunState(TextChoices):
    WAITING = "waiting", _("Waiting to start")
    SOLVED = "solved", _("Solved")
    FAILED = "failed", _("Could not be solved")
    STOPPED = "stopped", _("Stopped before anybody had a place")
    DISCARDED = "discarded", _("Put aside")
    OFFERED = "offered", _("Offered to those concerned")


class RunKind(TextChoices):
    """What a run of the engine was for."""

    ROUND = "round", _("For everybody who joined")
    REPAIR = "repair", _("For what came free after publishing")


class ShortlistState(TextChoices):
    """What became of a host that a broker has in mind for somebody."""

    LISTED = "listed", _("On the list")
    SPOKEN = "spoken", _("Spoken to")
    ASKED = "asked", _("Asked")
    PUT_ASIDE = "put_aside", _("Put aside")


TO_INTRODUCE = (ShortlistState.LISTED, ShortlistState.SPOKEN)
"""States of a host in mind that can still be introduced, or put aside."""


class AdjustmentKind(TextChoices):
    """What a broker changes in a proposal by hand."""

    KEEP = "keep", _("Stays as proposed")
    MAKE = "make", _("Set by hand")
    FORBID = "forbid", _("Kept apart")


class AdjustmentReason(TextChoices):
    """Why. The event keeps the code; words stand in the note, where they can be erased."""

    THEY_SAID_SO = "they_said_so", _("They told me so")
    FITS_BETTER = "fits_better", _("I know that it fits, or does not")
    FAIRER = "fairer", _("It is fairer between organisations")
    WELLBEING = "wellbeing", _("For somebody’s safety or wellbeing")
    OTHER = "other", _("Something else")


class AdjustmentState(TextChoices):
    STANDING = "standing", _("Holds")
    TAKEN_BACK = "taken_back", _("Taken back")
