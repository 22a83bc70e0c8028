"""axe finds nothing on pages in their other states either: signing in, refused, wrong, demonstrated, and as things go
their way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from playwright.sync_api import Page, Route, expect
from pytest_django.fixtures import Settings

from partnerships.demo import SEATS
from partnerships.ground import jobs
from partnerships.ground.models import OutboxMail
from partnerships.models import User
from partnerships.states import CaseStudyState, ConsentState
from secondments import actions
from secondments.actions.rounds import ask_for_match, close_round
from secondments.models import Placement
from secondments.states import CheckKind, DecisionKind, PlacementState
from tests.access import make_world
from tests.browser.conftest import SignIn
from tests.browser.looking import faults
from tests.browser.ways import mailed_code
from tests.cast import Cast
from tests.factories import AT, make_need, make_offer, make_round, make_story, make_user
from tests.secondments.helpers import ask, confirm, free_half_days, say
from tests.secondments.rounds import first_week, join, matched, published
from volunteering.states import NeedState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look(page: Page, address: str, where: str = "") -> list[str]:
    page.goto(address)
    return faults(page, where or address)


def look_at(page: Page, document: str, where: str) -> list[str]:
    """The same for a document that no address of ours answers with at will."""

    def show(route: Route) -> None:
        route.fulfill(body=document, content_type="text/html")

    page.route("**/document/", show)
    found = look(page, "/document/", where)
    page.unroute("**/document/")
    return found


def test_making_an_account_and_its_second_step(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(None)
    found = look(page, reverse("account_login")) + look(page, reverse("account_request_login_code"))
    found += look(page, reverse("account_signup"))
    page.get_by_role("button", name="Make an account").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += faults(page, "signing up with nothing entered")
    page.get_by_label("Your name").fill("Nora New")
    page.get_by_label("Email").fill("nora@home.example.org")
    page.get_by_role("button", name="Make an account").click()
    page.get_by_label("Code").fill("WRONG1")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += faults(page, "a wrong code")
    page.get_by_label("Code").fill(mailed_code("nora@home.example.org"))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your next steps")
    for name in (
        "account_email",
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_activate_totp",
    ):
        found += look(page, reverse(name))
    broker = sign_in(cast.broker)
    for name in ("mfa_index", "mfa_reauthenticate", "mfa_deactivate_totp", "mfa_generate_recovery_codes"):
        found += look(broker, reverse(name), f"{name} with an app")
    assert found == []


def test_what_is_refused_missing_or_broken(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.adviser)
    found = look(page, "/nothing-here/") + look(page, reverse("vouching"), "not for them")
    for name in ("400.html", "403_csrf.html", "500.html"):
        found += look_at(page, render_to_string(name), name)
    assert found == []


def test_forms_with_nothing_entered(cast: Cast, sign_in: SignIn) -> None:
    world = make_world(cast)
    forms: list[tuple[User | None, str, list[Any], str]] = [
        (None, "need-new", [], "Continue"),
        (None, "concern-new", [], "Send"),
        (cast.newcomer, "organisation-new", [], "Enter it"),
        (cast.newcomer, "claim-organisation", [world.listed.slug], "Send"),
        (cast.newcomer, "close-account", [], "Close my account"),
        (cast.host, "people", [cast.advice.slug], "Send the invitation"),
        (cast.host, "domain-add", [cast.advice.slug], "Add"),
        (cast.host, "offer-new", [], "Continue"),
        (cast.host, "offer-write", [cast.advice.slug, "own-words"], "Keep as a draft"),
        (cast.host, "offer-days", [world.draft_offer.slug], "Add these days"),
        (cast.broker, "round-new", [], "Keep as a draft, and look at it"),
        (cast.broker, "round-again", [world.a_round.slug], "Keep as a draft, and look at it"),
        (cast.colleague, "round-join", [world.a_round.slug], "Join"),
        (cast.curator, "story-new", [], "Save"),
        (cast.visitor, "need-answer", [world.need.uuid], "Send your message"),
    ]
    pages: dict[User | None, Page] = {}
    found = []
    for person, name, arguments, button in forms:
        if person not in pages:
            pages[person] = sign_in(person)
        page = pages[person]
        page.goto(reverse(name, args=arguments))
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("alert")).to_be_visible()
        found += faults(page, f"{name} with errors")
    assert found == []


def test_the_demonstration(cast: Cast, sign_in: SignIn, settings: Settings) -> None:
    settings.DEMO = True
    make_world(cast)
    for seat in SEATS[:3]:
        make_user(email=seat.email)
    page = sign_in(None)
    found = look(page, reverse("demo")) + look(page, reverse("demo_mail")) + look(page, reverse("design"))
    for mail in OutboxMail.objects.order_by("template").distinct("template"):
        found += look(page, reverse("demo_mail_message", args=[mail.uuid]))
        # In its own frame it may run no script, so no axe either.
        found += look_at(page, mail.html, f"the mail {mail.template}")
    assert found == []


def lives(cast: Cast) -> Iterator[Placement]:
    """Visits in every state that one can be in, one after another; each is yielded as it gets there."""
    over = AT + timedelta(days=60)
    placement = ask(cast)
    say(placement, DecisionKind.HOST, cast, yes=False)
    yield placement
    placement = ask(cast)
    actions.withdraw(placement=placement, by=cast.visitor, at=AT)
    yield placement
    placement = ask(cast)
    actions.expire(placement=placement, at=over)
    yield placement
    placement = confirm(cast)
    actions.cancel(placement=placement, by=cast.host, at=AT)
    yield placement
    placement = confirm(cast)
    actions.did_not_happen(placement=placement, by=cast.host, at=over)
    yield placement
    letter = make_offer(cast.advice, cast.host, sessions=2, checks=[CheckKind.LETTER_OF_ASSURANCE])
    placement = ask(cast, offer=letter, wants_return=True)
    yield placement
    say(placement, DecisionKind.HOST, cast)
    say(placement, DecisionKind.HOME_APPROVER, cast)
    yield placement
    actions.check(placement=placement, kind=CheckKind.LETTER_OF_ASSURANCE, by=cast.home_coordinator, at=AT)
    yield placement
    actions.start(placement=placement, at=over)
    yield placement
    actions.complete(placement=placement, minutes=120, by=cast.host, at=over)
    yield placement


def test_a_visit_in_each_of_its_states(cast: Cast, sign_in: SignIn) -> None:
    visitor, host = sign_in(cast.visitor), sign_in(cast.host)
    found, states = [], set()
    for placement in lives(cast):
        placement.refresh_from_db()
        states.add(placement.state)
        for who, page in (("visitor", visitor), ("host", host)):
            found += look(page, placement.get_absolute_url(), f"{placement.state}, {who}")
    found += look(visitor, reverse("placements"), "all visits")
    found += look(host, reverse("next-steps"), "steps of a host")
    assert found == []
    assert states == set(PlacementState)


def test_a_round_in_each_of_its_states(cast: Cast, sign_in: SignIn) -> None:
    make_offer(cast.advice, cast.host, places=2)
    a_round = make_round(cast.cvs)
    desk, joiner = sign_in(cast.broker), sign_in(cast.visitor)
    found = []

    def look_at(state: str) -> None:
        found.extend(look(desk, reverse("round-desk", args=[a_round.slug]), f"desk: {state}"))
        found.extend(look(joiner, a_round.get_absolute_url(), f"round: {state}"))

    def work() -> None:
        desk.goto("about:blank")  # the desk follows the job, and would load itself again while it is being opened
        jobs.run_due()

    look_at("nobody yet")
    join(a_round, cast.visitor_membership)
    look_at("joined")
    close_round(a_round=a_round, by=cast.broker, at=AT)
    look_at("closed")
    ask_for_match(a_round=a_round, by=cast.broker, at=AT, seed=7)
    look_at("waiting to be matched")
    work()
    look_at("proposed")
    desk.get_by_role("button", name="Tell everyone").click()
    expect(desk).to_have_url(re.compile("/publish/$"))
    found += faults(desk, "before telling everyone")
    desk.get_by_role("button", name="Tell everyone").click()
    expect(desk.get_by_text("Everyone is being told")).to_be_visible()
    look_at("being published")
    work()
    look_at("published")
    assert found == []


def test_what_is_open_in_return_and_instead(cast: Cast, sign_in: SignIn) -> None:
    over = AT + timedelta(days=60)
    make_offer(cast.council, cast.home_coordinator, title="A day with those who decide about the money")
    visitor, host, home = sign_in(cast.visitor), sign_in(cast.host), sign_in(cast.home_coordinator)
    found = look(visitor, cast.offer.get_absolute_url(), "an offer that asks about ties")
    assert visitor.get_by_text("Does your team fund").is_visible()
    first = confirm(cast, wants_return=True)
    actions.start(placement=first, at=over)
    actions.complete(placement=first, minutes=120, by=cast.host, at=over)
    host.goto(first.get_absolute_url())
    host.get_by_role("button", name="Somebody would like to go").click()
    expect(host.get_by_role("heading", level=1)).to_have_text("Your visit in return at Test Council")
    found += faults(host, "what is open in return")
    ask(cast, half_days=free_half_days(cast.offer, 4)[2:])
    found += look(host, reverse("to-answer"), "answers that wait")
    found += look(host, reverse("overview", args=[cast.advice.slug]), "the side of a host")
    found += look(home, reverse("overview", args=[cast.council.slug]), "the side of a home")
    found += look(visitor, reverse("organisations") + "?who=here", "only those here")
    assert found == []


def test_no_place_and_what_is_still_open(cast: Cast, sign_in: SignIn) -> None:
    a_round = make_round(cast.cvs)
    make_offer(cast.elsewhere, cast.outsider, title="A night on the ward")
    join(
        a_round, cast.visitor_membership, weeks=[first_week(a_round) + timedelta(weeks=6)]
    )  # the only host is not open
    matched(cast, a_round)
    published(a_round, cast.broker)
    page = sign_in(cast.visitor)
    found = look(page, a_round.get_absolute_url(), "no place this time")
    expect(page.get_by_role("list", name="Still open").get_by_role("link")).to_have_count(2)
    assert found == []


def test_needs_and_stories_in_their_states(cast: Cast, sign_in: SignIn) -> None:
    author, curator, host = sign_in(cast.adviser), sign_in(cast.curator), sign_in(cast.host)
    found = []
    for state in NeedState:
        need = make_need(cast.advice, cast.adviser, state=state)
        found += look(author, need.get_absolute_url(), f"need: {state}")
    for told, consent in (
        (CaseStudyState.DRAFT, ConsentState.NOT_ASKED),
        (CaseStudyState.WAITING, ConsentState.GIVEN),
        (CaseStudyState.PUBLISHED, ConsentState.GIVEN),
        (CaseStudyState.WITHDRAWN, ConsentState.TAKEN_BACK),
    ):
        story = make_story(cast.curator, cast.advice, cast.council, state=told, consent=consent)
        found += look(curator, story.get_absolute_url(), f"story: {told}")
        asked = story.consents.get(organisation=cast.advice)
        found += look(host, reverse("consent", args=[asked.uuid]), f"consent: {consent}")
    found += look(curator, reverse("stories"), "the curator’s desk")
    found += look(author, reverse("next-steps"), "steps of an author")
    assert found == []
