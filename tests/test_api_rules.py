"""What holds for every resource of the API alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.api.throttling import CallerThrottle
from partnerships.models import Identifier, Organisation, RegisterEntry, User
from partnerships.states import Register
from secondments.models import HostOffer
from tests.api import PROBLEM, read
from tests.cast import Cast
from tests.factories import AT, make_need, make_offer, make_organisation, make_story

LISTS = ["organisations", "host-offers", "skill-needs", "case-studies"]


def address(name: str) -> str:
    return reverse(f"api-{name}")


def make_one_of_each(cast: Cast) -> None:
    organisation = make_organisation()
    organisation.areas_served.add(organisation.place)  # type: ignore[arg-type]  # the factory gives it a place
    Identifier.objects.create(organisation=organisation, scheme="XX-TEST", value=organisation.slug)
    RegisterEntry.objects.create(
        organisation=organisation,
        register=Register.UKCAT,
        reference=organisation.slug,
        facts={"income": 100},
        fingerprint="x",
        as_of=AT.date(),
    )
    make_offer(organisation, cast.host, sessions=2)
    make_need(organisation, cast.host)
    make_story(cast.curator, organisation, cast.council)


@pytest.fixture(autouse=True)
def _unthrottled(db: None) -> Iterator[None]:
    caches["quick"].clear()
    yield
    caches["quick"].clear()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_and_each_of_its_rows_are_as_the_document_says(client: Client, cast: Cast, name: str) -> None:
    make_one_of_each(cast)
    body = read(client, address(name))
    assert body["count"] == len(body["results"]) > 0
    for row in body["results"]:
        path = row["url"].removeprefix("http://testserver")
        assert read(client, path) == row


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_is_one_too(client: Client, name: str) -> None:
    assert read(client, address(name)) == {"count": 0, "next": None, "previous": None, "results": []}


@pytest.mark.parametrize("name", LISTS)
def test_fifty_rows_cost_as_many_queries_as_one(client: Client, cast: Cast, name: str) -> None:
    HostOffer.objects.all().delete()
    make_one_of_each(cast)
    with CaptureQueriesContext(connection) as one:
        read(client, address(name), page_size="1")
    for _ in range(9):
        make_one_of_each(cast)
    with CaptureQueriesContext(connection) as ten:
        assert len(read(client, address(name), page_size="50")["results"]) >= 10
    assert len(ten) == len(one)


@pytest.mark.parametrize("name", LISTS)
def test_pages_follow_each_other_and_hold_every_row_once(client: Client, cast: Cast, name: str) -> None:
    for _ in range(3):
        make_one_of_each(cast)
    seen: list[str] = []
    url: str | None = f"http://testserver{address(name)}?page_size=2"
    while url:
        body = client.get(url).json()
        seen += [row["url"] for row in body["results"]]
        url = body["next"]
    assert len(seen) == len(set(seen)) == body["count"]
    assert body["previous"]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("parameter", "value"),
    [("page", "0"), ("page", "x"), ("page_size", "0"), ("page_size", "201"), ("page_size", "-1"), ("page", "9" * 30)],
)
def test_a_page_that_cannot_be_is_told(client: Client, name: str, parameter: str, value: str) -> None:
    body = read(client, address(name), 400, **{parameter: value})
    assert [error["parameter"] for error in body["errors"]] == [parameter]


@pytest.mark.parametrize("name", LISTS)
def test_a_page_beyond_the_last_is_not_there(client: Client, name: str) -> None:
    assert "beyond the last" in read(client, address(name), 404, page="2")["detail"]


@pytest.mark.parametrize("name", LISTS)
def test_the_largest_page_is_two_hundred(client: Client, name: str) -> None:
    read(client, address(name), page_size="200")


@pytest.mark.parametrize("name", LISTS)
def test_an_unknown_parameter_is_told_with_those_that_there_are(client: Client, name: str) -> None:
    body = read(client, address(name), 400, setcor="vcse")
    assert body["errors"][0]["parameter"] == "setcor"
    assert {"q", "sector", "page", "page_size"} <= set(body["allowed"])


@pytest.mark.parametrize("name", LISTS)
def test_a_parameter_given_twice_is_told(client: Client, name: str) -> None:
    assert client.get(f"{address(name)}?sector=vcse&sector=public").status_code == 400


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("parameter", "value"),
    [("sector", "charity"), ("field", "x"), ("place", "nowhere"), ("q", "\x00"), ("q", "a" * 201)],
)
def test_a_value_that_cannot_be_is_told(client: Client, name: str, parameter: str, value: str) -> None:
    body = read(client, address(name), 400, **{parameter: value})
    assert [error["parameter"] for error in body["errors"]] == [parameter]


def test_one_thing_takes_no_parameters(client: Client, cast: Cast) -> None:
    url = reverse("api-organisation", args=[cast.advice.slug])
    assert read(client, url, 400, q="advice")["allowed"] == []


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_can_be_written(client: Client, name: str, method: str) -> None:
    response = getattr(client, method)(address(name))
    assert response.status_code == 405
    assert response["Content-Type"] == PROBLEM
    assert response["Allow"] == "GET, HEAD"
    assert response.json()["title"] == "Method Not Allowed"


@pytest.mark.parametrize("name", LISTS)
def test_only_json_is_spoken(client: Client, name: str) -> None:
    response = client.get(address(name), headers={"accept": "text/html"})
    assert response.status_code == 406
    assert response["Content-Type"] == PROBLEM
    assert client.get(address(name), headers={"accept": "text/html,*/*;q=0.8"}).status_code == 200
    assert client.head(address(name)).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_what_has_not_changed_is_not_sent_again(client: Client, cast: Cast, name: str) -> None:
    first = client.get(address(name))
    assert "no-cache" in first["Cache-Control"]
    again = client.get(address(name), headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert not again.content
    make_one_of_each(cast)
    assert client.get(address(name), headers={"if-none-match": first["ETag"]}).status_code == 200


def test_too_many_questions_are_told_when_to_come_back(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CallerThrottle, "rate", "2/min", raising=False)
    for _ in range(2):
        read(client, address("organisations"))
    response = client.get(address("organisations"))
    assert response.status_code == 429
    assert response["Content-Type"] == PROBLEM
    assert 1 <= int(response["Retry-After"]) <= 61


def test_whoever_asks_is_not_written_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []

    def keep(key: str, *rest: Any, **more: Any) -> None:
        kept.append(key)

    monkeypatch.setattr(caches["quick"], "set", keep)
    client.get(address("organisations"), REMOTE_ADDR="203.0.113.9")
    assert kept
    assert not any("203.0.113.9" in key for key in kept)


def test_a_failure_of_ours_is_a_problem_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("partnerships.api.organisations.Organisations.get_queryset", fail)
    client.raise_request_exception = False
    response = client.get(address("organisations"))
    assert response.status_code == 500
    assert response["Content-Type"] == PROBLEM


def keys_and_values(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_and_values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_and_values(inner)
    else:
        yield str(value)


PRIVATE_KEYS = {
    "author", "written_by", "created_by", "decided_by", "user", "users", "email", "memberships", "coordinators",
    "agrees_email", "accepts_ties", "access", "checks", "booked", "places", "latitude", "longitude", "state_of_consent",
    "consents", "search", "register_summary", "fingerprint", "id", "most_away_per_week", "who_agrees",
}  # fmt: skip


@pytest.mark.parametrize("who", [None, "host", "curator", "administrator", "broker"])
def test_no_answer_holds_anything_about_people(client: Client, cast: Cast, who: str | None) -> None:
    make_one_of_each(cast)
    make_need(cast.advice, cast.host)
    if who:
        client.force_login(getattr(cast, who))
    said = [read(client, address(name)) for name in LISTS]
    text = json.dumps(said).lower()
    for person in User.objects.all():
        assert person.name.lower() not in text
        assert (person.email or "?").lower() not in text
        assert str(person.uuid) not in text
    assert not PRIVATE_KEYS & set(keys_and_values(said))


@pytest.mark.parametrize("name", LISTS)
def test_who_is_signed_in_reads_what_a_visitor_reads(client: Client, cast: Cast, name: str) -> None:
    make_one_of_each(cast)
    Organisation.objects.filter(pk=cast.elsewhere.pk).update(state="to_be_confirmed")
    before = read(client, address(name))
    for person in (cast.outsider, cast.administrator, cast.curator):
        client.force_login(person)
        assert read(client, address(name)) == before
