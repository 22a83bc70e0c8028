"""The one door for every change of state.

Each app lists its allowed moves as data in `moves.py`. `move` locks the row, reads the table, asks who may and
what stands against it, saves, and records one event, all in one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from partnerships.ground import events
from partnerships.ground.locks import for_update, gone, lock
from partnerships.ground.problems import Problem, Refused, refuse

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

Actor = "AbstractBaseUser | None"


def anyone_may(actor: AbstractBaseUser | None, thing: Any) -> bool:
    """For moves that the system makes, or whose verb has asked already by other means (a mailed link)."""
    return True


def no_problems(thing: Any) -> list[Problem]:
    """For moves that nothing stands against."""
    return []


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed change: `verb` names the only function, in its app's actions, that makes it."""

    verb: str
    sources: tuple[str, ...]
    target: str
    may: Callable[[Any, Any], bool] = anyone_may
    problems: Callable[[Any], list[Problem]] = no_problems


@dataclass(frozen=True, slots=True)
class Moves:
    """The life of one model: where a row may begin, and every allowed move. Drawn into docs/concepts.md."""

    model: str
    initial: tuple[str, ...]
    moves: tuple[Move, ...]
    field: str = "state"
    title: str = ""
    about: str = ""

    def model_class(self) -> type[models.Model]:
        return apps.get_model(self.model)

    def labels(self) -> dict[str, str]:
        """State → what it is called on pages."""
        state = self.model_class()._meta.get_field(self.field)
        return {str(value): str(label) for value, label in getattr(state, "flatchoices", ())}

    def find(self, *, verb: str, source: str, target: str) -> Move | None:
        for candidate in self.moves:
            if candidate.verb == verb and source in candidate.sources and candidate.target == target:
                return candidate
        return None


@dataclass(slots=True)
class _Registry:
    tables: dict[str, Moves] = field(default_factory=dict)


_registry = _Registry()


def register(table: Moves) -> Moves:
    """Make a table of moves known; one per model."""
    key = table.model.lower()
    if key in _registry.tables:
        raise ValueError(f"{table.model} has two tables of moves.")
    _registry.tables[key] = table
    return table


def tables() -> list[Moves]:
    """Every registered table, by model label."""
    return [_registry.tables[key] for key in sorted(_registry.tables)]


def table_of(thing: models.Model | type[models.Model]) -> Moves:
    """The table of moves of a thing or model; `LookupError` when it has none."""
    try:
        return _registry.tables[thing._meta.label_lower]
    except KeyError:
        raise LookupError(f"{thing._meta.label} has no table of moves.") from None


def _out_of_turn(current: str) -> Problem:
    return Problem("out_of_turn", _("This has changed since you opened the page. Look again at where it stands now."))


def created(
    thing: models.Model, *, by: AbstractBaseUser | None, at: datetime, verb: str = "create", reason: str = ""
) -> None:
    """Record that `thing` was made; its state must be one in which a row may begin."""
    created_all([thing], by=by, at=at, verb=verb, reason=reason)


def created_all(
    things: Iterable[models.Model],
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    verb: str = "create",
    reason: str = "",
) -> None:
    """The same of many things, with one statement for each state that they begin in."""
    by_state: dict[str, list[models.Model]] = defaultdict(list)
    for thing in things:
        by_state[_first_state(thing)].append(thing)
    for state, some in by_state.items():
        before = [""] * len(some)
        events.record_all(actor=by, verb=verb, things=some, at=at, from_states=before, to_state=state, reason=reason)


def _first_state(thing: models.Model) -> str:
    """The state that a thing begins in; "" where it has none."""
    table = _registry.tables.get(thing._meta.label_lower)
    if table is None:
        return ""
    state: str = getattr(thing, table.field)
    if state not in table.initial:
        raise ValueError(f"{thing._meta.label} may not begin as {state!r}.")
    return state


def move(
    thing: models.Model,
    *,
    to: str,
    verb: str,
    by: AbstractBaseUser | None,
    at: datetime,
    reason: str = "",
    **changes: Any,
) -> None:
    """Change the state of one thing.

    `verb` names the calling function as the table does; `changes` are further fields saved with the state.
    Raises `Refused` when the move is not allowed from the present state, by this person, or for a stated problem.
    """
    table = table_of(thing)
    with transaction.atomic():
        lock(thing)
        source = getattr(thing, table.field)
        allowed = table.find(verb=verb, source=source, target=to)
        if allowed is None:
            raise Refused([_out_of_turn(source)])
        if not allowed.may(by, thing):
            raise Refused([Problem("not_allowed", _("You cannot do this. Ask the person who runs this page."))])
        refuse(allowed.problems(thing))
        setattr(thing, table.field, to)
        for name, value in changes.items():
            setattr(thing, name, value)
        thing.save(update_fields=[table.field, *changes])
        events.record(actor=by, verb=verb, thing=thing, from_state=source, to_state=to, reason=reason, at=at)


def move_all(
    things: Iterable[models.Model],
    *,
    to: str,
    verb: str,
    by: AbstractBaseUser | None,
    at: datetime,
    reason: str = "",
) -> int:
    """Change the state of many things of one model with one update and one insert of events; all or none.

    Returns how many were moved.
    """
    rows = list(things)
    if not rows:
        return 0
    table = table_of(rows[0])
    with transaction.atomic():
        lock_many(rows)
        sources = [getattr(row, table.field) for row in rows]
        for row, source in zip(rows, sources, strict=True):
            allowed = table.find(verb=verb, source=source, target=to)
            if allowed is None:
                raise Refused([_out_of_turn(source)])
            if not allowed.may(by, row):
                raise Refused([Problem("not_allowed", _("You cannot do this. Ask the person who runs this page."))])
            refuse(allowed.problems(row))
        type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows]).update(**{table.field: to})
        for row in rows:
            setattr(row, table.field, to)
        events.record_all(actor=by, verb=verb, things=rows, at=at, from_states=sources, to_state=to, reason=reason)
    return len(rows)


def lock_many(rows: list[models.Model]) -> None:
    """Lock rows of one model with one statement, in key order, and take over their present states."""
    model = type(rows[0])
    state_field = table_of(model).field
    fresh = dict(for_update(model, [row.pk for row in rows]).values_list("pk", state_field))
    for row in rows:
        if row.pk not in fresh:
            raise gone()
        setattr(row, state_field, fresh[row.pk])
