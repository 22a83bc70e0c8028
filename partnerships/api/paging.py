"""Pages of a list. A size that is too large is told, not silently cut: who harvests would miss rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import InvalidPage
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from partnerships.api.errors import BadParameters

LARGEST = 200
MOST_PAGES = 1_000_000
PARAMETERS = ("page", "page_size")


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = LARGEST

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        errors = {}
        for name, largest in (("page", MOST_PAGES), ("page_size", LARGEST)):
            typed = request.query_params.get(name)
            if typed is not None and not _is_between(typed, largest):
                errors[name] = _("Give a whole number from 1 to %(largest)s.") % {"largest": largest}
        if errors:
            raise BadParameters(errors, allowed=sorted(PARAMETERS))
        self.request = request
        paginator = self.django_paginator_class(queryset, self.get_page_size(request) or self.page_size)
        try:
            self.page = paginator.page(int(request.query_params.get("page", 1)))
        except InvalidPage:
            raise NotFound(
                _("There are %(pages)s pages, and this one is beyond the last.") % {"pages": paginator.num_pages}
            ) from None
        return list(self.page)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The framework's own is for OpenAPI 3.0, which says "or null" in another way."""
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": _("How many there are on all pages.")},
                "next": {**address, "description": _("The next page; null on the last.")},
                "previous": {**address, "description": _("The page before; null on the first.")},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "page",
                "in": "query",
                "required": False,
                "description": _("Which page, counted from 1."),
                "schema": {"type": "integer", "minimum": 1, "maximum": MOST_PAGES, "default": 1},
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "description": _("How many rows a page has: 1 to 200, 50 unless you say otherwise."),
                "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": self.page_size},
            },
        ]


def _is_between(typed: str, largest: int) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) <= 7 and 1 <= int(typed) <= largest
