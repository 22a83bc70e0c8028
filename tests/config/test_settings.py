"""Settings refuse what would be unsafe, in one sentence."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as live
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from pytest_django import Settings

from config import checks, logs

ROOT = Path(__file__).resolve().parents[2]
DEPLOYED = {
    "SECRET_KEY": "k7" * 40 + "abcdefgh",
    "DATABASE_URL": "postgres://checked@localhost/checked",
    "ALLOWED_HOSTS": "shoes.example",
    "SITE_ADDRESS": "https://shoes.example",
}


def _manage(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        env={"PATH": os.environ["PATH"], **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL"])
def test_a_deployment_without_its_secrets_refuses_to_start(missing: str) -> None:
    given = {name: value for name, value in DEPLOYED.items() if name != missing}

    refused = _manage("check", **given)

    assert refused.returncode == 1
    assert (
        refused.stderr.strip()
        .splitlines()[-1]
        .startswith(f"django.core.exceptions.ImproperlyConfigured: Set {missing}")
    )


@pytest.mark.parametrize(
    "environment", [{"ALLOWED_HOSTS": "shoes.example,localhost"}, {"SITE_ADDRESS": "https://shoes.example"}]
)
def test_the_demonstration_refuses_any_address_but_loopback(environment: dict[str, str]) -> None:
    refused = _manage("check", DEMO="1", **environment)

    assert refused.returncode == 1
    assert "config.E001" in refused.stderr
    assert "shoes.example is not a loopback address" in refused.stderr


def test_a_web_server_refuses_an_open_demonstration_too(settings: Settings) -> None:
    settings.DEMO = True
    settings.ALLOWED_HOSTS = ["*"]

    with pytest.raises(ImproperlyConfigured, match="not a loopback address"):
        checks.refuse_an_open_demonstration()


def test_both_web_servers_ways_in_load() -> None:
    from config.asgi import application as asynchronous
    from config.wsgi import application

    assert callable(application)
    assert callable(asynchronous)


def test_the_demonstration_on_this_machine_is_fine(settings: Settings) -> None:
    settings.DEMO = True
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    settings.SITE_ADDRESS = "http://localhost:8001"

    checks.refuse_an_open_demonstration()


def test_cookies_of_a_deployment_are_for_this_host_and_https_alone() -> None:
    asked = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.HTTPS)"
    said = _manage("shell", "--no-imports", "-c", asked, **DEPLOYED)

    assert said.stdout.split() == ["__Host-session", "True", "True"]


def test_the_content_security_policy_allows_nothing_inline_and_no_other_host() -> None:
    policy = live.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert policy["default-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert "unsafe" not in str(policy)


@pytest.mark.django_db
def test_every_answer_carries_the_policy() -> None:
    answer = Client().get("/healthz")

    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@override_settings(ROOT_URLCONF="config.urls")
def test_logs_name_a_page_by_its_pattern_and_never_by_its_address() -> None:
    request = RequestFactory().get("/decisions/a-secret-link")
    record = logging.LogRecord("django.request", 30, "", 0, "%s: %s", ("Not Found", request.path), None)
    record.request = request

    assert logs.WithoutPeople().filter(record)
    assert record.getMessage() == "Not Found: an address that does not exist"


def test_logs_leave_out_the_row_that_a_database_error_repeats() -> None:
    error = (
        'duplicate key value violates unique constraint "user_email"\nDETAIL:  Key (email)=(amira@example.org) exists.'
    )
    record = logging.LogRecord("django.request", 40, "", 0, error, (), None)

    assert "amira" not in logs.PlainFormatter().format(record)


@pytest.mark.parametrize("menu", ["MENU", "ACCOUNT_MENU", "FOOTER_MENU"])
def test_every_entry_of_a_menu_has_its_page(menu: str) -> None:
    """A page that is left out on purpose would be a promise kept in the settings alone."""
    for _label, *names in getattr(live, menu):
        assert all(reverse(name) for name in names)
