"""The second factor: offered to all, asked of brokers, curators and administrators on every page but the way to it."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from partnerships.ground.models import OutboxMail
from partnerships.models import User
from tests.cast import Cast
from tests.client import SECRET, HouseClient, give_second_factor, verify_address

pytestmark = pytest.mark.django_db
NEEDING = ["broker", "curator", "administrator"]


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def plain() -> Client:
    """Django's own client, whose sign-in shows no second factor."""
    return Client()


def digits(secret: str) -> str:
    """What an app shows now: the half minutes on either side of it are taken as well."""
    _, now, _ = yield_hotp_counters_from_time()
    return str(format_hotp_value(hotp_value(secret, now)))


def forget_used(user: User, code: str) -> None:
    """As if half a minute had passed."""
    assert cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={code}")


def set_up(client: Client) -> str:
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r">([A-Z2-7]{32})<", page)
    assert found
    answer = client.post(reverse("mfa_activate_totp"), {"code": digits(found[1])})
    assert answer.status_code == 302, answer.content.decode()
    return found[1]


@pytest.mark.parametrize("person", NEEDING)
def test_without_one_every_page_leads_to_setting_it_up(plain: Client, cast: Cast, person: str) -> None:
    plain.force_login(getattr(cast, person))
    for url in ("/next-steps/", "/", "/admin/", "/vouching/", "/your-account/data/download/"):
        answer = plain.get(url)
        assert answer.status_code == 302, url
        assert answer.headers["Location"].startswith(reverse("second-factor")), url


@pytest.mark.parametrize("person", ["visitor", "host", "newcomer"])
def test_nobody_else_is_held_up(plain: Client, cast: Cast, person: str) -> None:
    """The negative control: the same pages, without such a role."""
    plain.force_login(getattr(cast, person))
    assert plain.get("/next-steps/").status_code == 200


def test_without_the_middleware_a_broker_would_walk_in(plain: Client, cast: Cast, settings: Settings) -> None:
    """The negative control of the protection itself."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("SecondFactorMiddleware")]
    plain.force_login(cast.broker)
    assert Client.get(plain, "/vouching/").status_code == 200


def test_posting_is_held_up_as_well(plain: Client, cast: Cast) -> None:
    plain.force_login(cast.administrator)
    answer = plain.post(reverse("close-account"), {"sure": "on"})
    assert answer.headers["Location"].startswith(reverse("second-factor"))
    cast.administrator.refresh_from_db()
    assert cast.administrator.is_active


def test_the_ways_to_it_and_out_stay_open(plain: Client, cast: Cast) -> None:
    plain.force_login(cast.broker)
    for name in ("second-factor", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "privacy", "ground-rules"):
        assert plain.get(reverse(name)).status_code == 200, name
    assert plain.post(reverse("account_logout")).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_everything(plain: Client, cast: Cast) -> None:
    verify_address(cast.broker)
    plain.force_login(cast.broker)
    set_up(plain)
    assert plain.get("/next-steps/").status_code == 200
    assert OutboxMail.objects.filter(to=cast.broker.email, template="people/account_notice").exists()
    assert Authenticator.objects.filter(user=cast.broker, type=Authenticator.Type.RECOVERY_CODES).exists()


@pytest.mark.django_db(transaction=True)
def test_who_has_just_set_it_up_sees_their_codes_at_once(plain: Client, cast: Cast) -> None:
    verify_address(cast.broker)
    plain.force_login(cast.broker)
    set_up(plain)
    page = plain.get(reverse("mfa_view_recovery_codes"))
    assert page.status_code == 200
    assert len(re.findall(r"<code>\d{8}</code>", page.content.decode())) == 10


@pytest.mark.parametrize("gap", ["", " "])
def test_a_code_is_good_once_for_as_long_as_it_is_taken(plain: Client, cast: Cast, gap: str) -> None:
    """Also once allauth's own note of it, which lasts half a minute, is gone; however the digits are spaced."""
    plain.force_login(cast.broker)
    give_second_factor(cast.broker)
    code, url = digits(SECRET), reverse("mfa_reauthenticate")
    assert plain.post(url, {"code": code}).status_code == 302
    forget_used(cast.broker, code)
    again = plain.post(url, {"code": f"{code[:3]}{gap}{code[3:]}"})
    assert "This code is not right" in again.content.decode()


def test_without_ours_it_would_be_good_twice(plain: Client, cast: Cast, settings: Settings) -> None:
    """The negative control."""
    settings.MFA_FORMS = {}
    plain.force_login(cast.broker)
    give_second_factor(cast.broker)
    code, url = digits(SECRET), reverse("mfa_reauthenticate")
    assert plain.post(url, {"code": code}).status_code == 302
    forget_used(cast.broker, code)
    assert plain.post(url, {"code": code}).status_code == 302


@pytest.mark.parametrize("has_one", [True, False])
def test_another_address_is_asked_for_with_the_second_factor(plain: Client, cast: Cast, has_one: bool) -> None:
    """A session left open is then not enough to take the account; the control is who has none to show."""
    verify_address(cast.visitor)
    plain.force_login(cast.visitor)
    if has_one:
        give_second_factor(cast.visitor)
    answer = plain.post(reverse("account_email"), {"email": "mine@evil.example", "action_add": "1"})
    way = "mfa_reauthenticate" if has_one else "account_email_verification_sent"
    assert answer.headers["Location"].partition("?")[0] == reverse(way)


