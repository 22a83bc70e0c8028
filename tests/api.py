"""Reading the open API in tests: every answer is held against the document that describes it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker

from config.api import schema_document

PROBLEM = "application/problem+json"


def read(client: Client, url: str, status: int = 200, /, **parameters: str) -> Any:
    """GET an address and check the answer: its status, and its body against what the document says of both."""
    response = client.get(url, parameters, headers={"accept": "application/json"})
    assert response.status_code == status, response.content
    body = response.json()
    hold(url, status, response.headers["Content-Type"], body)
    return body


def hold(url: str, status: int, media_type: str, body: Any) -> None:
    """Fail unless the document says that this address may answer like this."""
    document = schema_document()
    path = _path_of(url, document)
    if path is None:
        schema: dict[str, Any] = {"$ref": "#/components/schemas/Problem"}
        assert media_type == PROBLEM
    else:
        contents = document["paths"][path]["get"]["responses"][str(status)]["content"]
        assert media_type in contents
        schema = contents[media_type]["schema"]
    whole = {**schema, "components": document["components"]}
    Draft202012Validator(whole, format_checker=_formats()).validate(body)


@cache
def _formats() -> FormatChecker:
    return Draft202012Validator.FORMAT_CHECKER


def _path_of(url: str, document: dict[str, Any]) -> str | None:
    asked = url.partition("?")[0].strip("/").split("/")
    for path in document["paths"]:
        parts = path.strip("/").split("/")
        if len(parts) == len(asked) and all(
            part == word or part.startswith("{") for part, word in zip(parts, asked, strict=True)
        ):
            return str(path)
    return None


def names(body: Any, field: str = "title") -> list[str]:
    return [row[field] for row in body["results"]]
