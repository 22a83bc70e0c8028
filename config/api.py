"""The open API: which resources there are, the document that describes them, and the pages about it.

Everything under /api/ answers in JSON, problems too; only the documentation is also a page for people.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, re_path, resolve, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page
from drf_spectacular.generators import SchemaGenerator

from config.api_docs import describe
from partnerships.api.case_studies import CaseStudies
from partnerships.api.errors import problem_response
from partnerships.api.organisations import Organisations
from partnerships.api.resource import Resource
from partnerships.ground.access import anyone, open_to
from secondments.api.offers import HostOffers
from volunteering.api.needs import SkillNeeds

RESOURCES: dict[str, tuple[str, str, type[Resource[Any]]]] = {
    "organisations": ("api-organisation", "<slug:slug>", Organisations),
    "host-offers": ("api-host-offer", "<slug:slug>", HostOffers),
    "skill-needs": ("api-skill-need", "<uuid:uuid>", SkillNeeds),
    "case-studies": ("api-case-study", "<slug:slug>", CaseStudies),
}
"""The part of the address → the name of one thing's URL, how it is addressed, and the view."""


@lru_cache(maxsize=8)
def _schema(language: str | None) -> dict[str, Any]:
    """The document in one language; it changes only with the code."""
    generator: Any = SchemaGenerator  # not typed
    document: dict[str, Any] = generator().get_schema(request=None, public=True)
    return document


def schema_document() -> dict[str, Any]:
    """The OpenAPI document in the language of the reader."""
    return _schema(get_language())


@open_to(anyone)
@csrf_exempt
@cache_control(public=True, no_cache=True)
@conditional_page
def schema(request: HttpRequest) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        return _only_reading(request)
    return JsonResponse(schema_document())


@open_to(anyone)
@csrf_exempt
def root(request: HttpRequest) -> HttpResponse:
    """The way into the API: a page for people, a list of addresses for programs."""
    if request.method not in {"GET", "HEAD"}:
        return _only_reading(request)
    wanted = request.get_preferred_type(["application/json", "text/html"])
    if wanted is None:
        response: HttpResponse = problem_response(406, _("This address speaks JSON and HTML."))
    elif wanted == "text/html":
        response = render(request, "api/documentation.html", {"api": describe(schema_document(), _address(request))})
    else:
        addresses = {name: request.build_absolute_uri(reverse(f"api-{name}")) for name in RESOURCES}
        response = JsonResponse({**addresses, "schema": request.build_absolute_uri(reverse("api-schema"))})
    patch_vary_headers(response, ["Accept"])
    return response


@open_to(anyone)
@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Any other address under /api/: a problem, and the address with its last slash where only that is missing."""
    if request.method in {"GET", "HEAD"} and not request.path.endswith("/"):
        try:
            known = resolve(f"{request.path}/").url_name != "api-nothing-here"
        except Http404:
            known = False
        if known:
            query = request.META["QUERY_STRING"]
            return HttpResponsePermanentRedirect(f"{request.path}/{'?' if query else ''}{query}")
    return problem_response(404, _("There is nothing at this address. What there is stands at /api/v1/."))


def _only_reading(request: HttpRequest) -> HttpResponse:
    response = problem_response(405, _("This address can only be read."))
    response["Allow"] = "GET, HEAD"
    return response


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _patterns() -> list[URLPattern]:
    patterns = [path("v1/", root, name="api-root"), path("v1/schema/", schema, name="api-schema")]
    for name, (one, lookup, view) in RESOURCES.items():
        patterns.append(path(f"v1/{name}/", view.address("list"), name=f"api-{name}"))
        patterns.append(path(f"v1/{name}/{lookup}/", view.address("retrieve"), name=one))
    patterns.append(re_path("^.*$", nothing_here, name="api-nothing-here"))
    return patterns


urlpatterns = _patterns()
