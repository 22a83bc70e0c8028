"""Who hears for a programme, and what its brokers write to people themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.models import User
from partnerships.models.organisations import ACTING_STATES
from partnerships.states import MembershipState

from .letters import Letter, paragraphs_of, to_member, url_named

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from secondments.models import GroupLetter, Participation, Programme


def brokers_of(programme: Programme) -> QuerySet[User]:
    """Whoever runs it now: nobody, while their organisation may not act."""
    return User.objects.filter(
        memberships__organisation=programme.organisation,
        memberships__organisation__state__in=ACTING_STATES,
        memberships__is_broker=True,
        memberships__state=MembershipState.ACTIVE,
    ).order_by("id")


def group_letter(letter: GroupLetter, reader: Participation) -> None:
    """What a broker wrote, to one of its readers. It says who else reads it to nobody."""
    to_member(reader.membership, letter, lambda: _group_letter(letter))


def _group_letter(letter: GroupLetter) -> Letter:
    names = {
        "name": letter.written_by.name,
        "broker": letter.round.programme.organisation.name,
        "programme": letter.round.programme.name,
    }
    return Letter(
        title=letter.subject,
        paragraphs=paragraphs_of(letter.text),
        button_label=_("Look at the round"),
        button_url=url_named("round", letter.round.slug),
        after=(
            _("%(name)s of %(broker)s writes this to several people who have joined %(programme)s.") % names,
            _("On the page of the round you can say that you want none. About your own visit you still hear."),
        ),
    )
