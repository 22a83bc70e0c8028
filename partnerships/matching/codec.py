"""Problems and answers to JSON and back, in canonical bytes: equal things give equal bytes.

Ids are sorted, sets are sorted lists, mappings are sorted lists of pairs (JSON keys would turn weeks into strings).
A field that was added later is written only where it differs from its default, so that what was stored before keeps its
bytes and its digest.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import operator
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import orjson

from .collecting import nothing_collected
from .types import Allocation, Problem

T = TypeVar("T")


def canonical(problem: Problem) -> Problem:
    """The same problem in the order of its ids."""
    return dataclasses.replace(
        problem,
        people=tuple(sorted(problem.people, key=lambda person: person.id)),
        slots=tuple(sorted(problem.slots, key=lambda slot: slot.id)),
        organisations=tuple(sorted(problem.organisations, key=lambda organisation: organisation.id)),
        rules=dataclasses.replace(
            problem.rules,
            quarters=tuple(sorted(problem.rules.quarters)),
            fixed=tuple(sorted(problem.rules.fixed, key=lambda fixed: (fixed.person_id, fixed.offer_id, fixed.week))),
        ),
    )


def problem_to_json(problem: Problem) -> bytes:
    """Canonical bytes of a problem, whatever order its parts came in."""
    return _dump(canonical(problem))


def problem_from_json(data: bytes | str) -> Problem:
    """The problem that `problem_to_json` wrote, in canonical order."""
    return _load(Problem, orjson.loads(data))


def problem_from_plain(data: Mapping[str, Any]) -> Problem:
    """The same from what a database made of these bytes already."""
    with nothing_collected():
        return _load(Problem, data)


def allocation_to_json(allocation: Allocation) -> bytes:
    """Canonical bytes of an answer; compare these to prove that a run was repeated."""
    return _dump(allocation)


def allocation_from_json(data: bytes | str) -> Allocation:
    """The answer that `allocation_to_json` wrote."""
    return _load(Allocation, orjson.loads(data))


def digest(problem: Problem) -> str:
    """SHA-256, in hexadecimal, of the problem's canonical bytes."""
    return hashlib.sha256(problem_to_json(problem)).hexdigest()


def _dump(thing: Any) -> bytes:
    kind: Any = type(thing)
    plain = _plain(kind)
    made = plain(thing) if plain else thing
    return orjson.dumps(made)


@functools.cache
def _plain(kind: Any) -> Callable[[Any], Any] | None:
    """How things of this kind become lists and mappings in one fixed order; None where they are plain already.

    Worked out once for each kind: a large round has some hundred thousand things.
    """
    if dataclasses.is_dataclass(kind):
        return None if _written_as_it_is(kind) else _fields(kind)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        inner = _plain(next(a for a in arguments if a is not type(None)))
        return inner and (lambda thing: None if thing is None else inner(thing))
    if origin is Mapping:
        if not any(map(_plain, arguments)):
            return lambda thing: sorted(thing.items())
        key, value = (_plain(argument) or _same for argument in arguments)
        return lambda thing: [[key(name), value(thing[name])] for name in sorted(thing)]
    if origin is frozenset:
        each = _plain(arguments[0])
        return (lambda thing: [each(one) for one in sorted(thing)]) if each else sorted
    if origin is tuple and arguments[-1] is Ellipsis:
        item = _plain(arguments[0])
        return item and (lambda thing: [item(one) for one in thing])
    return None


def _written_as_it_is(kind: Any) -> bool:
    """Plain fields in the order of their names: what writes JSON does the same with them, and far quicker."""
    fields = dataclasses.fields(kind)
    names = [one.name for one in fields]
    later = any("later" in one.metadata for one in fields)
    return names == sorted(names) and not later and not any(map(_plain, _field_types(kind).values()))


def _same(thing: Any) -> Any:
    return thing


def _fields(kind: Any) -> Callable[[Any], dict[str, Any]]:
    hints = sorted(_field_types(kind).items())
    names = [name for name, _ in hints]
    sets = [name for name, hint in hints if _plain(hint) is sorted]
    made = [(name, make) for name, hint in hints if (make := _plain(hint)) and make is not sorted]
    later = [(one.name, _default(one)) for one in dataclasses.fields(kind) if "later" in one.metadata]
    values = operator.attrgetter(*names)

    def fields(thing: Any) -> dict[str, Any]:
        held = values(thing) if len(names) > 1 else (values(thing),)
        plain = dict(zip(names, held, strict=True))
        plain.update(zip(sets, map(sorted, map(plain.__getitem__, sets)), strict=True))
        for name, make in made:
            plain[name] = make(plain[name])
        for name, default in later:
            if getattr(thing, name) == default:
                del plain[name]
        return plain

    return fields


def _default(field: dataclasses.Field[Any]) -> Any:
    return field.default if field.default_factory is dataclasses.MISSING else field.default_factory()


@functools.cache
def _field_types(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _load(kind: type[T], data: Any) -> T:
    return typing.cast(T, _builder(typing.cast(Any, kind))(data))


@functools.cache
def _builder(kind: Any) -> Callable[[Any], Any]:
    """What makes things of this kind from what JSON holds of them. Worked out once for each kind, as `_plain` is."""
    if dataclasses.is_dataclass(kind):
        return _dataclass_builder(kind)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        inner = _builder(next(a for a in arguments if a is not type(None)))
        return lambda data: None if data is None else inner(data)
    if origin is Mapping:
        key, value = (_builder(argument) for argument in arguments)
        return lambda data: {key(name): value(held) for name, held in data}
    if origin is frozenset:
        each = _builder(arguments[0])
        return lambda data: frozenset(map(each, data))
    if origin is tuple and arguments[-1] is Ellipsis:
        item = _builder(arguments[0])
        return lambda data: tuple(map(item, data))
    if origin is tuple:
        makers = [_builder(argument) for argument in arguments]
        return lambda data: tuple(make(one) for make, one in zip(makers, data, strict=True))
    return _exactly(kind)


def _dataclass_builder(kind: Any) -> Callable[[Any], Any]:
    makers = {name: _builder(hint) for name, hint in _field_types(kind).items()}

    def build(data: Any) -> Any:
        unknown = data.keys() - makers.keys()
        if unknown:
            raise ValueError(f"unknown fields {sorted(unknown)}")
        return kind(**{name: makers[name](value) for name, value in data.items()})

    return build


def _exactly(kind: Any) -> Callable[[Any], Any]:
    """A number, a word, yes or no; a number that stands for yes is none of ours."""

    def checked(data: Any) -> Any:
        if kind in (int, str, bool) and type(data) is not kind:
            raise ValueError(f"{data!r} is not {kind.__name__}")
        return data

    return checked
