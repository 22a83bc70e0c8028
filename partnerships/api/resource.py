"""The base of every resource: read only, public only, the same for everybody, and cheap to ask again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from rest_framework.viewsets import ReadOnlyModelViewSet

from partnerships.api.filters import StrictFilters
from partnerships.api.paging import Pages
from partnerships.api.throttling import CallerThrottle
from partnerships.ground.access import anyone, open_to

Row = TypeVar("Row", bound=Model)

VISITOR = AnonymousUser()
"""Whoever asks, signed in or not, sees what a visitor sees."""


# "no-cache" lets caches keep an answer and makes them ask whether it still holds: what is withdrawn is gone at once.
@method_decorator(cache_control(public=True, no_cache=True), name="dispatch")
@method_decorator(conditional_page, name="dispatch")
class Resource(ReadOnlyModelViewSet[Row]):
    http_method_names = ["get", "head"]
    pagination_class = Pages
    filter_backends = [StrictFilters]
    throttle_classes = [CallerThrottle]

    @classmethod
    def address(cls, action: str) -> Callable[[HttpRequest], HttpResponseBase]:
        """The view of "list" or of "retrieve", declared open to anyone as every view is."""
        return open_to(anyone)(cls.as_view({"get": action}, detail=action == "retrieve"))
