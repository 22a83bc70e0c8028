"""What a page keeps to itself is seen all the same: the control for the faults that every browser test looks for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_planted_faults_are_seen(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site)
    faults = Faults(site)
    faults.watch(context)
    page = context.new_page()
    page.goto("/")
    assert faults == []
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate(
            "document.body.append(Object.assign(new Image(), {src: 'https://elsewhere.example/picture.png'}))"
        )
    page.evaluate("fetch('/nothing-here/')")
    with context.expect_event("weberror"):
        page.evaluate("setTimeout(() => { throw new Error('planted'); })")
    page.goto("/nothing-here/")
    context.close()
    seen = "\n".join(faults)
    assert "Content Security Policy" in seen
    assert "another host is asked: https://elsewhere.example/" in seen
    assert f"404: {site}/nothing-here/" in seen
    assert "script: planted" in seen
    assert len(faults) == 4, seen  # and not that somebody asked for a page that does not exist