@pytest.mark.parametrize("url", ["/next-steps/", "/", "/your-account/data/"])
def test_pages_of_somebody_signed_in_are_kept_by_nobody(plain: Client, cast: Cast, url: str) -> None:
    plain.force_login(cast.visitor)
    assert "no-store" in plain.get(url).headers["Cache-Control"]


def test_pages_of_nobody_may_be_kept_and_the_open_api_says_so_itself(plain: Client, cast: Cast) -> None:
    assert "no-store" not in plain.get("/").headers.get("Cache-Control", "")
    plain.force_login(cast.visitor)
    assert "public" in plain.get("/api/v1/organisations/").headers["Cache-Control"]


def test_too_many_tries_get_a_page_of_ours(plain: Client) -> None:
    answers = [plain.post("/accounts/signup/", {}) for _ in range(21)]
    assert answers[-1].status_code == 429
    assert "Wait five minutes" in answers[-1].content.decode()


def test_the_code_to_scan_is_drawn_in_the_page(plain: Client, cast: Cast) -> None:
    plain.force_login(cast.visitor)
    page = plain.get(reverse("mfa_activate_totp")).content.decode()
    assert '<svg class="app-qr"' in page
    assert "data:image" not in page


def test_a_session_from_before_has_to_show_the_factor_that_was_set_up_elsewhere(plain: Client, cast: Cast) -> None:
    """Somebody who reads a broker's mail and is signed in gets nothing from the broker's own setting up."""
    plain.force_login(cast.broker)
    give_second_factor(cast.broker)
    answer = plain.get("/vouching/")
    assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    plain.post(answer.headers["Location"], {"code": "000000"})
    assert plain.get("/vouching/").status_code == 302
    plain.post(answer.headers["Location"], {"code": digits(SECRET)})
    assert plain.get("/vouching/").status_code == 200


def test_taking_the_last_one_away_closes_the_pages_again(cast: Cast) -> None:
    client = HouseClient()
    client.force_login(cast.broker)
    assert client.get("/vouching/").status_code == 200
    Authenticator.objects.filter(user=cast.broker).delete()
    assert client.get("/vouching/").status_code == 302


def test_a_role_given_during_a_session_holds_it_up(plain: Client, cast: Cast) -> None:
    plain.force_login(cast.host)
    assert plain.get("/next-steps/").status_code == 200
    User.objects.filter(pk=cast.host.pk).update(is_curator=True)
    assert plain.get("/next-steps/").status_code == 302


def test_signing_in_asks_for_it_and_ten_tries_are_enough(plain: Client, cast: Cast) -> None:
    verify_address(cast.broker)
    give_second_factor(cast.broker)
    plain.post("/accounts/login/", {"login": cast.broker.email})
    found = re.search(r"Your code: (\S+)", OutboxMail.objects.latest("id").text)
    assert found
    answer = plain.post("/accounts/login/code/confirm/", {"code": found[1]})
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in plain.session
    plain.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in plain.session
    plain.post(reverse("mfa_authenticate"), {"code": digits(SECRET)})
    assert plain.session["_auth_user_id"] == str(cast.broker.pk)
    assert plain.get("/vouching/").status_code == 200


def test_guessing_is_limited(plain: Client, cast: Cast) -> None:
    verify_address(cast.broker)
    give_second_factor(cast.broker)
    plain.post("/accounts/login/", {"login": cast.broker.email})
    found = re.search(r"Your code: (\S+)", OutboxMail.objects.latest("id").text)
    assert found
    plain.post("/accounts/login/code/confirm/", {"code": found[1]})
    for number in range(12):
        plain.post(reverse("mfa_authenticate"), {"code": f"{number:06}"})
    plain.post(reverse("mfa_authenticate"), {"code": digits(SECRET)})
    assert "_auth_user_id" not in plain.session


def test_the_demonstrations_mark_means_nothing_elsewhere(plain: Client, cast: Cast) -> None:
    plain.force_login(cast.broker)
    session = plain.session
    session["demonstration"] = True
    session.save()
    assert plain.get("/vouching/").status_code == 302


def test_the_administration_has_no_sign_in_of_its_own(plain: Client, cast: Cast) -> None:
    assert plain.get("/admin/", follow=True).redirect_chain[-1][0].startswith(reverse("account_login"))
    page = plain.get("/admin/login/?next=/admin/")
    assert page.headers["Location"] == f"{reverse('account_login')}?next=%2Fadmin%2F"
    plain.force_login(cast.visitor)
    assert plain.get("/admin/login/").status_code == 403
    assert plain.post("/admin/login/", {"username": "x", "password": "x"}).status_code == 403


@pytest.mark.parametrize("person", ["broker", "curator"])
def test_the_administration_is_for_administrators(cast: Cast, person: str) -> None:
    client = HouseClient()
    client.force_login(getattr(cast, person))
    assert client.get("/admin/", follow=True).status_code == 403
    client.force_login(cast.administrator)
    assert client.get("/admin/").status_code == 200


def test_going_on_leads_to_our_own_pages_only(plain: Client, cast: Cast) -> None:
    plain.force_login(cast.broker)
    page = plain.get(reverse("second-factor"), {"next": "https://evil.example/"}).content.decode()
    assert "evil.example" not in page
