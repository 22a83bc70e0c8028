"""What the tests of people who were written down share."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.test import Client

from partnerships.ground.models import OutboxMail
from partnerships.models import Organisation, User
from secondments.actions.entering import enter_somebody
from secondments.models import Entry, Round
from tests.factories import AT
from tests.secondments.rounds import typed

EMAIL = "pat@advice.example.org"


def told(a_round: Round, **said: object) -> dict[str, object]:
    """What somebody told, as the form has it. Nothing of it is asked of a manager."""
    values = typed(a_round, wants=["local_government"], shows="A morning of calls", welcomes=True)
    return {name: value for name, value in (values | said).items() if name != "agrees_email"}


def write_down(a_round: Round, organisation: Organisation, by: User, **changes: Any) -> Entry:
    """Somebody is written down by phone."""
    values: dict[str, Any] = {"name": "Pat Phoned", "email": EMAIL, "said": told(a_round), "at": AT}
    return enter_somebody(a_round=a_round, organisation=organisation, by=by, **(values | changes))


def link_to(address: str) -> str:
    """The path of the link in the latest mail to somebody."""
    written = Q(text__contains="/is-this-right/") | Q(text__contains="/may-this-be-shown/")
    text = OutboxMail.objects.filter(written, to=address).latest("id").text
    found = next(word for word in text.split() if "/is-this-right/" in word or "/may-this-be-shown/" in word)
    return "/" + found.split("/", 3)[3]


def stranger() -> Client:
    """A browser in which nobody has signed in."""
    return Client()
