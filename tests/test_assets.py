"""What the build makes: light, ours alone, from nobody else's server."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

ROOT = Path(settings.BASE_DIR)
MOST_KILOBYTES = 120


def _built() -> str:
    return (ROOT / "build/static/css/site.css").read_text()


@pytest.mark.built
def test_a_first_visit_is_light() -> None:
    """The whole front page: the frame with everything that it names, compressed as it is sent."""
    page = render_to_string("partnerships/front.html", {"figures": [], "stories": []})
    names = set(re.findall(r'(?:src|href)="/static/([^"]+)"', page))
    assert {"css/site.css", "js/site.js", "fonts/atkinson-hyperlegible-next-latin.woff2"} <= names
    total = len(gzip.compress(page.encode()))
    for name in names:
        found = finders.find(name)
        assert isinstance(found, str), f"{name} is not built"
        content = Path(found).read_bytes()
        total += len(content) if found.endswith((".woff2", ".png")) else len(gzip.compress(content))
    assert total < MOST_KILOBYTES * 1024


@pytest.mark.built
def test_the_style_sheet_asks_nobody_elses_server() -> None:
    assert set(re.findall(r"url\(([^)]+)\)", _built())) == {'"../fonts/atkinson-hyperlegible-next-latin.woff2"'}
    assert "@import" not in _built()


@pytest.mark.built
def test_govuks_own_brand_is_not_in_it() -> None:
    assert not re.search(r"gds transport|crown|govuk-header|govuk-footer", _built(), re.IGNORECASE)


@pytest.mark.built
def test_the_focus_is_govuks_yellow_and_black() -> None:
    colours = set(re.findall(r"--govuk-(focus[a-z-]*)-colour: ?([^;}]+)", _built()))
    assert colours == {("focus", "#ffdd00"), ("focus-text", "#0b0c0c")}


@pytest.mark.built
def test_the_typefaces_licence_travels_along() -> None:
    assert "SIL OPEN FONT LICENSE" in (ROOT / "build/static/fonts/LICENSE.txt").read_text().upper()


def test_what_is_installed_is_exact_and_names_no_host() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    for versions in (package["dependencies"], package["devDependencies"]):
        assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]
    assert all(entry.get("integrity") for name, entry in lock["packages"].items() if name)


def test_node_18_is_enough() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    asked = {name: entry.get("engines", {}).get("node", "") for name, entry in lock["packages"].items()}
    newer = {name: wants for name, wants in asked.items() if int((re.findall(r"\d+", wants) or ["0"])[0]) > 18}
    assert not newer
