"""Whatever goes wrong under /api/ is told as a problem (RFC 9457), never as a page."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

MEDIA_TYPE = "application/problem+json"

log = logging.getLogger(__name__)


class BadParameters(exceptions.APIException):
    """Parameters of the address that are unknown, given twice, or have a value that cannot be."""

    status_code = status.HTTP_400_BAD_REQUEST

    def __init__(self, errors: dict[str, str], allowed: list[str]) -> None:
        self.errors = errors
        self.allowed = allowed
        super().__init__(_("Some parameters cannot be understood. Correct them, or leave them out."))


def problem(code: int, detail: str, **more: Any) -> dict[str, Any]:
    """The body of a problem. There is no page behind its type: the title says what the status means."""
    return {"type": "about:blank", "title": HTTPStatus(code).phrase, "status": code, "detail": detail, **more}


def problem_response(code: int, detail: str, **more: Any) -> JsonResponse:
    """A problem outside of the views of the REST framework."""
    return JsonResponse(problem(code, detail, **more), status=code, content_type=MEDIA_TYPE)


def answer(error: Exception, context: dict[str, Any]) -> Response:
    """The framework's exception handler."""
    set_rollback()
    headers: dict[str, str] = {}
    more: dict[str, Any] = {}
    if isinstance(error, Http404):
        error = exceptions.NotFound(_("There is nothing at this address, or it is no longer public."))
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        log.exception("The API failed")
        # What listens to failures, the test client among them, hears of this one too.
        got_request_exception.send(sender=None, request=context["request"])
        error = exceptions.APIException(_("Something went wrong on our side. Try again in a few minutes."))
    if isinstance(error, BadParameters):
        more["errors"] = [{"parameter": name, "detail": detail} for name, detail in error.errors.items()]
        more["allowed"] = error.allowed
    if isinstance(error, exceptions.MethodNotAllowed):
        headers["Allow"] = ", ".join(context["view"].allowed_methods)
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    body = problem(error.status_code, str(error.detail), **more)
    return Response(body, status=error.status_code, headers=headers, content_type=MEDIA_TYPE)
