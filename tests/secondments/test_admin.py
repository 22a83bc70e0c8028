"""What an administrator looks at by hand: never what only the people of an offer, or of a round, are told."""

from __future__ import annotations

import pytest
from django.urls import reverse

from secondments.models import HostOffer
from tests.cast import Cast
from tests.client import HouseClient, enter
from tests.factories import make_round
from tests.secondments.rounds import join

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast: Cast) -> HouseClient:
    cast.administrator.is_superuser = True
    cast.administrator.save()
    return enter(cast.administrator)


def test_whom_a_host_would_like_to_come_is_for_those_who_manage_the_offer(cast: Cast, office: HouseClient) -> None:
    HostOffer.objects.filter(pk=cast.offer.pk).update(asks_for=["secret@council.example.org"])
    page = office.get(reverse("admin:secondments_hostoffer_change", args=[cast.offer.pk])).text
    assert cast.offer.title in page
    assert "secret@" not in page


def test_what_one_person_shows_in_a_round_stands_on_no_list(cast: Cast, office: HouseClient) -> None:
    join(make_round(cast.cvs), cast.visitor_membership, shows="A morning of calls", welcomes=True)
    page = office.get(reverse("admin:secondments_hostoffer_changelist")).text
    assert cast.offer.title in page
    assert "A visit in return" not in page
