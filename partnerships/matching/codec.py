"""Problems and answers to JSON and back, in canonical bytes: equal things give equal bytes.

Ids are sorted, sets are sorted lists, mappings are sorted lists of pairs (JSON keys would turn weeks into strings).
A field that was added later is written only where it differs from its default, so that what was stored before keeps its
bytes and its digest.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

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
    return _load(Problem, json.loads(data))


def allocation_to_json(allocation: Allocation) -> bytes:
    """Canonical bytes of an answer; compare these to prove that a run was repeated."""
    return _dump(allocation)


def allocation_from_json(data: bytes | str) -> Allocation:
    """The answer that `allocation_to_json` wrote."""
    return _load(Allocation, json.loads(data))


def digest(problem: Problem) -> str:
    """SHA-256, in hexadecimal, of the problem's canonical bytes."""
    return hashlib.sha256(problem_to_json(problem)).hexdigest()


def _dump(thing: Any) -> bytes:
    return json.dumps(_plain(thing), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(thing: Any) -> Any:
    if dataclasses.is_dataclass(thing):
        later = _later(type(thing))
        given = ((name, getattr(thing, name)) for name in _field_types(type(thing)))
        return {name: _plain(value) for name, value in given if name not in later or value != later[name]}
    if isinstance(thing, Mapping):
        return [[_plain(key), _plain(value)] for key, value in sorted(thing.items())]
    if isinstance(thing, frozenset | set):
        return [_plain(item) for item in sorted(thing)]
    if isinstance(thing, tuple | list):
        return [_plain(item) for item in thing]
    return thing


_hints: dict[Any, dict[str, Any]] = {}
_defaults: dict[Any, dict[str, Any]] = {}


def _field_types(kind: Any) -> dict[str, Any]:
    if kind not in _hints:
        _hints[kind] = typing.get_type_hints(kind)
    return _hints[kind]


def _later(kind: Any) -> dict[str, Any]:
    """The fields that were added later, with their defaults."""
    if kind not in _defaults:
        _defaults[kind] = {one.name: one.default for one in dataclasses.fields(kind) if "later" in one.metadata}
    return _defaults[kind]


def _load(kind: type[T], data: Any) -> T:
    return typing.cast(T, _build(kind, data))


def _build(kind: Any, data: Any) -> Any:
    if dataclasses.is_dataclass(kind):
        hints = _field_types(kind)
        unknown = data.keys() - hints.keys()
        if unknown:
            raise ValueError(f"unknown fields {sorted(unknown)}")
        return typing.cast(Any, kind)(**{name: _build(hints[name], value) for name, value in data.items()})
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        return None if data is None else _build(next(a for a in arguments if a is not type(None)), data)
    if origin is Mapping:
        return {_build(arguments[0], key): _build(arguments[1], value) for key, value in data}
    if origin is frozenset:
        return frozenset(_build(arguments[0], item) for item in data)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return tuple(_build(arguments[0], item) for item in data)
        return tuple(_build(argument, item) for argument, item in zip(arguments, data, strict=True))
    if kind in (int, str, bool) and type(data) is not kind:
        raise ValueError(f"{data!r} is not {kind.__name__}")
    return data
