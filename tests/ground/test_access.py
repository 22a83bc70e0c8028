"""Audiences: who may open a view at all."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from partnerships.ground import access
from partnerships.ground.access import Audience, open_to
from partnerships.models import User
from tests.cast import Cast

WHO_MAY = {
    access.anyone: {"visitor", "host", "broker", "curator", "administrator", "newcomer", "stranger"},
    access.link_holder: {"visitor", "host", "broker", "curator", "administrator", "newcomer", "stranger"},
    access.signed_in: {"visitor", "host", "broker", "curator", "administrator", "newcomer"},
    access.member: {"visitor", "host", "broker"},
    access.coordinator: {"host", "broker"},
    access.broker: {"broker"},
    access.curator: {"curator"},
    access.administrator: {"administrator"},
}


def answer(audience: Audience, user: User | AnonymousUser) -> int:
    @open_to(audience)
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("inside")

    request = RequestFactory().get("/page/")
    request.user = user
    try:
        return page(request).status_code
    except PermissionDenied:
        return 403
    except Http404:
        return 404


@pytest.mark.parametrize("audience", WHO_MAY, ids=lambda audience: audience.name)
@pytest.mark.parametrize("who", ["visitor", "host", "broker", "curator", "administrator", "newcomer", "stranger"])
def test_each_audience_lets_in_its_own_and_nobody_else(cast: Cast, audience: Audience, who: str) -> None:
    user = AnonymousUser() if who == "stranger" else getattr(cast, who)
    expected = 200 if who in WHO_MAY[audience] else 302 if who == "stranger" else 403
    assert answer(audience, user) == expected


def test_every_audience_is_covered_here() -> None:
    assert {*WHO_MAY, access.demo_only} == set(access.AUDIENCES)


def test_a_demonstration_page_does_not_exist_elsewhere(cast: Cast, settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]  # pytest-django's wrapper
    assert answer(access.demo_only, cast.administrator) == 404
    settings.DEMO = True  # type: ignore[attr-defined]  # pytest-django's wrapper
    assert answer(access.demo_only, AnonymousUser()) == 200


def test_a_view_is_open_to_somebody() -> None:
    with pytest.raises(ValueError, match="open to somebody"):
        open_to()


@pytest.mark.parametrize(("audience", "kept"), [(access.anyone, True), (access.link_holder, False)])
def test_what_a_mailed_link_opens_is_kept_by_no_browser_and_nothing_in_between(audience: Audience, kept: bool) -> None:
    @open_to(audience)
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("May Vera Visitor of Test Council visit you?")

    request = RequestFactory().get("/page/")
    request.user = AnonymousUser()
    assert ("no-store" in page(request).headers.get("Cache-Control", "")) is not kept
