"""The OpenAPI document as a page for people shows it: a flat list of addresses, parameters and fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

Schema = dict[str, Any]

EXAMPLES: dict[str, dict[str, str]] = {
    "organisations": {"sector": "vcse", "q": "advice"},
    "host-offers": {"field": "local_government", "mode": "in_person"},
    "skill-needs": {"online": "true", "page_size": "10"},
    "case-studies": {"q": "hospital discharge"},
}
"""The questions that the page asks as examples."""


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter or a field: its name, what it holds, what it means, and the values that it can have."""

    name: str
    kind: str
    about: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Fields of an object inside an answer."""

    name: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Operation:
    path: str
    summary: str
    about: str
    curl: str
    parameters: list[Row]


@dataclass(frozen=True, slots=True)
class Group:
    """One resource: its list, one of its things, and the fields of an answer."""

    slug: str
    title: str
    operations: list[Operation]
    fields: list[Row]


@dataclass(frozen=True, slots=True)
class Documentation:
    address: str
    groups: list[Group]
    parts: list[Part]


def describe(document: Schema, address: str) -> Documentation:
    """What the page shows. `address` is the site's own, for examples that work when they are pasted."""
    schemas: dict[str, Schema] = document["components"]["schemas"]
    groups: dict[str, Group] = {}
    inner: dict[str, None] = {}
    for path, methods in document["paths"].items():
        operation = methods["get"]
        slug = operation["tags"][0]
        group = groups.setdefault(slug, Group(slug, slug.replace("-", " ").capitalize(), [], []))
        group.operations.append(_operation(path, operation, slug, address))
        if not group.fields:
            name = _answered(operation, schemas)
            group.fields.extend(_rows(schemas[name], schemas))
            inner.update(dict.fromkeys(_inner_names(schemas[name], schemas)))
    parts = [Part(name, _rows(schemas[name], schemas)) for name in inner]
    return Documentation(address, list(groups.values()), parts)


def _operation(path: str, operation: Schema, slug: str, address: str) -> Operation:
    parameters = [
        _row(parameter["name"], {**parameter["schema"], "description": parameter.get("description", "")}, {})
        for parameter in operation["parameters"]
        if parameter["in"] == "query"
    ]
    example = path if "{" in path else f"{path}?{urlencode(EXAMPLES[slug])}"
    return Operation(
        path=path,
        summary=operation["summary"],
        about=operation.get("description", ""),
        curl=f'curl "{address}{example}"',
        parameters=parameters,
    )


def _answered(operation: Schema, schemas: dict[str, Schema]) -> str:
    """The name of what is answered; of the rows, where it is a page of a list."""
    schema = next(iter(operation["responses"]["200"]["content"].values()))["schema"]
    name = _named(schema)
    rows = schemas[name].get("properties", {}).get("results", {}).get("items", {})
    return _named(rows) if rows else name


def _named(schema: Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _references(schema: Schema) -> Iterator[str]:
    for choice in (schema, schema.get("items", {}), *schema.get("allOf", []), *schema.get("oneOf", [])):
        if "$ref" in choice:
            yield _named(choice)


def _inner_names(schema: Schema, schemas: dict[str, Schema]) -> Iterator[str]:
    """The objects inside an answer, each before what is inside of it."""
    for field in schema.get("properties", {}).values():
        for name in _references(field):
            if "properties" in schemas[name]:
                yield name
                yield from _inner_names(schemas[name], schemas)


def _rows(schema: Schema, schemas: dict[str, Schema]) -> list[Row]:
    return [_row(name, field, schemas) for name, field in schema["properties"].items()]


def _row(name: str, field: Schema, schemas: dict[str, Schema]) -> Row:
    values: list[Any] = list(field.get("enum", []))
    objects = []
    for reference in _references(field):
        if "enum" in schemas[reference]:
            values += schemas[reference]["enum"]
        elif "properties" in schemas[reference]:
            objects.append(reference)
    # What a choice means is said by its values; the generated list of them would say it twice.
    about = str(field.get("description") or field.get("title", "")).partition("\n\n*")[0].partition("* `")[0].strip()
    return Row(name, _kind(field, objects), about, tuple(str(value) for value in values if value not in (None, "")))


def _kind(field: Schema, objects: list[str]) -> str:
    """What a value is, in plain words."""
    named = field.get("type", "")
    kinds = [named] if isinstance(named, str) else list(named)
    may_be_empty = "null" in kinds or {"type": "null"} in field.get("oneOf", [])
    kind = next((kind for kind in kinds if kind != "null"), "")
    words = {
        "string": _("text"),
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("true or false"),
        "array": _("list"),
        "object": _("object"),
    }.get(kind, "")
    words = {
        "date": _("day, as 2027-03-27"),
        "date-time": _("moment, as 2027-03-27T09:00:00Z"),
        "uri": _("address"),
        "uuid": _("UUID"),
    }.get(field.get("format", ""), words)
    if objects:
        words = _("list of %(object)s") % {"object": objects[0]} if kind == "array" else objects[0]
    words = words or _("text")
    return _("%(kind)s, or null") % {"kind": words} if may_be_empty else words
