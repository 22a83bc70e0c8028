"""The demonstration's round of 120: its broker matches it, reads it, changes it and tells everyone; somebody says yes.

The work is done by processes of their own, as in a deployment: by the job runner, and by Celery on Redis.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.urls import reverse
from playwright.sync_api import Page, expect

from config.database import Cluster
from partnerships import demo as people
from partnerships.models import User
from secondments.demo import neighbours, visits
from secondments.models import MatchRun, Placement, Round
from secondments.states import DecisionKind, DecisionState
from tests.browser.conftest import SignIn
from tests.browser.looking import faults
from tests.browser.ways import mailed_link
from tests.faults.machine import Process

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

A_MATCHING = 120_000
"""Milliseconds, on a machine that is slow and does much else."""

BY_RUNNER, BY_CELERY = "runjobs", "celery"


@pytest.fixture
def a_round(transactional_db: None) -> Round:
    with transaction.atomic():
        people.load()
        visits.load()
        neighbours.load()
    return Round.objects.get(programme__name=neighbours.NAME)


@pytest.fixture(params=[BY_RUNNER, pytest.param(BY_CELERY, marks=pytest.mark.redis)])
def at_work(request: pytest.FixtureRequest, site: str, tmp_path: Path) -> Iterator[None]:
    """Somebody who does the jobs; gone before the database is emptied."""
    environment = {
        **os.environ,
        # The one that the site has, by the name that the tests gave it.
        "DATABASE_URL": Cluster.of(testing=True).url(connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "SITE_ADDRESS": site,
        "LOG_LEVEL": "WARNING",
        # Letters are kept once they are sent, as for whoever tries the demonstration.
        "DEMO": "1",
    }
    commands: list[tuple[str, ...]] = [("django", "runjobs", "--skip-checks")]
    if request.param == BY_CELERY:
        environment["REDIS_URL"] = request.getfixturevalue("redis_server").url
        commands = [
            ("celery", "--app=config", "worker", "--concurrency=2", "--loglevel=warning"),
            ("celery", "--app=config", "beat", "--loglevel=warning", f"--schedule={tmp_path / 'beat'}"),
        ]
    started = [Process(command, environment, tmp_path / f"{command[2]}.log") for command in commands]
    for process in started:
        process.start()
    yield
    for process in started:
        process.kill_all()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words, timeout=A_MATCHING)


def test_a_round_of_120_is_matched_read_changed_and_published(
    a_round: Round, at_work: None, sign_in: SignIn, site: str
) -> None:
    sam = sign_in(User.objects.get(email="sam@cvs.demo.example"))
    sam.goto(reverse("next-steps"))
    sam.get_by_role("button", name="Match them").click()
    heading(sam, "120 people have joined")
    sam.get_by_role("button", name="Match", exact=True).click()
    # Whoever is matched quickly is never seen at it: the live page is looked at in the tests of small rounds.
    expect(sam.get_by_role("heading", level=1)).to_contain_text("of 120 people have a place", timeout=A_MATCHING)
    run = a_round.latest_run()
    heading(sam, f"{run.matches.count()} of 120 people have a place")

    # Who, why, who not, and why not.
    expect(sam.get_by_text("Shows what was asked for").first).to_be_visible()
    sam.get_by_role("link", name=f"{run.not_placed.count()} people without a place, and why").click()
    expect(sam.get_by_role("heading", name="Without a place")).to_be_in_viewport()
    expect(sam.get_by_text("No host in this round suited what was asked for.").first).to_be_visible()
    expect(sam.get_by_text("What would help").first).to_be_visible()
    assert faults(sam, "the desk of 120 people") == []

    expect(sam.get_by_text("Changes places with").first).to_be_visible()

    apart = run.matches.filter(exchange=None).first()
    assert apart
    # Those who change places stand first, so that this one may stand on any page.
    sam.goto(reverse("round-person", args=[a_round.slug, apart.participation.uuid]))
    sam.get_by_role("link", name="Keep these two apart").click()
    expect(sam.get_by_role("heading", name="What it would change")).to_be_visible()
    sam.get_by_label("They told me so").check()
    sam.get_by_role("button", name="Keep these two apart").click()
    expect(sam.get_by_text("Not in this proposal yet")).to_be_visible()
    sam.get_by_role("button", name="Match again", exact=True).click()
    expect(sam.get_by_role("button", name="Tell everyone")).to_be_visible(timeout=A_MATCHING)
    again = a_round.latest_run()
    assert again.number > run.number
    assert not again.matches.filter(participation=apart.participation, offer=apart.offer).exists()

    sam.get_by_role("button", name="Tell everyone").click()
    sam.get_by_role("button", name="Tell everyone").click()
    expect(sam.get_by_text("Everyone has been told.")).to_be_visible(timeout=A_MATCHING)
    assert not again.matches.filter(placement=None).exists(), "each match that was read is asked for"
    says_yes(again, sign_in, site)


def says_yes(run: MatchRun, sign_in: SignIn, site: str) -> None:
    """Somebody reads on a phone that they have a place, from the letter, and says yes."""
    visit = Placement.objects.filter(match__run=run).select_related("visitor").earliest("id")
    phone = sign_in(None, phone=True)
    phone.goto(mailed_link(visit.visitor.email or "", site))
    expect(phone.get_by_text(visit.offer.organisation.name).first).to_be_visible()
    phone.get_by_role("button", name="Yes").click()
    expect(phone.get_by_role("button", name="Yes")).to_have_count(0)
    assert visit.decisions.get(kind=DecisionKind.VISITOR).state == DecisionState.YES
    mine = sign_in(visit.visitor, phone=True)
    mine.goto(run.round.get_absolute_url())
    heading(mine, "You have a place")
