"""The README promises nothing that is not there: its pictures, links, commands and roles."""

from __future__ import annotations

import os
import re

import pytest

from partnerships.ground.access import AUDIENCES
from tests.source import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

CODE = re.findall(r"^```\n(.*?)^```|`([^`\n]+)`", README, re.DOTALL | re.MULTILINE)
COMMANDS = sorted({line.strip() for block, span in CODE for line in (block or span).splitlines()})
MADE = [command for command in COMMANDS if command.startswith("make ")]


def _rows(heading: str) -> list[list[str]]:
    """The rows of the table below a heading, without those that name its columns."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_its_pictures_and_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", README)
    assert [target for target in targets if target.endswith(".png")]
    missing = [target for target in targets if "://" not in target and not (ROOT / target.split("#")[0]).exists()]
    assert not missing


def test_it_shows_the_picture_of_a_page() -> None:
    for picture in re.findall(r"!\[[^\]]+\]\(([^)\s]+\.png)\)", README):
        assert (ROOT / picture).read_bytes().startswith(b"\x89PNG"), picture


@pytest.mark.parametrize("command", MADE)
def test_make_knows_what_it_is_asked(command: str) -> None:
    """Its targets by name, its variables with a default."""
    for word in command.split()[1:]:
        name, equals, _value = word.partition("=")
        wanted = rf"^{re.escape(name)} \?=" if equals else rf"^{re.escape(name)}:(?!=)"
        assert re.search(wanted, MAKEFILE, re.MULTILINE), word


def test_it_tells_how_to_begin_and_how_to_check() -> None:
    assert {"make demo", "make test", "make prove"} <= set(MADE)
    assert ".ci/run" in COMMANDS
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_the_folders_of_its_layout_are_there() -> None:
    section = README.split("\n## Layout\n", 1)[1].split("\n## ", 1)[0]
    folders = re.findall(r"(?:^| )([a-z/]+)/(?= )", section.split("```")[1], re.MULTILINE)
    assert "partnerships/ground" in folders
    assert not [folder for folder in folders if not (ROOT / folder).is_dir()]


def test_every_audience_is_a_role_of_its_table() -> None:
    """`@open_to` knows no one whom the README does not; the demonstration is a place and nobody's role."""
    roles = " ".join(row[0] for row in _rows("Who it is for")).lower()
    missing = [audience.name for audience in AUDIENCES if not audience.demonstration and audience.name not in roles]
    assert not missing
