"""/organisations/: the directory, searched by words and by place."""

from __future__ import annotations

from html import unescape
from re import findall
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partnerships.forms.directory import DirectorySearch
from partnerships.models import Organisation, Place, User
from partnerships.states import Field, OrganisationState, PlaceKind
from tests.factories import AT, make_membership, make_organisation, make_place, make_user

pytestmark = pytest.mark.django_db

SALFORD: dict[str, Any] = {"latitude": 53.4797, "longitude": -2.2855}  # the middle of M5
BOLTON: dict[str, Any] = {"latitude": 53.578, "longitude": -2.43}
BRISTOL: dict[str, Any] = {"latitude": 51.46, "longitude": -2.587}


def get(client: Client, **asked: Any) -> str:
    response = client.get("/organisations/", asked)
    assert response.status_code == 200
    return unescape(response.content.decode())


def names(page: str) -> list[str]:
    return findall(r'app-card__title"><a[^>]*>([^<]*)</a>', page)


def test_an_empty_directory_says_what_will_be_here(client: Client) -> None:
    page = get(client)
    assert "No organisations yet" in page
    assert "<title>0 organisations – In Your Shoes</title>" in page


def test_visitors_see_what_is_public_and_nothing_else(client: Client) -> None:
    for state in OrganisationState:
        into = make_organisation("Successor") if state == OrganisationState.MERGED else None
        make_organisation(f"State {state}", state=state, merged_into=into)
    shown = {name.removeprefix("State ") for name in names(get(client))}
    assert shown == {"Successor", "listed", "claimed", "vouched", "verified"}


def test_its_own_people_too_find_only_what_is_public(client: Client) -> None:
    person = make_user()
    make_membership(person, make_organisation("Waiting", state=OrganisationState.TO_BE_CONFIRMED))
    client.force_login(person)
    assert names(get(client)) == []


def test_a_card_says_sector_place_and_what_it_does(client: Client) -> None:
    place = make_place("Salford")
    make_organisation("Harbour", place=place, what_it_does=" ".join(f"word{number}" for number in range(40)))
    page = get(client)
    assert "Voluntary" in page
    assert '<p class="app-card__meta">Salford · Here on In Your Shoes</p>' in page
    assert "word29…" in page


def test_what_a_register_says_it_does_stands_in_until_its_people_say_it(client: Client) -> None:
    make_organisation("Harbour", what_it_does="", register_summary="Runs a food bank.\nFood, Poverty")
    page = get(client)
    assert "Runs a food bank." in page
    assert "Poverty" not in page


# Words ------------------------------------------------------------------------------------------------------------


def test_words_are_found_in_names_before_texts(client: Client) -> None:
    make_organisation("A Shed", what_it_does="We give advice.")
    make_organisation("Bolton Advice", what_it_does="A desk.")
    make_organisation("Choir", what_it_does="We sing.")
    assert names(get(client, q="advice")) == ["Bolton Advice", "A Shed"]


def test_registers_are_searched_too(client: Client) -> None:
    make_organisation("Harbour", what_it_does="", register_summary="Feeds hungry people.")
    assert names(get(client, q="hunger OR hungry")) == ["Harbour"]


@pytest.mark.parametrize("typed", ['"', "((", "a & | !", "-", "\x00", "%", "' OR 1=1 --", "ł" * 200])
def test_no_words_break_it(client: Client, typed: str) -> None:
    get(client, q=typed, near=typed[:80])


def test_nothing_found_says_what_to_try(client: Client) -> None:
    make_organisation()
    page = get(client, q="zebra")
    assert "Nothing found" in page
    assert "Try fewer or other words" in page


# Places -----------------------------------------------------------------------------------------------------------


def three() -> None:
    make_organisation("In Bristol", **BRISTOL)
    make_organisation("In Bolton", **BOLTON)
    make_organisation("In Salford", **SALFORD)


@pytest.mark.parametrize("typed", ["M5", "m5 4wt", "M54WT", "m5 4", "salford", "Salf"])
def test_a_place_shows_the_nearest_first_with_the_distance(client: Client, typed: str) -> None:
    make_place("Salford", **SALFORD)
    three()
    page = get(client, near=typed)
    assert names(page) == ["In Salford", "In Bolton"]
    assert "less than 1 km away" in page or "1 km away" in page
    assert "14 km away" in page or "15 km away" in page
    assert "2 organisations within 25 km of" in page


def test_how_far_may_be_asked(client: Client) -> None:
    three()
    assert names(get(client, near="M5", within="5")) == ["In Salford"]
    assert names(get(client, near="M5", within="100")) == ["In Salford", "In Bolton"]


def test_one_without_a_point_stands_where_its_place_is(client: Client) -> None:
    make_organisation("By its place", place=make_place(**SALFORD))
    make_organisation("Nowhere", place=make_place(latitude=None, longitude=None))
    assert names(get(client, near="M5")) == ["By its place"]


