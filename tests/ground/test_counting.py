"""Several counts in one question."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.ground.counting import count_each
from partnerships.models import Membership, Organisation, User
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_each_is_counted_by_its_name_in_one_question(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        counted = count_each(
            people=User.objects.order_by("name"),
            # Its members are joined, and each organisation counts once.
            at_work=Organisation.objects.filter(memberships__in=Membership.objects.active()),
            nowhere=Membership.objects.filter(pk=-1),
            nobody=User.objects.none(),
        )
    assert len(queries) == 1
    assert counted == {
        "people": User.objects.count(),
        "at_work": len(set(Membership.objects.active().values_list("organisation", flat=True))),
        "nowhere": 0,
        "nobody": 0,
    }
    assert counted["at_work"] < Membership.objects.active().count()


def test_nobody_at_all_is_not_asked_about() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert count_each(first=User.objects.none(), second=User.objects.none()) == {"first": 0, "second": 0}
    assert not queries
