"""HEAD is answered as GET is: link checkers, previews and monitors ask so, and must not be told that a page is gone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.access import make_world
from tests.access_table import TABLE
from tests.cast import Cast

pytestmark = pytest.mark.django_db

HAS_NO_NAME = {"api-nothing-here"}


def test_head_answers_as_get_does_on_every_page_of_strangers(cast: Cast, client: Client) -> None:
    world = make_world(cast)
    asked, different = 0, []
    for name in sorted(set(TABLE) - HAS_NO_NAME):
        for case in TABLE[name]:
            if "stranger" not in case.allowed:
                continue
            address = reverse(name, args=case.arguments(world))
            get, head = client.get(address), client.head(address)
            asked += get.status_code == 200
            if head.status_code != get.status_code or head.content:
                different.append(f"{address}: GET {get.status_code}, HEAD {head.status_code}")
    assert not different
    assert asked > 20, "the pages that strangers may read are asked at all"
