"""/next-steps/: the first page after signing in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localtime

from partnerships import next_steps
from partnerships.actions import claims, invitations, memberships, organisations
from partnerships.ground import steps
from partnerships.ground.templatetags.look import moment
from partnerships.models import User
from partnerships.states import CaseStudyState, ConsentState, Field, OrganisationState
from secondments.states import RoundState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_need, make_organisation, make_round, make_story
from volunteering.states import NeedState

pytestmark = pytest.mark.django_db
URL = "/next-steps/"


def titles(user: User) -> list[str]:
    return [step.title for step in next_steps.steps(User.objects.get(pk=user.pk), AT)]


def test_signing_in_leads_here_and_strangers_sign_in(client: Client) -> None:
    assert str(settings.LOGIN_REDIRECT_URL) == URL
    assert client.get(URL).status_code == 302


def test_somebody_new_says_where_they_work(client: Client, cast: Cast) -> None:
    client.force_login(cast.newcomer)
    page = client.get(URL).content.decode()
    assert "app-next-step" in page
    assert reverse("join-organisation") in page


def test_with_nothing_to_do_it_says_what_one_can_do(client: Client, cast: Cast) -> None:
    client.force_login(cast.manager)
    assert "Nothing waits for you" in client.get(URL).content.decode()


def test_a_curator_knows_which_stories_wait_and_which_are_ready(cast: Cast) -> None:
    waiting = {"state": CaseStudyState.WAITING, "published_at": None}
    make_story(cast.curator, cast.council, cast.advice, consent=ConsentState.ASKED, **waiting)
    assert titles(cast.curator) == ["1 story waits for a yes"]
    ready = make_story(cast.curator, cast.council, **waiting)
    make_story(cast.curator, cast.council, consent=ConsentState.REFUSED, **waiting)
    assert set(titles(cast.curator)) == {"2 stories wait for a yes", f"Publish “{ready.title}”"}
    assert not any("waits for a yes" in title for title in titles(cast.administrator))


def test_an_invitation_stands_before_joining_by_oneself(cast: Cast) -> None:
    invitations.invite(organisation=cast.advice, email=cast.newcomer.email or "", by=cast.host, at=AT)
    assert titles(cast.newcomer)[0] == "Answer the invitation of Test Advice"


def test_who_has_asked_is_told_to_wait(cast: Cast) -> None:
    memberships.ask_to_join(organisation=cast.council, by=cast.newcomer, at=AT)
    assert titles(cast.newcomer) == ["You have asked to join"]
    assert titles(cast.home_coordinator) == ["1 person says that they work at Test Council"]
    assert titles(cast.colleague) == []
    assert titles(cast.outsider) == []


def test_a_commissioner_names_who_agrees(cast: Cast) -> None:
    cast.visitor.memberships.update(agrees_email="")
    assert titles(cast.visitor) == ["Say who agrees to your going"]


def test_brokers_see_who_waits_in_their_area(cast: Cast) -> None:
    assert cast.advice.place
    organisations.found_organisation(
        name="Shed", place=cast.advice.place, field=Field.COMMUNITY, what_it_does="x", by=cast.newcomer, at=AT
    )
    assert titles(cast.broker) == ["1 organisation waits for somebody who knows it"]
    assert titles(cast.outsider) == []


def test_administrators_see_claims_but_not_their_own(cast: Cast) -> None:
    for person in (cast.newcomer, cast.administrator):
        claims.claim_organisation(
            organisation=make_organisation(state=OrganisationState.LISTED),
            job_title="x",
            evidence="x",
            by=person,
            at=AT,
        )
    assert titles(cast.administrator) == ["1 person says that they look after a listed organisation"]


def test_the_others_follow_as_a_list(client: Client, cast: Cast) -> None:
    for organisation in (cast.advice, cast.council):
        by = cast.host if organisation == cast.advice else cast.home_coordinator
        invitations.invite(organisation=organisation, email=cast.newcomer.email or "", by=by)
    client.force_login(cast.newcomer)
    page = client.get(URL).content.decode()
    assert page.count("app-next-step__title") == 1
    assert page.count("govuk-task-list__item--with-link") == 2


def test_the_list_tells_what_is_theirs_from_what_waits_for_others(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = steps.NextStep("Own", "x", "/", "x", weight=2, by=AT)
    found = [replace(own, title="First", weight=1), own, replace(own, title="Theirs", by=None, status="Waiting")]
    monkeypatch.setattr(steps, "gather", lambda user, at: found)
    client.force_login(cast.newcomer)
    tasks = client.get(URL).context["tasks"]
    day = moment(localtime(AT).date())
    assert [(task.status, task.tone) for task in tasks] == [(f"By {day}", "waiting"), ("Waiting", "quiet")]


def test_the_card_says_by_when(client: Client, cast: Cast) -> None:
    invitations.invite(organisation=cast.advice, email=cast.newcomer.email or "", by=cast.host)
    (invitation,) = cast.advice.invitations.all()
    client.force_login(cast.newcomer)
    page = client.get(URL).content.decode()
    assert (
        f"They say that you work or volunteer with them. By {moment(localtime(invitation.expires_at).date())}." in page
    )


def test_what_it_costs_a_broker(cast: Cast) -> None:
    """A broker is asked about more than anybody; each further source of steps has to be worth its queries."""
    assert cast.advice.place
    organisations.found_organisation(
        name="Shed", place=cast.advice.place, field=Field.COMMUNITY, what_it_does="x", by=cast.newcomer, at=AT
    )
    make_round(cast.cvs, state=RoundState.CLOSED)
    make_need(cast.cvs, cast.broker, state=NeedState.DRAFT)
    make_need(cast.cvs, cast.broker, needed_by=AT.date() - timedelta(days=600))
    browser = enter(cast.broker)
    with CaptureQueriesContext(connection) as queries:
        page = browser.get(URL).content.decode()
    for said in ("waits for somebody who knows it", "wait to be matched", "Publish your skill need", "Did help come?"):
        assert said in page
    assert len(queries) <= 15
