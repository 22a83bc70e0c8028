"""Nobody fills the disk: a request that is too large is refused before it is read, whatever its page."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnerships.ground.uploads import MOST_BYTES
from secondments.importers.staff import MOST_BYTES as MOST_OF_A_LIST
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_round

pytestmark = pytest.mark.django_db


def a_file(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("people.csv", b"x" * size, "text/csv")


@pytest.fixture
def address(cast: Cast) -> str:
    return reverse("staff-list-new", args=[make_round(cast.cvs).slug])


def test_what_is_too_large_is_not_read(cast: Cast, address: str) -> None:
    assert enter(cast.broker).post(address, {"file": a_file(MOST_BYTES)}).status_code == 400


def test_a_list_that_is_a_little_too_large_is_told_of_on_its_page(cast: Cast, address: str) -> None:
    page = enter(cast.broker).post(address, {"file": a_file(MOST_OF_A_LIST + 1)})
    assert "larger than one megabyte" in page.content.decode()