def distance(km: float, point: tuple[float, float]) -> float:
    found: Any = Organisation.objects.within(km, of=point).get()
    return float(found.distance_km)


def test_distances_are_those_of_the_globe() -> None:
    """London to Manchester is 262 kilometres."""
    make_organisation(latitude=51.5074, longitude=-0.1278)
    assert distance(300, (53.4808, -2.2426)) == pytest.approx(262.0, abs=0.5)


def test_the_very_same_point_is_no_distance_away() -> None:
    make_organisation(**SALFORD)
    assert distance(1, (SALFORD["latitude"], SALFORD["longitude"])) < 0.01


def test_corners_of_the_box_are_not_within(client: Client) -> None:
    make_organisation("Corner", latitude=SALFORD["latitude"] + 0.04, longitude=SALFORD["longitude"] + 0.065)
    assert names(get(client, near="M5", within="5")) == []
    assert names(get(client, near="M5", within="10")) == ["Corner"]


@pytest.mark.parametrize("typed", ["Atlantis", "ZZ9 9ZZ", "JE1 0BD"])
def test_an_unknown_place_is_said_and_nothing_is_lost(client: Client, typed: str) -> None:
    make_organisation("Bolton Advice")
    make_organisation("Choir", what_it_does="We sing.")
    page = get(client, near=typed, q="advice")
    assert "<title>Error: " in page
    assert f"We do not know “{typed}”. Enter a postcode" in page
    assert f'value="{typed}"' in page
    assert 'value="advice"' in page
    assert names(page) == ["Bolton Advice"]


def test_a_word_that_may_mean_several_places_offers_the_others(client: Client) -> None:
    make_place("Newcastle upon Tyne", latitude=54.98, longitude=-1.61)
    make_place("Newcastle-under-Lyme", latitude=53.01, longitude=-2.23)
    page = get(client, near="newcastle", q="advice")
    assert "We took it to mean Newcastle upon Tyne" in page
    assert 'href="?near=Newcastle-under-Lyme&q=advice"' in page
    assert "We took it" not in get(client, near="Newcastle upon Tyne")


def test_the_city_is_meant_and_not_the_health_board_whose_name_begins_with_it(client: Client) -> None:
    make_place("Bristol, North Somerset and South Gloucestershire", kind=PlaceKind.ICB)
    make_place("City of Bristol", **BRISTOL)
    page = get(client, near="Bristol")
    assert "within 25 km of City of Bristol" in page
    assert "We took it" not in page


def test_the_source_of_postcodes_stands_below_distances(client: Client) -> None:
    assert "Contains OS data © Crown copyright, Royal Mail data © Royal Mail, ONS data, OGL v3" in get(
        client, near="M5"
    )


# Filters, order, pages --------------------------------------------------------------------------------------------


def test_sector_and_field_narrow_it_down(client: Client) -> None:
    make_organisation("Council", field=Field.LOCAL_GOVERNMENT)
    make_organisation("Hospital", field=Field.HEALTH)
    make_organisation("Charity")
    assert names(get(client, sector="public")) == ["Council", "Hospital"]
    assert names(get(client, field="health")) == ["Hospital"]
    assert names(get(client, sector="vcse", field="health")) == []


def test_what_narrows_is_open_while_it_is_asked_for(client: Client) -> None:
    assert "<details" in get(client, q="x")
    assert findall(r"<details[^>]* open", get(client, sector="public"))


def test_a_made_up_filter_is_said_and_the_others_work(client: Client) -> None:
    make_organisation("Bolton Advice")
    make_organisation("Choir", what_it_does="We sing.")
    page = get(client, sector="martians", within="7", sort="luck", q="advice")
    assert "Error: " in page
    assert names(page) == ["Bolton Advice"]


def test_the_order_may_be_asked_for_where_it_makes_sense(client: Client) -> None:
    make_organisation("A far advice", **BOLTON)
    make_organisation("B near advice, advice and advice", **SALFORD)
    assert names(get(client, near="M5", q="advice"))[0].startswith("B")
    assert names(get(client, near="M5", q="advice", sort="name"))[0].startswith("A")
    assert names(get(client, near="M5", q="advice", sort="relevance"))[0].startswith("B")
    assert names(get(client, sort="distance"))[0].startswith("A")


def some_here_and_some_listed() -> None:
    """By name the listed ones come first, and those here stand at either end of it."""
    make_organisation("Aster advice", state=OrganisationState.LISTED)
    make_organisation("Birch advice", state=OrganisationState.CLAIMED)
    make_organisation("Cedar advice", state=OrganisationState.LISTED)
    make_organisation("Damson advice", state=OrganisationState.VOUCHED)
    make_organisation("Elder advice", state=OrganisationState.VERIFIED)


