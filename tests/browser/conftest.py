"""A site with a browser in front of it, and people who have signed in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page

from config import database
from partnerships.models import User
from tests.cast import Cast, make_cast
from tests.client import HouseClient

PHONE, DESK = {"width": 375, "height": 800}, {"width": 1280, "height": 900}
AXE = database.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

SignIn = Callable[..., Page]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast, committed, so that the server's thread sees it."""
    return make_cast()


@pytest.fixture
def site(transactional_db: None) -> Iterator[str]:
    """The address of a running site, with the built assets as a deployment serves them."""
    # The thread's own handler for static files looks for names without a fingerprint; ours is the middleware.
    thread = LiveServerThread("127.0.0.1", static_handler=lambda handler: handler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture
def sign_in(browser: Browser, site: str) -> Iterator[SignIn]:
    """A function that opens a browser of its own for a person: `sign_in(user, phone=True, script=False)`."""
    contexts: list[BrowserContext] = []

    def open_for(user: User | None, *, phone: bool = False, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]  # a plain dictionary is what it takes
            java_script_enabled=script,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        contexts.append(context)
        if user is not None:
            client = HouseClient()
            client.force_login(user)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield open_for
    for context in contexts:
        context.close()


def axe_faults(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands (WCAG 2.2 AA and best practice), each as rule and place."""
    # The content security policy keeps scripts from outside away, and axe is one: it goes in past the page.
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    found: Any = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    return [
        f"{violation['id']}: {node['target']} {node['html'][:120]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
