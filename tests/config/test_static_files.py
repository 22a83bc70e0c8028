"""Pages as a deployment makes them: every file that they name was collected, under the name that they give it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import Cast

pytestmark = [pytest.mark.built, pytest.mark.django_db]

FINGERPRINT = re.compile(r"\.[0-9a-f]{12}\.\w+$")


@pytest.fixture(autouse=True)
def _deployed(settings: Any) -> None:
    manifest = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": manifest}


def _named(page: str) -> set[str]:
    """Every static file of a page, wherever an attribute names it."""
    return {address for address in re.findall(rf'{settings.STATIC_URL}([^"\'\s>?#]+)', page) if address}


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "the organisation", "/organisations/", "/nothing-here/"])
def test_what_a_page_names_was_collected(client: Client, cast: Cast, address: str) -> None:
    page = client.get(cast.advice.get_absolute_url() if address == "the organisation" else address).content.decode()
    names = _named(page)
    assert {"site.css", "site.js"} <= {re.sub(r"\.[0-9a-f]{12}", "", Path(name).name) for name in names}
    assert not [name for name in names if not FINGERPRINT.search(name)], "a browser would keep an old one for ever"
    assert not [name for name in names if not (Path(settings.STATIC_ROOT) / name).is_file()]


def test_what_the_style_sheet_names_was_collected(client: Client) -> None:
    folder = Path(settings.STATIC_ROOT)
    for sheet in [name for name in _named(client.get("/").content.decode()) if name.endswith(".css")]:
        asked = set(re.findall(r'url\("?([^")]+)"?\)', (folder / sheet).read_text(encoding="utf-8")))
        assert asked
        assert not [name for name in asked if not ((folder / sheet).parent / name).resolve().is_file()]