HERE = ["Birch advice", "Damson advice", "Elder advice"]
LISTED = ["Aster advice", "Cedar advice"]


def test_those_whose_people_are_here_come_first(client: Client) -> None:
    some_here_and_some_listed()
    assert names(get(client)) == HERE + LISTED
    assert names(get(client, q="advice")) == HERE + LISTED  # each says the word as often as the others
    assert names(get(client, sort="name")) == sorted(HERE + LISTED)


def test_near_a_place_those_here_come_first_and_then_the_nearest(client: Client) -> None:
    make_organisation("Listed in Salford", state=OrganisationState.LISTED, **SALFORD)
    make_organisation("Here in Bolton", **BOLTON)
    make_organisation("Here in Salford", **SALFORD)
    assert names(get(client, near="M5")) == ["Here in Salford", "Here in Bolton", "Listed in Salford"]
    assert names(get(client, near="M5", sort="distance"))[-1] == "Here in Bolton"


def test_who_becomes_active_here_moves_up(client: Client) -> None:
    make_organisation("Aster")
    later = make_organisation("Birch", state=OrganisationState.LISTED)
    make_organisation("Cedar")
    Organisation.objects.filter(pk=later.pk).update(state=OrganisationState.CLAIMED)
    assert names(get(client)) == ["Aster", "Birch", "Cedar"]


def test_only_those_here_may_be_shown_and_both_are_counted(client: Client) -> None:
    some_here_and_some_listed()
    page = get(client, q="advice", page="1")
    assert "<title>5 organisations – " in page
    assert "3 of them are here on In Your Shoes" in page
    assert 'href="?q=advice&who=here"' in page
    page = get(client, q="advice", who="here")
    assert "<title>3 organisations here on In Your Shoes – " in page
    assert names(page) == HERE
    assert 'href="?q=advice"' in page
    assert 'value="here" selected' in page


def test_nothing_is_said_of_those_here_where_all_are_or_nobody_is(client: Client) -> None:
    make_organisation("Aster")
    assert "of them" not in get(client)
    Organisation.objects.update(state=OrganisationState.LISTED)
    assert "of them" not in get(client)
    assert "0 organisations here" in get(client, who="here")


def test_the_first_page_is_read_from_an_index(client: Client) -> None:
    Organisation.objects.bulk_create(
        Organisation(
            name=f"Charity {number}",
            slug=f"charity-{number}",
            sector="vcse",
            field=Field.VOLUNTARY,
            state=OrganisationState.LISTED if number % 50 else OrganisationState.CLAIMED,
            created_at=AT,
        )
        for number in range(2_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE partnerships_organisation")
    first = DirectorySearch({})
    first.full_clean()
    found = Organisation.objects.public().order_by(*first.order())
    assert "organisation_here_first" in found[:20].explain()
    assert "Sort" not in found[:20].explain()


def test_pages_have_twenty_and_keep_what_was_asked(client: Client) -> None:
    for number in range(41):
        make_organisation(f"Advice {number:02}")
    first = get(client, q="advice", sort="name")
    assert names(first) == [f"Advice {number:02}" for number in range(20)]
    assert "?q=advice&sort=name&page=2" in first
    assert names(get(client, q="advice", sort="name", page="3")) == ["Advice 40"]
    assert names(get(client, q="advice", sort="name", page="nonsense")) == names(first)
    assert "41 organisations" in first


def test_a_very_long_list_is_counted_and_shown_only_so_far(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnerships.ground.paging.MOST", 40)
    for number in range(41):
        make_organisation(f"Advice {number:02}")
    page = get(client, page="2")
    assert "More than 40 organisations" in page
    assert "page=3" not in page
    assert names(get(client, page="3")) == names(page)


def queries(client: Client, **asked: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        get(client, **asked)
    return len(captured)


@pytest.mark.parametrize(
    "asked", [{}, {"who": "here"}, {"q": "advice"}, {"near": "Salford"}, {"near": "M5", "q": "advice"}]
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_one_row_costs_as_many_queries_as_twenty(client: Client, asked: dict[str, str], signed_in: bool) -> None:
    place = make_place("Salford", **SALFORD)
    if signed_in:
        person: User = make_user()
        make_membership(person, make_organisation("Mine", place=place))
        client.force_login(person)
    make_organisation("Advice", place=place)
    one = queries(client, **asked)
    for number in range(20):
        make_organisation(f"Advice {number}", place=place if number % 2 else make_place(**SALFORD))
    assert queries(client, **asked) == one <= 15


def test_it_only_reads(client: Client) -> None:
    assert client.post("/organisations/").status_code == 405
    assert client.head("/organisations/").status_code == 200
    assert Place.objects.count() == 0
