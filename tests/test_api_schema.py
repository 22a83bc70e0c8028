"""The document at /api/v1/schema/: valid, complete, and said without a warning."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator

from config.api import RESOURCES, schema_document, urlpatterns
from config.api_docs import describe

URL = "/api/v1/schema/"


def test_it_is_a_valid_openapi_3_1_document(client: Client, db: None) -> None:
    response = client.get(URL)
    assert response["Content-Type"] == "application/json"
    document = response.json()
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_it_is_written_without_a_warning() -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=StringIO(), stderr=StringIO())


def test_every_resource_is_in_it_and_nothing_else() -> None:
    paths = set(schema_document()["paths"])
    described = {path for path in paths if not path.endswith("}/")}
    assert described == {f"/api/v1/{name}/" for name in RESOURCES}
    assert len(paths) == 2 * len(RESOURCES)


def test_every_operation_only_reads_and_names_its_problems() -> None:
    for path, methods in schema_document()["paths"].items():
        assert list(methods) == ["get"], path
        responses = methods["get"]["responses"]
        assert set(responses) == {"200", "304", "400", "404", "406", "429"}
        for status in ("400", "404", "406", "429"):
            assert list(responses[status]["content"]) == ["application/problem+json"]


def test_every_parameter_and_operation_is_described() -> None:
    for path, methods in schema_document()["paths"].items():
        operation = methods["get"]
        assert operation["summary"], path
        for parameter in operation["parameters"]:
            known = parameter.get("description") or parameter["schema"].get("enum") or parameter["in"] == "path"
            assert known, f"{path} {parameter['name']}"


def test_every_field_is_described_on_the_page_for_people() -> None:
    page = describe(schema_document(), "https://shoes.example")
    tables = {group.slug: group.fields for group in page.groups} | {part.name: part.rows for part in page.parts}
    bare = [f"{name}.{row.name}" for name, rows in tables.items() for row in rows if not (row.about or row.values)]
    assert len(tables) >= 8
    assert not bare


def test_an_unchanged_document_is_not_sent_again(client: Client, db: None) -> None:
    tag = client.get(URL)["ETag"]
    assert client.get(URL, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_can_only_be_read(client: Client, db: None, method: str) -> None:
    response = getattr(client, method)(URL)
    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"
    assert response["Allow"] == "GET, HEAD"


def test_no_address_of_the_api_asks_for_a_sign_in() -> None:
    for pattern in urlpatterns:
        audiences = getattr(pattern.callback, "open_to", ())
        assert [audience.name for audience in audiences] == ["anyone"], pattern
