"""Mails about visits: one set of words for both bodies, safe in both, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from partnerships.ground.models import OutboxMail
from secondments import actions, emails
from secondments.models import HostOffer
from tests.cast import Cast
from tests.factories import AT, make_offer
from tests.secondments.helpers import ask, confirm, decision_of, mails_to, say

pytestmark = pytest.mark.django_db


def everything(cast: Cast) -> Iterator[OutboxMail]:
    """A mail of every kind."""
    make_offer(cast.elsewhere, cast.outsider, title="On the ward")
    first = ask(cast)
    say(first, "host", cast)
    emails.reminder("manu@council.example.org", "en-gb", [decision_of(first, "home_approver")])
    say(first, "home_approver", cast, yes=False)
    actions.withdraw(placement=ask(cast), by=cast.visitor, at=AT)
    actions.cancel(placement=ask(cast), by=cast.host, at=AT)
    actions.expire(placement=ask(cast), at=AT + timedelta(days=8))
    settled = confirm(cast)
    emails.did_it_happen(settled)
    actions.raise_concern(what_is_wrong="He shouted.", at=AT)
    yield from OutboxMail.objects.order_by("id")


def test_both_bodies_say_the_same_and_the_title_says_the_state(cast: Cast) -> None:
    for mail in everything(cast):
        title = mail.text.split("\n", 1)[0]
        assert title == mail.subject
        assert title.replace("’", "&#x27;").replace("'", "&#x27;")[:20] in mail.html
        assert "{{" not in mail.text + mail.html
        assert "None" not in mail.text + mail.html
        for line in mail.text.splitlines():
            if line.startswith("http"):
                assert line.strip().replace("&", "&amp;") in mail.html


def test_what_was_typed_is_text_in_both_bodies(cast: Cast) -> None:
    ask(cast, learn="How <b>bold</b> & brave?")
    mail = OutboxMail.objects.get(to=cast.host.email)
    assert "How <b>bold</b> & brave?" in mail.text
    assert "How &lt;b&gt;bold&lt;/b&gt; &amp; brave?" in mail.html
    assert "<b>bold" not in mail.html


def test_each_mail_has_one_button_or_leads_to_what_is_still_open(cast: Cast) -> None:
    for mail in everything(cast):
        assert mail.html.count("border-radius:6px;background:#0b5563;color:#ffffff") == 1, mail.subject
    declined = OutboxMail.objects.filter(subject__startswith="It does not work out").get()
    other = HostOffer.objects.get(title="On the ward")
    assert other.get_absolute_url() in declined.text
    assert other.get_absolute_url() in declined.html


def test_a_shared_desk_of_several_people_hears_at_each_address(cast: Cast) -> None:
    adviser = cast.adviser.memberships.get()
    adviser.is_coordinator = True
    adviser.save()
    ask(cast)
    for person in (cast.host, cast.adviser):
        assert mails_to(person.email or "") == ["Vera Visitor of Test Council would like to visit you"]
    links = {word for mail in OutboxMail.objects.all() for word in mail.text.split() if "/decide/" in word}
    assert len(links) == 3, "each reader has a link of their own"
