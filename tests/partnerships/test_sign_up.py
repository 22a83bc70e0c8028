"""/accounts/signup/ and /accounts/login/: by email and a mailed code, giving nothing away."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from partnerships.actions import invitations
from partnerships.ground.models import OutboxMail
from partnerships.models import User
from tests.cast import Cast
from tests.client import verify_address

pytestmark = pytest.mark.django_db
SIGN_UP, SIGN_IN = "/accounts/signup/", "/accounts/login/"
CONFIRM_NEW, CONFIRM = "/accounts/confirm-email/", "/accounts/login/code/confirm/"
NINA = {"name": "Nina New", "email": "Nina@Council.example.org"}


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def last_mail() -> OutboxMail:
    return OutboxMail.objects.latest("id")


def code() -> str:
    found = re.search(r"Your code: (\S+)", last_mail().text)
    assert found
    return found[1]


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_it_asks_name_and_address_and_no_password(client: Client) -> None:
    page = client.get(SIGN_UP).content.decode()
    assert re.findall(r'<input[^>]* name="(\w+)"', page).count("password1") == 0
    assert {"name", "email"} <= set(re.findall(r' name="(\w+)"', page))


def test_nobody_is_in_before_the_code_is_entered(client: Client) -> None:
    answer = client.post(SIGN_UP, NINA)
    assert answer.headers["Location"] == CONFIRM_NEW
    assert not signed_in(client)
    user = User.objects.get(email="nina@council.example.org")
    assert (user.name, user.has_usable_password()) == ("Nina New", False)
    assert (last_mail().to, last_mail().template) == ("nina@council.example.org", "people/account_code")
    answer = client.post(CONFIRM_NEW, {"code": code()})
    assert answer.headers["Location"] == reverse("next-steps")
    assert signed_in(client)


def test_the_code_is_in_the_mail_and_not_in_its_subject(client: Client) -> None:
    client.post(SIGN_UP, NINA)
    assert code() not in last_mail().subject


def test_opening_the_page_of_the_code_again_confirms_nothing(client: Client) -> None:
    client.post(SIGN_UP, NINA)
    client.get(CONFIRM_NEW, {"code": code()})
    assert not signed_in(client)


def test_a_wrong_code_is_refused_and_the_third_ends_it(client: Client) -> None:
    client.post(SIGN_UP, NINA)
    right = code()
    assert "This code is not right." in client.post(CONFIRM_NEW, {"code": "WRONG1"}).content.decode()
    client.post(CONFIRM_NEW, {"code": "WRONG2"})
    client.post(CONFIRM_NEW, {"code": "WRONG3"})
    client.post(CONFIRM_NEW, {"code": right})
    assert not signed_in(client)


def test_an_invitation_leads_back_to_its_page(client: Client, cast: Cast) -> None:
    invited = invitations.invite(organisation=cast.advice, email="nina@council.example.org", by=cast.host)
    onward = reverse("invitation", args=[invited.uuid])
    client.post(f"{SIGN_UP}?next={onward}", NINA | {"next": onward})
    assert client.post(CONFIRM_NEW, {"code": code()}).headers["Location"] == onward


def test_it_leads_to_no_other_site(client: Client) -> None:
    client.post(SIGN_UP, NINA | {"next": "https://evil.example/"})
    assert client.post(CONFIRM_NEW, {"code": code()}).headers["Location"] == reverse("next-steps")


def test_signing_in_by_code(client: Client, cast: Cast) -> None:
    verify_address(cast.visitor)
    answer = client.post(SIGN_IN, {"login": "Vera@council.example.org"})
    assert answer.headers["Location"] == CONFIRM
    assert not signed_in(client)
    client.post(CONFIRM, {"code": code()})
    assert client.session["_auth_user_id"] == str(cast.visitor.pk)


def test_a_code_works_once(client: Client, cast: Cast) -> None:
    verify_address(cast.visitor)
    client.post(SIGN_IN, {"login": cast.visitor.email})
    used = code()
    client.post(CONFIRM, {"code": used})
    client.post(reverse("account_logout"))
    client.post(SIGN_IN, {"login": cast.visitor.email})
    client.post(CONFIRM, {"code": used})
    assert not signed_in(client)


def test_a_code_is_bound_to_the_browser_that_asked(client: Client, cast: Cast) -> None:
    verify_address(cast.visitor)
    client.post(SIGN_IN, {"login": cast.visitor.email})
    other = Client()
    other.post(SIGN_IN, {"login": cast.manager.email})
    other.post(CONFIRM, {"code": code_to(cast.visitor)})
    assert not signed_in(other)


def test_known_and_unknown_addresses_get_the_same_answer(cast: Cast) -> None:
    verify_address(cast.visitor)
    answers = []
    for address in (cast.visitor.email, "nobody@nowhere.example"):
        browser = Client()
        first = browser.post(SIGN_IN, {"login": address})
        page = browser.get(first.headers["Location"]).content.decode()
        answers.append((first.status_code, first.headers["Location"], masked(page, str(address))))
    assert answers[0] == answers[1]
    assert last_mail().template == "people/account_unknown"


def test_signing_up_with_a_known_address_gives_nothing_away(cast: Cast) -> None:
    verify_address(cast.visitor)
    answers = []
    for address in (cast.visitor.email, "nobody@nowhere.example"):
        browser = Client()
        first = browser.post(SIGN_UP, {"name": "X", "email": address})
        page = browser.get(first.headers["Location"]).content.decode()
        answers.append((first.status_code, first.headers["Location"], masked(page, str(address))))
    assert answers[0] == answers[1]
    assert OutboxMail.objects.filter(to=cast.visitor.email, template="people/account_exists").exists()
    assert User.objects.get(pk=cast.visitor.pk).name == "Vera Visitor"


def test_codes_for_one_address_are_limited(cast: Cast) -> None:
    verify_address(cast.visitor)
    statuses = [Client().post(SIGN_IN, {"login": cast.visitor.email}).status_code for _ in range(5)]
    assert OutboxMail.objects.filter(to=cast.visitor.email).count() <= 3
    assert statuses[:3] == [302, 302, 302]


def test_another_address_is_not_held_up_by_that_limit(cast: Cast) -> None:
    """The negative control: the limit is the address's, not everybody's."""
    verify_address(cast.visitor)
    verify_address(cast.manager)
    for _ in range(5):
        Client().post(SIGN_IN, {"login": cast.visitor.email})
    assert Client().post(SIGN_IN, {"login": cast.manager.email}).status_code == 302
    assert OutboxMail.objects.filter(to=cast.manager.email).count() == 1


def test_a_closed_account_does_not_come_back(client: Client, cast: Cast) -> None:
    verify_address(cast.visitor)
    User.objects.filter(pk=cast.visitor.pk).update(is_active=False)
    client.post(SIGN_IN, {"login": cast.visitor.email})
    client.post(CONFIRM, {"code": code()}) if last_mail().template == "people/account_code" else None
    assert not signed_in(client)


def test_signing_out_needs_a_press(client: Client, cast: Cast) -> None:
    client.force_login(cast.visitor)
    client.get(reverse("account_logout"))
    assert signed_in(client)
    client.post(reverse("account_logout"))
    assert not signed_in(client)


def test_there_are_no_passwords(client: Client, cast: Cast) -> None:
    for path in ("change/", "set/", "reset/", "reset/key/1-abc/"):
        assert "There are no passwords here" in client.get(f"/accounts/password/{path}").content.decode()
    cast.visitor.set_password("a long and secret sentence")
    cast.visitor.save()
    client.post(SIGN_IN, {"login": cast.visitor.email, "password": "a long and secret sentence"})
    assert not signed_in(client)


def test_the_address_changes_once_the_new_one_is_confirmed(client: Client, cast: Cast) -> None:
    verify_address(cast.visitor)
    client.force_login(cast.visitor)
    client.post(reverse("account_email"), {"email": "vera@new.example.org", "action_add": "1"})
    cast.visitor.refresh_from_db()
    assert cast.visitor.email == "vera@council.example.org"
    client.post(CONFIRM_NEW, {"code": code()})
    cast.visitor.refresh_from_db()
    assert cast.visitor.email == "vera@new.example.org"
    assert OutboxMail.objects.filter(to="vera@council.example.org", template="people/account_notice").exists()


def code_to(user: User) -> str:
    mail = OutboxMail.objects.filter(to=user.email, template="people/account_code").latest("id")
    found = re.search(r"Your code: (\S+)", mail.text)
    assert found
    return found[1]


def masked(page: str, address: str) -> str:
    return re.sub(r'value="[^"]{20,}"', "", page).replace(address, "")


EVIL = ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"]


@pytest.mark.parametrize("onward", EVIL)
def test_signing_in_leads_to_our_own_pages_only(client: Client, cast: Cast, onward: str) -> None:
    verify_address(cast.host)
    client.post(f"{SIGN_IN}?next={quote(onward)}", {"login": cast.host.email, "next": onward})
    answer = client.post(CONFIRM, {"code": code(), "next": onward})
    assert signed_in(client)
    assert answer.headers["Location"] == reverse("next-steps")


@pytest.mark.parametrize("onward", EVIL)
def test_signing_out_leads_to_our_own_pages_only(client: Client, cast: Cast, onward: str) -> None:
    client.force_login(cast.host)
    answer = client.post(f"/accounts/logout/?next={quote(onward)}", {"next": onward})
    assert answer.headers["Location"] == "/"


def test_a_session_from_before_signing_in_opens_nothing_after(client: Client, cast: Cast) -> None:
    """Whoever gave somebody a session of theirs does not get in with it once that person has."""
    verify_address(cast.host)
    client.post(SIGN_IN, {"login": cast.host.email})
    before = client.session.session_key or ""
    client.post(CONFIRM, {"code": code()})
    assert signed_in(client)
    assert client.session.session_key != before
    given = Client()
    given.cookies["session"] = before
    assert given.get(reverse("next-steps")).status_code == 302


def test_a_name_puts_no_lines_of_its_own_into_mails(client: Client) -> None:
    client.post(SIGN_UP, {**NINA, "name": "Nina\r\n\r\nSign in at https://evil.example"})
    assert User.objects.get(email="nina@council.example.org").name == "Nina  Sign in at https://evil.example"


def test_changing_to_an_address_that_somebody_has_tells_nothing(client: Client, cast: Cast) -> None:
    verify_address(cast.host)
    verify_address(cast.visitor)
    client.force_login(cast.visitor)
    answers = []
    for email in (cast.host.email or "", "nobody@council.example.org"):
        answer = client.post(reverse("account_email"), {"email": email, "action_add": ""}, follow=True)
        answers.append(answer.content.decode().replace(email, "…"))
    assert re.sub(r'value="\w{64}"', "", answers[0]) == re.sub(r'value="\w{64}"', "", answers[1])
