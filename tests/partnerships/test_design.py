"""The page that shows the look, and the frame of every page: what is in it, and what must never be."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from pytest_django.fixtures import Settings

from tests.cast import Cast
from tests.client import enter

INLINE = re.compile(r"""\sstyle=|\son[a-z]+=["']|<style|<script(?![^>]*\ssrc=)|javascript:""")


@pytest.fixture
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


def test_it_does_not_exist_outside_the_demonstration(client: Client) -> None:
    assert client.get("/design/").status_code == 404
    assert client.get("/design/mail/").status_code == 404


@pytest.mark.usefixtures("demonstration")
def test_nothing_in_it_is_inline(client: Client) -> None:
    html = client.get("/design/").content.decode()
    assert html.count("<h1") == 1
    assert not INLINE.search(html)


@pytest.mark.usefixtures("demonstration")
def test_no_id_stands_twice(client: Client) -> None:
    ids = re.findall(r'\sid="([^"]+)"', client.get("/design/").content.decode())
    assert len(ids) == len(set(ids))


@pytest.mark.usefixtures("demonstration")
def test_its_form_says_what_is_wrong_and_keeps_what_was_typed(client: Client) -> None:
    html = client.post("/design/", {"name": "Aisha", "days": "soon"}).content.decode()
    assert "<title>Error: " in html
    assert '<a href="#id_days">Enter a whole number, like 3</a>' in html
    assert 'value="Aisha"' in html


@pytest.mark.usefixtures("demonstration")
def test_the_mail_may_bring_styles_and_nothing_else(client: Client) -> None:
    answer = client.get("/design/mail/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert "http" not in re.sub(r'href="[^"]*"', "", answer.content.decode())


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_stands_without_a_request(name: str) -> None:
    html = render_to_string(f"{name}.html")
    assert html.count("<h1") == 1
    assert "Nothing seen on a visit is used" in html
    assert not INLINE.search(html)


def test_a_page_that_is_not_there_says_so(client: Client) -> None:
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()


def test_a_mailed_link_to_what_only_some_may_see_leads_to_signing_in_and_back(cast: Cast, client: Client) -> None:
    sign_in = '<a class="govuk-link" href="/accounts/login/?next=/no-such-page/%3Fpage%3D2">Sign in</a>'
    assert sign_in in client.get("/no-such-page/?page=2").content.decode()
    assert "Sign in</a>, and" not in enter(cast.visitor).get("/no-such-page/?page=2").content.decode()


def test_a_stale_form_is_answered_with_what_to_do() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"email": "aisha@example.org"})
    assert answer.status_code == 403
    assert "Please send that again" in answer.content.decode()
