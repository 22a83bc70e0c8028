"""/demo/ and /demo/enter/: being anybody of the cast, in the demonstration only."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.timezone import localtime
from pytest_django.fixtures import Settings

from partnerships import demo
from partnerships.ground.models import Event
from partnerships.models import Membership, Organisation, User
from partnerships.states import OrganisationState, WhoAgrees
from tests.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings: Settings) -> None:
    settings.DEMO = True
    demo.load(AT)


def who(browser: Client) -> str | None:
    return User.objects.get(pk=browser.session["_auth_user_id"]).email


def test_the_cast_is_whole_and_made_in_the_past(demonstration: None) -> None:
    assert {seat.email for seat in demo.SEATS} <= set(User.objects.values_list("email", flat=True))
    amina = Membership.objects.get(user__email="amina@council.demo.example")
    assert (amina.is_commissioner, amina.agrees_email) == (True, "ruth@council.demo.example")
    assert Organisation.objects.get(name="Harbour Advice").state == OrganisationState.VOUCHED
    assert Organisation.objects.get(name="Lantern Food Bank").who_agrees == WhoAgrees.SELF
    assert Organisation.objects.get(name="Tidewater Community Shed").state == OrganisationState.TO_BE_CONFIRMED
    assert Membership.objects.get(user__email="sam@cvs.demo.example").is_broker
    assert Event.objects.exists()
    assert not Event.objects.filter(at__gte=AT).exists()


@pytest.mark.parametrize("hour", [3, 22])
def test_nobody_works_at_night_whenever_it_is_loaded(settings: Settings, hour: int) -> None:
    for path in settings.DEMONSTRATIONS:
        import_string(path)(AT.replace(hour=hour))
    hours = {localtime(at).hour for at in Event.objects.values_list("at", flat=True)}
    assert min(hours) >= 8
    assert max(hours) < 18


def test_loading_twice_changes_nothing(demonstration: None) -> None:
    before = (User.objects.count(), Organisation.objects.count(), Event.objects.count())
    assert demo.load(AT) == ""
    assert (User.objects.count(), Organisation.objects.count(), Event.objects.count()) == before


def test_it_does_not_exist_outside_the_demonstration(client: Client) -> None:
    assert client.get(reverse("demo")).status_code == 404
    assert client.post(reverse("demo-enter"), {"email": "amina@council.demo.example"}).status_code == 404


def test_one_press_signs_in_as_each_of_them_with_the_second_factor_shown(demonstration: None) -> None:
    for seat in demo.SEATS:
        browser = Client()
        assert f'value="{seat.email}"' in browser.get(reverse("demo")).content.decode()
        answer = browser.post(reverse("demo-enter"), {"email": seat.email})
        assert answer.headers["Location"] == reverse("next-steps")
        page = browser.get(reverse("next-steps"))
        assert page.status_code == 200, seat.email
        assert who(browser) == seat.email


def test_who_is_somebody_can_be_somebody_else(demonstration: None) -> None:
    browser = Client()
    browser.post(reverse("demo-enter"), {"email": "amina@council.demo.example"})
    assert "Amina Clarke" in browser.get(reverse("demo")).content.decode()
    browser.post(reverse("demo-enter"), {"email": "sam@cvs.demo.example"})
    assert who(browser) == "sam@cvs.demo.example"


def test_looking_signs_nobody_in(demonstration: None) -> None:
    browser = Client()
    assert browser.get(reverse("demo-enter")).status_code == 405
    assert "_auth_user_id" not in browser.session


def test_only_the_cast_can_be_played(demonstration: None) -> None:
    User.objects.create_user("real@example.org", name="Somebody real")
    assert Client().post(reverse("demo-enter"), {"email": "real@example.org"}).status_code == 404


def test_its_mark_in_a_session_means_nothing_once_the_demonstration_is_over(
    demonstration: None, settings: Settings
) -> None:
    browser = Client()
    browser.post(reverse("demo-enter"), {"email": "sam@cvs.demo.example"})
    settings.DEMO = False
    assert browser.get(reverse("next-steps")).headers["Location"].startswith(reverse("second-factor"))
