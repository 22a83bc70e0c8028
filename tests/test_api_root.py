"""/api/v1/ for people and for programs, and whatever is not there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.api import PROBLEM
from tests.cast import Cast

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_browser_gets_a_page_with_every_address_parameter_and_field(client: Client, db: None) -> None:
    response = client.get("/api/v1/", headers={"accept": BROWSER})
    page = response.content.decode()
    assert response.status_code == 200
    assert "Accept" in response["Vary"]
    for said in (
        "GET /api/v1/organisations/",
        "GET /api/v1/skill-needs/{uuid}/",
        "curl &quot;http://testserver/api/v1/organisations/?sector=vcse&amp;q=advice&quot;",
        "published_since",
        "what_others_can_copy",
        "attribution",
        "ShortOrganisation",
        reverse("api-schema"),
    ):
        assert said in page, said
    for forbidden in ("<style", " style=", "<script>", " onclick="):
        assert forbidden not in page


@pytest.mark.parametrize("accept", ["application/json", "*/*", ""])
def test_a_program_gets_the_addresses(client: Client, db: None, accept: str) -> None:
    response = client.get("/api/v1/", headers={"accept": accept} if accept else None)
    body = response.json()
    assert set(body) == {"organisations", "host-offers", "skill-needs", "case-studies", "schema"}
    for address in body.values():
        assert client.get(address).status_code == 200


def test_who_speaks_neither_is_told(client: Client, db: None) -> None:
    response = client.get("/api/v1/", headers={"accept": "image/png"})
    assert response.status_code == 406
    assert response["Content-Type"] == PROBLEM


def test_it_can_only_be_read(client: Client, db: None) -> None:
    assert client.post("/api/v1/").status_code == 405


@pytest.mark.parametrize("url", ["/api/", "/api/v2/organisations/", "/api/v1/people/", "/api/v1/skill-needs/12/"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_what_is_not_there_is_a_problem(client: Client, db: None, url: str, method: str) -> None:
    response = getattr(client, method)(url)
    assert response.status_code == 404
    assert response["Content-Type"] == PROBLEM
    assert response.json()["status"] == 404


def test_a_missing_last_slash_is_put_right(client: Client, db: None) -> None:
    response = client.get("/api/v1/organisations?sector=vcse")
    assert response.status_code == 301
    assert response["Location"] == "/api/v1/organisations/?sector=vcse"
    assert client.get("/api/v1/nothing").status_code == 404
    assert client.post("/api/v1/organisations").status_code == 404


def test_who_is_signed_in_without_a_second_factor_reads_it_too(cast: Cast) -> None:
    plain = Client()
    plain.force_login(cast.curator)
    assert plain.get("/api/v1/organisations/").status_code == 200
