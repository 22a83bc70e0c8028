"""What must be true of a deployment before it may start."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1"}


@register(Tags.security)
def demonstration_is_only_for_this_machine(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[Error]:
    """The demonstration signs anybody in as anybody, and its secret is written in this repository."""
    if not settings.DEMO:
        return []
    named = {*settings.ALLOWED_HOSTS, urlsplit(settings.SITE_ADDRESS).hostname or ""}
    return [
        Error(
            f"DEMO=1 is for this machine alone, and {host or 'an empty name'} is not a loopback address.",
            hint="Leave ALLOWED_HOSTS and SITE_ADDRESS unset, or unset DEMO.",
            id="config.E001",
        )
        for host in sorted(named - LOOPBACK)
    ]


def refuse_an_open_demonstration() -> None:
    """The same for a web server, which starts without running the system checks."""
    for problem in demonstration_is_only_for_this_machine(None):
        raise ImproperlyConfigured(str(problem.msg))
