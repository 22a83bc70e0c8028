"""The house rules that no linter knows: each test reads the source and names the line that breaks a rule."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from partnerships.ground import workflow
from tests.source import APPS, ROOT, modules, name_of, templates, tree

LOWER = {"partnerships": ("config", "secondments", "volunteering"), "secondments": ("config", "volunteering")}
LOWER["volunteering"] = ("config", "secondments")
LABELS = {"partnerships": "partnerships", "secondments": "secondments", "volunteering": "volunteering"}

STATE_FIELDS = {"state"}
OWN_STATES = {"partnerships/ground"}
"""Jobs and outgoing mail keep their own states: they are the machine room, not anybody's story."""


def test_no_string_escapes_the_layers() -> None:
    """A lazy foreign key or a dotted path in a string is an import that no linter sees."""
    escapes = []
    for app, forbidden in LOWER.items():
        pattern = re.compile(rf"^({'|'.join(forbidden)})\.\w[\w.]*$")
        for path in modules(app):
            escapes += [
                f"{name_of(path)}:{node.lineno} {node.value}"
                for node in ast.walk(tree(path))
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and pattern.match(node.value)
                # Permission names and template paths never look like this: only models and modules do.
            ]
    assert not escapes


def test_a_planted_string_would_be_seen() -> None:
    pattern = re.compile(rf"^({'|'.join(LOWER['partnerships'])})\.\w[\w.]*$")
    assert pattern.match("secondments.Placement")
    assert pattern.match("volunteering.models.SkillNeed")
    assert not pattern.match("partnerships.User")


def test_the_ground_names_nothing_above_it() -> None:
    above = re.compile(r"^(config|secondments|volunteering|partnerships\.(?!ground)\w+)(\.\w+)*$")
    named = [
        f"{name_of(path)}:{node.lineno} {node.value}"
        for path in modules("partnerships/ground")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and "." in node.value
        and above.match(node.value)
    ]
    assert not named


def _verbs() -> dict[str, dict[str, list[str]]]:
    """App → function name → files of its actions that define it at the top level."""
    found: dict[str, dict[str, list[str]]] = {app: defaultdict(list) for app in APPS}
    for app in APPS:
        for path in modules(app):
            if "actions" not in path.relative_to(ROOT).with_suffix("").parts:
                continue
            for node in tree(path).body:
                if isinstance(node, ast.FunctionDef):
                    found[app][node.name].append(name_of(path))
    return found


def test_every_verb_in_a_table_of_moves_exists_once_in_its_apps_actions() -> None:
    verbs = _verbs()
    missing = [
        f"{table.model}: {move.verb}"
        for table in workflow.tables()
        for move in table.moves
        if len(verbs[table.model.split(".")[0]][move.verb]) != 1
    ]
    assert workflow.tables()
    assert not missing


def test_every_table_of_moves_names_real_states_and_reaches_each_of_them() -> None:
    for table in workflow.tables():
        choices = set(table.labels())
        named = {*table.initial, *(state for move in table.moves for state in (*move.sources, move.target))}
        assert named <= choices, table.model
        reached = set(table.initial)
        while True:
            more = {move.target for move in table.moves if set(move.sources) & reached} - reached
            if not more:
                break
            reached |= more
        assert named == reached, f"{table.model} never reaches {named - reached}"


def test_every_model_with_a_state_has_a_table_of_moves() -> None:
    tables = {table.model.lower() for table in workflow.tables()}
    without = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in LABELS
        and any(field.name == "state" for field in model._meta.get_fields())
        and model._meta.label_lower not in tables
    ]
    assert not without


def _moves_in(module: ast.Module) -> list[tuple[ast.FunctionDef, ast.Call]]:
    """Every call of the one door, as `workflow.move` or by its own name, with the function that it stands in."""
    return [
        (function, call)
        for function in ast.walk(module)
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in DOOR
    ]


DOOR = {"move", "move_all", "workflow.move", "workflow.move_all"}


