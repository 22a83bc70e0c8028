"""Two organisations at the same moment: of what there is one of, the second hears that it is there."""

from __future__ import annotations

import pytest

from partnerships.actions.organisations import approve_domain, enter_group, found_organisation
from partnerships.models import ApprovedDomain, Organisation, Place, User
from partnerships.states import Field
from tests.at_once import first_and_meanwhile
from tests.cast import Cast
from tests.factories import AT, make_membership, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_group_that_its_founder_and_a_broker_enter_at_once_is_there_once(cast: Cast) -> None:
    assert cast.advice.place is not None
    key = cast.advice.place.pk

    def group() -> dict[str, object]:
        place = Place.objects.get(pk=key)
        return {"name": "Open Door", "place": place, "field": Field.COMMUNITY, "what_it_does": "Tea.", "at": AT}

    broker = User.objects.get(pk=cast.broker.pk)
    heard = first_and_meanwhile(
        lambda: found_organisation(by=cast.newcomer, **group()),  # type: ignore[arg-type]  # what both take
        lambda: enter_group(by=broker, **group()),  # type: ignore[arg-type]  # what both take
    )
    assert heard == {"organisation_there"}
    assert Organisation.objects.filter(name="Open Door").count() == 1


def test_a_mail_domain_that_two_name_at_once_is_that_of_the_first(cast: Cast) -> None:
    """Without taking turns the second meets the first in the database, which is no answer for a page."""
    other = make_user("Ode Other", "ode@council.example.org")
    make_membership(other, cast.elsewhere, is_coordinator=True)
    ApprovedDomain.objects.all().delete()
    heard = first_and_meanwhile(
        lambda: approve_domain(
            organisation=cast.council, domain="council.example.org", by=cast.home_coordinator, at=AT
        ),
        lambda: approve_domain(organisation=cast.elsewhere, domain="council.example.org", by=other, at=AT),
    )
    assert heard == {"domain_of_another"}
    assert ApprovedDomain.objects.get().organisation == cast.council
