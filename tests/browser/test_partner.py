"""A partner's engineer reads about the API in the browser, follows an example, and gets JSON."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_documentation_leads_to_data(cast: Cast, sign_in: SignIn, site: str) -> None:
    page = sign_in(None)
    page.goto("/")
    page.get_by_role("link", name="Open data and API").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Open data and API")

    examples = [re.search(r'"(\S+)"', words) for words in page.get_by_text(re.compile("^curl")).all_inner_texts()]
    assert len(examples) >= 4
    for example in examples:
        assert example
        assert example[1].startswith(site)
        answer = page.request.get(example[1])
        assert answer.status == 200
        assert {"count", "next", "results"} <= set(answer.json())
    found = page.request.get(f"{site}/api/v1/organisations/?sector=vcse").json()
    assert cast.advice.name in [row["name"] for row in found["results"]]

    address = page.get_by_role("link", name="The same as an OpenAPI 3.1 document").get_attribute("href")
    schema = page.request.get(f"{site}{address}").json()
    assert schema["openapi"] == "3.1.0"
    assert "/api/v1/host-offers/" in schema["paths"]
