"""Written down by phone, and invited from a list: what the broker, the coordinator and the people see on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from partnerships.ground import jobs
from partnerships.states import WhoAgrees
from secondments.models import Entry, Participation, Round
from tests.browser.conftest import SignIn
from tests.browser.looking import faults
from tests.cast import Cast
from tests.factories import make_round
from tests.secondments.entered import link_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "Name;Email;Job title\r\nZoë Quill;zoe@advice.example.org;Adviser\r\nNo Mail;;\r\nAl;al at home;\r\n"


@pytest.fixture
def a_round(cast: Cast) -> Round:
    cast.advice.who_agrees = WhoAgrees.SELF
    cast.advice.save()
    return make_round(cast.cvs)


def test_a_broker_writes_somebody_down_and_they_say_yes_on_their_phone(
    cast: Cast, a_round: Round, sign_in: SignIn
) -> None:
    broker = sign_in(cast.broker)
    broker.goto(reverse("round-desk", args=[a_round.slug]))
    broker.get_by_role("link", name="Enter somebody for them").click()
    found = faults(broker, "where they work")
    broker.get_by_label("Where do they work or volunteer?").fill("Test Advice")
    broker.get_by_role("button", name="Continue").click()
    broker.get_by_role("button", name="Write it down and ask them").click()
    expect(broker.get_by_role("alert")).to_contain_text("Enter")
    found += faults(broker, "with nothing entered")
    broker.get_by_label("Their name").fill("Pat Phoned")
    broker.get_by_label("Their email address").fill("pat@advice.example.org")
    broker.get_by_label("What they hope to learn").fill("How the council decides")
    broker.get_by_role("checkbox", name="Week of", exact=False).first.check()
    broker.get_by_role("radio", name="No").check()
    broker.get_by_role("button", name="Write it down and ask them").click()
    expect(broker.get_by_role("heading", level=1)).to_have_text("1 person has not answered yet")
    found += faults(broker, "who has not answered")
    broker.goto(reverse("round-desk", args=[a_round.slug]))
    expect(broker.get_by_text("Pat Phoned")).to_be_visible()
    found += faults(broker, "the desk with somebody who has not answered")

    pat = sign_in(None, phone=True)
    pat.goto(link_to("pat@advice.example.org"))
    expect(pat.get_by_role("heading", level=1)).to_have_text("Is this right?")
    found += faults(pat, "is this right")
    pat.get_by_role("link", name="Change something first").click()
    found += faults(pat, "changing it")
    pat.get_by_label("What you hope to learn").fill("How the council decides, and who")
    pat.get_by_role("button", name="Yes, take part").click()
    expect(pat.get_by_role("heading", level=1)).to_contain_text("You take part in")
    found += faults(pat, "taking part")
    assert Participation.objects.get().learn == "How the council decides, and who"
    assert found == []


def test_a_coordinator_invites_people_from_a_list_and_mends_it(
    cast: Cast, a_round: Round, sign_in: SignIn, tmp_path: Path
) -> None:
    file = tmp_path / "staff.csv"
    file.write_bytes(LIST.encode("cp1252"))
    page = sign_in(cast.host)
    page.goto(reverse("staff-list-new", args=[a_round.slug]))
    found = faults(page, "sending a list")
    page.get_by_role("button", name="Look it over").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a file")
    page.get_by_label("The file").set_input_files(file)
    page.get_by_role("button", name="Look it over").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 person can be invited")
    found += faults(page, "looking a list over")
    page.get_by_role("button", name="Invite them").click()
    expect(page.get_by_role("status")).to_contain_text("Waiting for its turn")
    found += faults(page, "people are being invited")
    jobs.run_due()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 person is invited")
    found += faults(page, "a list that was sent")
    with page.expect_download() as mended:
        page.get_by_role("button", name="Download what is to be mended").click()
    text = Path(mended.value.path()).read_text(encoding="utf-8-sig")
    assert text.count("\n") == 3
    assert "is no email address" in text
    assert Entry.objects.get().name == "Zoë Quill"
    assert found == []
