"""A verb may always say no, if only because somebody else is quicker: each page that asks one hears it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.source import ROOT, modules, name_of, tree

WAITS = "acting()"
"""By this a verb locks what it changes, and so can find it busy, changed or gone."""


def _verbs() -> dict[str, bool]:
    """What pages ask of `actions`, by name: whether it waits for others with an end."""
    return {
        function.name: WAITS in ast.unparse(function)
        for path in modules()
        if "actions" in path.relative_to(ROOT).with_suffix("").parts
        for function in tree(path).body
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_")
    }


def _asked(node: ast.AST, function: str = "", heard: bool = False) -> Iterator[tuple[str, str, bool]]:
    """Every call below: in which function it stands, what is called, and whether a refusal of it is heard there."""
    if isinstance(node, ast.FunctionDef):
        function = node.name
    if isinstance(node, ast.Call):
        yield function, ast.unparse(node.func).removeprefix("actions."), heard
    hears = False
    if isinstance(node, ast.Try):
        hears = any(handler.type is not None and "Refused" in ast.unparse(handler.type) for handler in node.handlers)
    elif isinstance(node, ast.With):
        hears = any("suppress(Refused)" in ast.unparse(item) for item in node.items)
    body = node.body if isinstance(node, ast.Try | ast.With) else []
    for child in ast.iter_child_nodes(node):
        yield from _asked(child, function, heard or (hears and child in body))


def unheard(module: ast.Module, verbs: set[str]) -> list[str]:
    """Verbs that are asked where nobody hears a no, neither there nor wherever the function is called."""
    calls = list(_asked(module))
    found = []
    for function, called, heard in calls:
        if called in verbs and not heard:
            callers = [heard for _where, name, heard in calls if name == function]
            if not callers or not all(callers):
                found.append(f"{function}: {called}")
    return found


def test_a_no_is_heard_on_every_page() -> None:
    verbs = {name for name, waits in _verbs().items() if waits}
    assert {"publish_round", "take_letters", "write_case_study"} <= verbs
    lost = [
        f"{name_of(path)} {where}"
        for path in modules()
        if "views" in path.relative_to(ROOT).with_suffix("").parts
        for where in unheard(tree(path), verbs)
    ]
    assert not lost


@pytest.mark.parametrize(
    ("page", "lost"),
    [
        ("def page():\n    verb()", True),
        ("def page():\n    try:\n        verb()\n    except Refused:\n        pass", False),
        ("def page():\n    try:\n        look()\n    except Refused:\n        verb()", True),
        ("def page():\n    try:\n        verb()\n    except ValueError:\n        pass", True),
        ("def page():\n    with suppress(Refused):\n        actions.verb()", False),
        ("def _ask():\n    verb()\ndef page():\n    try:\n        _ask()\n    except Refused:\n        pass", False),
        ("def _ask():\n    verb()\ndef page():\n    _ask()", True),
    ],
)
def test_a_planted_verb_would_be_seen(page: str, lost: bool) -> None:
    assert bool(unheard(ast.parse(page), {"verb"})) is lost


def test_every_verb_of_a_page_waits_with_an_end() -> None:
    """Without it a page hangs for as long as whoever holds the row."""
    waits = _verbs()
    asked = {
        called
        for path in modules()
        if "views" in path.relative_to(ROOT).with_suffix("").parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and any(word.arg == "by" for word in node.keywords)
        and (called := ast.unparse(node.func).removeprefix("actions.")) in waits
    }
    assert "publish_round" in asked or "take_letters" in asked
    assert [name for name in sorted(asked) if not waits[name]] == ["throw_away"], "one row of one's own, and no lock"
