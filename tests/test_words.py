"""What people read: every string can be translated, and some words are never shown (ground rule 8)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from tests.source import ROOT, modules, name_of, templates, tree

NEVER = (
    "leg",
    "legs",
    "rotation",
    "rotations",
    "allocation",
    "participation",
    "unmatched",
    "outweighed",
    "no-show",
    "provider",
    "providers",
)
NEVER_SHOWN = re.compile(rf"\b({'|'.join(NEVER)})\b", re.IGNORECASE)

MARKED = re.compile(r"<!--.*?-->|<(script|style|svg|code|pre)\b.*?</\1>|<[^>]*>|&[#\w]+;", re.DOTALL)
SPOKEN = re.compile(r"[A-Za-z]{2,}")
SPOKEN_ATTRIBUTE = re.compile(r"""\b(?:alt|aria-label|placeholder|title)=(?:"([^"]*)"|'([^']*)')""")
NAMES = {"GOV", "UK", "NHS", "API", "CSV", "JSON", "GET", "HTTP", "OpenAPI", "In", "Your", "Shoes"}

TRANSLATORS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
SAID_BY = {"Problem": 1, "NextStep": 0, "Audience": None}


def spoken_parts(path: Path) -> list[tuple[int, str]]:
    """Line and text of everything in a template that a person would read and no translator would see."""
    spoken: list[tuple[int, str]] = []
    hidden = ""
    text: list[str] = []
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            if name in {"blocktranslate", "blocktrans", "comment", "verbatim"}:
                hidden = f"end{name}"
            elif name == hidden:
                hidden = ""
        elif token.token_type == TokenType.TEXT and not hidden:
            text.append(token.contents)
            continue
        text.append("\n" * token.contents.count("\n"))
    whole = "\0".join(text)
    attributes = " ".join(found[0] or found[1] for found in SPOKEN_ATTRIBUTE.findall(whole))
    plain = MARKED.sub(" ", whole) + " " + attributes
    spoken += [(0, word) for word in SPOKEN.findall(plain) if word not in NAMES]
    return spoken


def in_no_need_of_translation(path: Path) -> bool:
    # The page of components is for those who build the service, and is in English.
    return path.name == "design.html" or "design" in path.parts


@pytest.mark.parametrize("path", [path for path in templates() if not in_no_need_of_translation(path)], ids=name_of)
def test_every_word_of_a_template_can_be_translated(path: Path) -> None:
    assert [word for _, word in spoken_parts(path)] == []


def test_an_untranslated_word_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '{% translate "Hello" %}<p class="quiet">Hidden {{ name }}</p><img alt="Footprints">', encoding="utf-8"
    )
    assert [word for _, word in spoken_parts(page)] == ["Hidden", "Footprints"]


def _is_translated(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return called in TRANSLATORS or called in {"format", "format_html", "str"} or "sentence" in called
    return not isinstance(node, ast.Constant | ast.JoinedStr) or not getattr(node, "value", "x")


def test_what_code_says_to_people_can_be_translated() -> None:
    """Labels, hints, sentences of problems and titles of next steps go through gettext."""
    bare = []
    for path in modules("partnerships", "secondments", "volunteering"):
        if "matching" in path.parts or "management" in path.parts:
            continue
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            said = [word.value for word in node.keywords if word.arg in {"label", "help_text", "sentence", "button"}]
            if name in {"Problem", "NextStep"} and len(node.args) > (1 if name == "Problem" else 0):
                said.append(node.args[1 if name == "Problem" else 0])
            if (
                name in {"success", "error", "info", "warning"}
                and len(node.args) > 1
                and "messages" in ast.unparse(node.func)
            ):
                said.append(node.args[1])
            bare += [
                f"{name_of(path)}:{node.lineno} {ast.unparse(value)[:60]}"
                for value in said
                if not _is_translated(value)
            ]
    assert not bare


def test_a_question_that_must_be_answered_says_in_its_own_words_what_is_missing() -> None:
    """ "Say what you hope to learn", where a general sentence could only repeat the question."""
    bare, asked = [], 0
    for path in modules("partnerships", "secondments", "volunteering"):
        for node in ast.walk(tree(path)):
            words = {word.arg: word.value for word in node.keywords} if isinstance(node, ast.Call) else {}
            label = words.get("label")
            question = isinstance(label, ast.Call) and ast.unparse(label).endswith("?')")
            if (
                not question
                or path.name == "design.py"
                or ast.unparse(words.get("required", ast.Constant(1))) == "False"
            ):
                continue
            asked += 1
            if "error_messages" not in words:
                bare.append(f"{name_of(path)}: {ast.unparse(words['label'])}")
    assert asked > 10
    assert bare == []


def _said_in_code() -> list[tuple[str, str]]:
    said = []
    for path in modules("partnerships", "secondments", "volunteering"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TRANSLATORS:
                said += [
                    (f"{name_of(path)}:{node.lineno}", argument.value)
                    for argument in node.args
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                ]
    return said


def test_words_never_shown_stand_in_no_sentence_of_the_code() -> None:
    said = _said_in_code()
    assert len(said) > 100
    assert [(place, text) for place, text in said if NEVER_SHOWN.search(text)] == []


@pytest.mark.parametrize("path", list(templates()), ids=name_of)
def test_words_never_shown_stand_in_no_template(path: Path) -> None:
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    spoken = re.sub(r"\{%\s*(?!translate|trans|blocktrans)[^%]*%\}|\{\{.*?\}\}|<[^>]*>", " ", text, flags=re.DOTALL)
    assert NEVER_SHOWN.findall(spoken) == []


def test_a_forbidden_word_would_be_seen() -> None:
    assert NEVER_SHOWN.findall("The provider sends a leg of the rotation.") == ["provider", "leg", "rotation"]
    assert NEVER_SHOWN.search("legal, allegation, providers’") is not None
    assert NEVER_SHOWN.search("legal allegations") is None


def test_the_sector_is_spelt_out_where_it_is_first_named() -> None:
    front = (ROOT / "templates" / "partnerships" / "front.html").read_text(encoding="utf-8")
    assert "voluntary, community and social enterprise" in front
