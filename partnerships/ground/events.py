"""Writing the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

from partnerships.ground.models import Event

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


def record(
    *,
    actor: AbstractBaseUser | AnonymousUser | None,
    verb: str,
    thing: models.Model,
    at: datetime,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
) -> Event:
    """Add one event about `thing` in the caller's transaction, and return it."""
    return record_all(
        actor=actor, verb=verb, things=[thing], at=at, from_states=[from_state], to_state=to_state, reason=reason
    )[0]


def record_all(
    *,
    actor: AbstractBaseUser | AnonymousUser | None,
    verb: str,
    things: Iterable[models.Model],
    at: datetime,
    from_states: Iterable[str],
    to_state: str = "",
    reason: str = "",
) -> list[Event]:
    """Add one event for each of `things` with a single statement."""
    known = actor if actor is not None and actor.pk is not None else None
    return Event.objects.bulk_create(
        Event(
            actor_id=known.pk if known is not None else None,
            verb=verb,
            thing_type=thing._meta.label_lower,
            thing_id=thing.pk,
            from_state=from_state,
            to_state=to_state,
            reason=reason,
            at=at,
        )
        for thing, from_state in zip(things, from_states, strict=True)
    )