def _is_the_verb(function: ast.FunctionDef, call: ast.Call, verbs: set[str]) -> bool:
    """A verb says its own name; a private helper may say that of a verb, or pass on the one that it was given."""
    said = next((word.value for word in call.keywords if word.arg == "verb"), None)
    helper = function.name.startswith("_")
    if isinstance(said, ast.Constant):
        return said.value in verbs and (helper or said.value == function.name)
    given = {argument.arg for argument in function.args.kwonlyargs}
    return helper and isinstance(said, ast.Name) and said.id == "verb" and "verb" in given


def test_only_the_verbs_named_in_the_tables_call_move() -> None:
    """A call of `move` stands in a function of `actions`, and says that function's own name as the verb."""
    verbs: dict[str, set[str]] = defaultdict(set)
    for table in workflow.tables():
        verbs[table.model.split(".")[0]] |= {move.verb for move in table.moves}
    calls = {
        (name_of(path), function.name): _is_the_verb(function, call, verbs[path.relative_to(ROOT).parts[0]])
        and "actions" in path.relative_to(ROOT).with_suffix("").parts
        for path in modules()
        if not path.is_relative_to(ROOT / "partnerships" / "ground")
        for function, call in _moves_in(tree(path))
    }
    assert {name.split("/")[0] for name, _function in calls} == {"partnerships", "secondments", "volunteering"}
    assert not [call for call, fine in calls.items() if not fine]


@pytest.mark.parametrize(
    "line",
    [
        "def decide(): move(placement, to=1, verb='cancel', by=by, at=at)",
        "def look(): workflow.move(placement, to=1, verb='look', by=by, at=at)",
        "def decide(verb): move_all(placements, to=1, verb=verb, by=by, at=at)",
    ],
)
def test_a_planted_move_would_be_seen(line: str) -> None:
    ((function, call),) = _moves_in(ast.parse(line))
    assert not _is_the_verb(function, call, {"decide", "cancel"})


def test_no_state_is_written_past_the_one_door() -> None:
    written = []
    for path in modules("partnerships", "secondments", "volunteering"):
        if any(name_of(path).startswith(folder) for folder in OWN_STATES):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                written += [
                    f"{name_of(path)}:{node.lineno}"
                    for whole in targets
                    for target in (whole.elts if isinstance(whole, ast.Tuple) else [whole])
                    if isinstance(target, ast.Attribute) and target.attr in STATE_FIELDS
                ]
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr
                in {
                    "update",
                    "bulk_update",
                    "update_or_create",
                }
            ):
                written += [f"{name_of(path)}:{node.lineno}" for word in node.keywords if word.arg in STATE_FIELDS]
    assert not written


def test_the_drawn_moves_are_those_of_the_code() -> None:
    call_command("draw_moves", check=True)


def test_files_stay_short() -> None:
    long = {
        name_of(path): lines
        for path in [*modules(), *templates(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "styles").rglob("*.scss")]
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long


def test_the_driver_is_psycopg2(db: None) -> None:
    """Django prefers psycopg 3 silently where it is installed."""
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    assert not is_psycopg3
    connection.ensure_connection()
    assert type(connection.connection).__module__.startswith("psycopg2")
    for lock in ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt"):
        names = re.findall(r"^([\w.-]+)(?:\[\w+\])?==", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert "psycopg2-binary" in names
        assert "psycopg" not in names


@pytest.mark.parametrize("app", ["partnerships", "secondments", "volunteering"])
def test_who_and_when_are_said_by_name(app: str) -> None:
    """A verb is called with names, so that `by=` and `at=` can be read where it is called."""
    positional = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in modules(app)
        if "actions" in path.relative_to(ROOT).with_suffix("").parts
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and {argument.arg for argument in node.args.args} & {"by", "at"}
    ]
    assert not positional


def test_every_job_is_registered_where_a_runner_looks() -> None:
    """A handler in a module that its package does not import is known to tests that import it, and to no runner."""
    for package in ROOT.glob("*/tasks/__init__.py"):
        written = {path.stem for path in package.parent.glob("*.py")} - {"__init__"}
        assert set(import_module(f"{package.parent.parent.name}.tasks").__all__) == written
