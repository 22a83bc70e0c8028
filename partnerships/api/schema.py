"""What the OpenAPI document says of every operation alike: problems, and answers that have not changed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from partnerships.api.errors import MEDIA_TYPE


def _problem_schema() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "type": "object",
        "description": _("What went wrong, as RFC 9457 has it."),
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {**text, "format": "uri-reference", "description": _("Always about:blank.")},
            "title": {**text, "description": _("What the status means.")},
            "status": {"type": "integer", "description": _("The status of the answer.")},
            "detail": {**text, "description": _("What to do about it.")},
            "errors": {
                "type": "array",
                "description": _("The parameters that cannot be understood."),
                "items": {
                    "type": "object",
                    "required": ["parameter", "detail"],
                    "properties": {"parameter": text, "detail": text},
                },
            },
            "allowed": {
                "type": "array",
                "description": _("The parameters that there are at this address."),
                "items": text,
            },
        },
    }


def describe_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: every operation may answer with a problem, or say that nothing has changed."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _problem_schema()
    problems = {
        "400": _("A parameter is unknown, given twice, or has a value that cannot be."),
        "404": _("There is nothing at this address, or it is no longer public."),
        "406": _("Only JSON is spoken here."),
        "429": _("Too many questions in a minute. The Retry-After header says how many seconds to wait."),
    }
    for path in result["paths"].values():
        for operation in path.values():
            operation["parameters"] = [*operation.get("parameters", []), _if_none_match()]
            answers = operation["responses"]
            answers["200"]["headers"] = {
                "ETag": {"description": _("Names this very answer."), "schema": {"type": "string"}}
            }
            answers["304"] = {"description": _("Nothing has changed since the answer that If-None-Match names.")}
            for code, meaning in problems.items():
                schema = {"$ref": "#/components/schemas/Problem"}
                answers[code] = {"description": meaning, "content": {MEDIA_TYPE: {"schema": schema}}}
    return result


def _if_none_match() -> dict[str, Any]:
    return {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": _("The ETag of an earlier answer: while that holds, the answer is 304 without a body."),
        "schema": {"type": "string"},
    }
