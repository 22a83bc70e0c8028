"""/ground-rules/, /privacy/, /cookies/, /accessibility/ and /contact/: open to all, linked everywhere, and true."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from partnerships import retention
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGES = ("ground-rules", "privacy", "cookies", "accessibility", "contact")


@pytest.mark.parametrize("name", PAGES)
def test_everybody_opens_it_and_finds_it_in_the_footer(client: Client, cast: Cast, name: str) -> None:
    for person in (None, cast.visitor, cast.broker):
        if person:
            client.force_login(person)
        assert client.get(reverse(name)).status_code == 200
    assert f'href="{reverse(name)}"' in client.get("/").content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_it_sets_no_cookie_and_asks_the_database_nothing(
    client: Client, name: str, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # pytest-django's fixture
        answer = client.get(reverse(name))
    assert answer.cookies == {}


def test_the_eight_rules_are_there(client: Client) -> None:
    page = client.get(reverse("ground-rules")).content.decode()
    assert all(f"<h2>{number}. " in page for number in range(1, 9))


def test_the_notice_lists_every_period_that_the_job_keeps(client: Client) -> None:
    page = client.get(reverse("privacy")).content.decode()
    for period in retention.periods():
        assert str(period.words) in page
    assert settings.CONTACT_EMAIL in page


def test_the_cookies_that_are_set_are_those_that_are_named(client: Client, cast: Cast) -> None:
    client.force_login(cast.visitor)
    client.get(reverse("your-account"))
    page = client.get(reverse("cookies")).content.decode()
    assert set(client.cookies) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    for name in client.cookies:
        assert f">{name}<" in page


def test_the_statement_is_honest_about_what_is_not_done(client: Client) -> None:
    page = client.get(reverse("accessibility")).content.decode()
    assert "partly compliant" in page
