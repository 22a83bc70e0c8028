"""A second factor for those who see or change what belongs to many others, and no copies of anybody's pages."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from partnerships.models import User

DEMONSTRATION_KEY = "demonstration"
"""In a session that the demonstration signed in; means nothing anywhere else."""

OPEN_NAMES = frozenset(
    {"accessibility", "contact", "cookies", "demo", "demo-enter", "ground-rules", "healthz", "privacy", "second-factor"}
)


class SecondFactorMiddleware:
    """Sends brokers, curators and administrators to set up, or to use, their second factor before anything else.

    Signing in asks for it already where there is one. This also catches the session that was open when the role
    was given, and the one that somebody else opened before its owner set a second factor up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        user = request.user
        if (
            not isinstance(user, User)
            or not user.needs_second_factor
            or _is_open(request)
            or has_second_factor(request)
        ):
            return None
        query = urlencode({REDIRECT_FIELD_NAME: request.get_full_path() if request.method == "GET" else "/"})
        name = "mfa_reauthenticate" if is_mfa_enabled(user) else "second-factor"
        return HttpResponseRedirect(f"{reverse(name)}?{query}")


@receiver(authenticator_added)
def remember_setting_up(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: object) -> None:
    """Who sets a factor up has used it to do so. allauth asks for the old one before it adds another."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        how = {"type": authenticator.type, "id": authenticator.pk, "reauthenticated": True}
        record_authentication(request, user, method="mfa", **how)


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session has shown a second factor of its person, who still has one."""
    if settings.DEMO and request.session.get(DEMONSTRATION_KEY):
        return True
    shown = any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))
    return shown and bool(is_mfa_enabled(request.user))


def _is_open(request: HttpRequest) -> bool:
    name = (request.resolver_match.url_name if request.resolver_match else None) or ""
    return name in OPEN_NAMES or name.startswith(("account_", "api-", "mfa_"))


def keep_no_copies(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Pages for somebody who has signed in stay in no cache: the next person at this computer may press Back."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return answer
