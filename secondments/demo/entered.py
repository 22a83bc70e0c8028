"""Two people whom the demonstration's broker has written down by phone, and who have not answered yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from partnerships.models import Organisation, User
from partnerships.states import Field
from secondments.actions.entering import enter_somebody
from secondments.matches.days import mondays
from secondments.models import Round
from secondments.states import Mode, Tie

HOME = "Willow Carers’ Centre"

TOLD = (
    (
        "Bel Marsh",
        "bel@willow.demo.example",
        "Volunteer lead",
        "Who decides on a ward that somebody is ready to go home, and when the family hears of it.",
        "An afternoon of home visits, and the carers’ tea.",
    ),
    (
        "Joan Pike",
        "",
        "Volunteer driver",
        "Where people wait once they are told that they can go.",
        "A morning in the minibus.",
    ),
)
"""Name, address, what they do, what they hope to learn, what they can show. Who has none is answered for."""


def write_down(a_round: Round, *, by: User, at: datetime) -> None:
    home = Organisation.objects.get(name=HOME)
    weeks = [monday.isoformat() for monday in mondays(a_round.starts_on, a_round.ends_on)]
    for name, email, job_title, learn, shows in TOLD:
        said: dict[str, Any] = {
            "learn": learn,
            "wants": [Field.HEALTH.value],
            "weeks": weeks[1:6],
            "most_km": "20",
            "how": [Mode.IN_PERSON.value],
            "tie": Tie.NONE.value,
            "shows": shows,
            "welcomes": False,
        }
        enter_somebody(
            a_round=a_round,
            organisation=home,
            name=name,
            email=email,
            job_title=job_title,
            said=said,
            by=by,
            at=at,
        )
