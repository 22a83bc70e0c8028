"""/demo/mail/: what the demonstration would have sent, and nowhere else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from partnerships.ground import jobs
from partnerships.ground.models import OutboxMail
from partnerships.ground.outbox import OutboxBackend

pytestmark = pytest.mark.django_db

HTML = '<!doctype html><html><head><title>A visit</title></head><body style="color:red"><p>Hello</p></body></html>'


@pytest.fixture(autouse=True)
def _demonstration(settings: Settings) -> None:
    settings.DEMO = True


def written(number: int = 1, *, html: str = HTML) -> OutboxMail:
    from django.core.mail import EmailMultiAlternatives

    message = EmailMultiAlternatives(
        f"A visit {number}", "Open http://localhost:8000/decisions/ <now>", "us@example.org", ["sam@example.org"]
    )
    if html:
        message.attach_alternative(html, "text/html")
    OutboxBackend().send_messages([message])
    return OutboxMail.objects.latest("id")


def test_it_lists_the_newest_first(client: Client) -> None:
    for number in (1, 2):
        written(number)
    page = client.get(reverse("demo_mail")).content.decode()
    assert page.index("A visit 2") < page.index("A visit 1")
    assert "Waiting to be sent" in page


def test_an_empty_list_says_how_it_fills(client: Client) -> None:
    assert "No mails yet" in client.get(reverse("demo_mail")).content.decode()


def test_a_long_list_costs_as_many_queries_as_a_short_one(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        written(number)
    with django_assert_num_queries(2):
        page = client.get(reverse("demo_mail")).content.decode()
    assert "?page=2" in page


def test_a_mail_is_shown_as_text_with_its_links_and_in_a_frame(client: Client) -> None:
    mail = written()
    page = client.get(reverse("demo_mail_message", args=[mail.uuid])).content.decode()
    assert 'href="http://localhost:8000/decisions/"' in page
    assert "&lt;now&gt;" in page
    assert reverse("demo_mail_html", args=[mail.uuid]) in page
    assert "sam@example.org" in page


def test_one_without_a_page_has_no_frame(client: Client) -> None:
    mail = written(html="")
    assert "<iframe" not in client.get(reverse("demo_mail_message", args=[mail.uuid])).content.decode()
    assert client.get(reverse("demo_mail_html", args=[mail.uuid])).status_code == 404


def test_the_frame_may_show_styles_and_do_nothing_else(client: Client) -> None:
    response = client.get(reverse("demo_mail_html", args=[written().uuid]))
    assert '<base target="_top">' in response.content.decode()
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = response.headers["Content-Security-Policy"]
    allowed = {directive.strip() for directive in policy.split(";")}
    assert {
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "frame-ancestors 'self'",
        "form-action 'none'",
    } <= allowed
    assert "sandbox allow-top-navigation-by-user-activation" in allowed
    assert "script-src" not in policy


def test_a_sent_mail_is_still_shown(client: Client) -> None:
    mail = written()
    jobs.run_due()
    page = client.get(reverse("demo_mail_message", args=[mail.uuid])).content.decode()
    assert "<iframe" in page
    assert "Sent" in page


@pytest.mark.parametrize("name", ["demo_mail", "demo_mail_message", "demo_mail_html"])
def test_outside_the_demonstration_there_is_no_such_page(client: Client, settings: Settings, name: str) -> None:
    mail = written()
    settings.DEMO = False
    assert client.get(reverse(name, args=[] if name == "demo_mail" else [mail.uuid])).status_code == 404
