"""A site with a browser in front of it, and people who have signed in."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, WebError, expect

from partnerships.models import User
from tests.cast import Cast, make_cast
from tests.client import HouseClient

PHONE, DESK = {"width": 375, "height": 800}, {"width": 1280, "height": 900}
PATIENCE = 60_000
"""Milliseconds: a machine may be slow, and busy with other tests."""

SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def browser(browser: Browser, django_db_setup: None) -> Iterator[Browser]:
    """One browser for all tests. It goes before the database does, and so does the connection opened beside it."""
    yield browser
    connections.close_all()


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast, committed, so that the server's thread sees it."""
    return make_cast()


class WaitedForServer(ThreadedWSGIServer):
    """Closing it waits for the answers that are under way: their connections would keep the database from a flush."""

    daemon_threads = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.open: set[socket.socket] = set()
        super().__init__(*args, **kwargs)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        # Browsers keep connections open for what they may ask next. Nothing more is read; answers are still written.
        for request in list(self.open):
            with suppress(OSError):
                request.shutdown(socket.SHUT_RD)
        super().server_close()


class SiteThread(LiveServerThread):
    server_class = WaitedForServer


@pytest.fixture
def site(transactional_db: None) -> Iterator[str]:
    """The address of a running site, with the built assets as a deployment serves them."""
    cache.clear()  # which also counts how often an address has tried; all tests come from one
    # The thread's own handler for static files looks for names without a fingerprint; ours is the middleware.
    thread = SiteThread("127.0.0.1", static_handler=lambda handler: handler)  # type: ignore[arg-type]  # takes functions
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


class Faults(list[str]):
    """What no page may do: say an error in the console, break the security policy, ask for what is not there or
    for what is not ours."""

    def __init__(self, site: str) -> None:
        super().__init__()
        self.site = site

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._said)
        context.on("weberror", self._raised)
        context.on("request", self._asked)
        context.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        # Chromium also complains of every answer over 400; which of them are faults is judged in `_answered`.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.append(f"console: {message.text} ({message.location['url']})")

    def _raised(self, error: WebError) -> None:
        self.append(f"script: {error.error}")

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in {"data", "blob"} and not request.url.startswith(f"{self.site}/"):
            self.append(f"another host is asked: {request.url}")

    def _answered(self, response: Response) -> None:
        # A page may be refused or missing, and say so; nothing inside a page may be.
        if response.status >= 500 or (response.status >= 400 and not response.request.is_navigation_request()):
            self.append(f"{response.status}: {response.url}")


@pytest.fixture
def sign_in(browser: Browser, site: str) -> Iterator[SignIn]:
    """A function that opens a browser of its own for a person: `sign_in(user, phone=True, script=False)`."""
    contexts: list[BrowserContext] = []
    faults = Faults(site)
    expect.set_options(timeout=PATIENCE)

    def open_for(user: User | None, *, phone: bool = False, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]  # a plain dictionary is what it takes
            has_touch=phone,
            java_script_enabled=script,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        contexts.append(context)
        faults.watch(context)
        if user is not None:
            client = HouseClient()
            client.force_login(user)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield open_for
    for context in contexts:
        context.close()
    assert faults == []
