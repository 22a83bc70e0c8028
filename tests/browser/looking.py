"""What is wrong with a page as it stands: what axe finds, and what is wider than the window."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

from config import database
from tests.browser.conftest import DESK, PHONE

AXE = database.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "iframes": False,  # a mail in its frame runs no script, so axe would wait for ever
}
SMALL_PHONE = {"width": 320, "height": 640}
"""Also what is left of 1280 pixels at 400%."""


def opened(page: Page, address: str) -> bool:
    """Go there; whether there is a page, which there is not where only a POST is taken."""
    answer = page.request.fetch(address, method="OPTIONS")
    if answer.status == 405 and "GET" not in answer.headers["allow"]:
        return False
    page.goto(address)
    return True


def faults(page: Page, where: str) -> list[str]:
    """Everything wrong with the page that is open, at each width, ready to be read in a failed test."""
    found = []
    for size in (SMALL_PHONE, PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dictionary is what it takes
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        at_width = [f"{wide} px too wide"] if wide > 0 else []
        if size != SMALL_PHONE:
            at_width += axe_faults(page)
        found += [f"{where}, {size['width']} px: {fault}" for fault in at_width]
    return found


def axe_faults(page: Page) -> list[str]:
    """What axe finds (WCAG 2.2 AA and best practice), each as rule and place."""
    # The content security policy keeps scripts from outside away, and axe is one: it goes in past the page.
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    answer: Any = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    return [
        f"{violation['id']}: {node['target']} {node['html'][:160]}"
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]
