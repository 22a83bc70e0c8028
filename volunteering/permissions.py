"""Who may do what with a skill need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnerships.permissions import is_member, may_coordinate, signed_in
from volunteering.models import SkillNeed

if TYPE_CHECKING:
    from partnerships.permissions import Person


def may_look_after_need(user: Person, need: SkillNeed) -> bool:
    """Its author, for as long as they belong to its organisation, and the coordinators there.

    Before it has an organisation it is its author's alone.
    """
    known = signed_in(user)
    if known is None:
        return False
    if need.organisation is None:
        return need.author_id == known.pk
    return may_coordinate(known, need.organisation) or (
        need.author_id == known.pk and is_member(known, need.organisation)
    )


def may_take_up(user: Person, need: SkillNeed) -> bool:
    """Anybody who signs in with the browser that wrote it, as long as nobody has."""
    return signed_in(user) is not None and need.author_id is None
