"""Starting texts for an offer: somebody in a hurry changes a few words instead of facing an empty page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class StartingText:
    """What the form is filled with when somebody chooses this kind of place."""

    key: str
    label: str | Promise
    hint: str | Promise
    title: str | Promise = ""
    what_you_will_see: str | Promise = ""
    access: str | Promise = ""


STARTING_TEXTS = (
    StartingText(
        key="advice-centre",
        label=_("An advice centre"),
        hint=_("Debt, benefits, housing, rights"),
        title=_("A day at the front desk"),
        what_you_will_see=_(
            "You sit beside whoever opens the door in the morning. You see who comes, what they bring with them and "
            "how we decide who is seen first. With people’s agreement you listen to an interview about debt or "
            "benefits. Later you watch an adviser make the calls: on hold, passed on, called back.\n\n"
            "At the end of the day we have half an hour with you. We tell you what would have made today easier, and "
            "you tell us what surprised you."
        ),
        access=_("Ground floor, no steps. The waiting room is loud; there is a quiet room at the back."),
    ),
    StartingText(
        key="food-bank",
        label=_("A food bank"),
        hint=_("Or a pantry, or a community kitchen"),
        title=_("A session at the food bank"),
        what_you_will_see=_(
            "You help to sort what came in and pack parcels from the list. When the doors open you make tea and stay "
            "with the volunteers at the table; you are never alone with a guest.\n\n"
            "You see how referrals arrive, who comes without one, and what we do when the shelves are empty on a "
            "Thursday. Wear shoes that you can stand in."
        ),
        access=_("A church hall with a ramp at the side door. Some lifting, which you can leave out."),
    ),
    StartingText(
        key="youth-club",
        label=_("A youth club"),
        hint=_("Open sessions, outreach, mentoring"),
        title=_("An afternoon and evening at the youth club"),
        what_you_will_see=_(
            "You come while we set up and hear what we expect from the evening. During the open session you join in, "
            "always with one of our youth workers beside you; the young people know beforehand that you come and may "
            "say no.\n\n"
            "Afterwards you sit in while we talk it through: who was there, who was missing, and what we will do about "
            "it tomorrow."
        ),
        access=_("Two floors and no lift; the open session is downstairs. It gets loud."),
    ),
    StartingText(
        key="council-team",
        label=_("A council team"),
        hint=_("Commissioning, housing, public health, licensing"),
        title=_("A day with our commissioning team"),
        what_you_will_see=_(
            "You see how a decision about money comes about: the morning’s inbox, a call with a group whose grant "
            "ends, a meeting on next year’s budget, and the papers that councillors get to read.\n\n"
            "You may ask anything. We show you where we have a choice and where we have none, and would like to know "
            "how it looks from your side."
        ),
        access=_("A town hall with lifts. You need a visitor’s pass, which we prepare."),
    ),
    StartingText(
        key="hospital-service",
        label=_("A hospital service"),
        hint=_("Discharge, voluntary services, outpatients"),
        title=_("A day with the discharge team"),
        what_you_will_see=_(
            "You join the morning meeting at which each ward says who could go home today and what is in the way. Then "
            "you walk with one of us: the calls to families, to care homes, to transport, to the voluntary groups that "
            "make it possible.\n\n"
            "You do not see notes and are not at the bedside. Patients are told who you are and may refuse."
        ),
        access=_("Level throughout, and a lot of walking; we can plan around that."),
    ),
    StartingText(
        key="own-words",
        label=_("Something else"),
        hint=_("You begin with an empty page"),
    ),
)


def find(key: str) -> StartingText | None:
    return next((text for text in STARTING_TEXTS if text.key == key), None)
