"""/programmes/…/results/: what everybody reads of a published round, and /desk/figures/: what its brokers read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground import jobs
from partnerships.models import ApprovedDomain
from partnerships.states import Field
from secondments.actions.publishing import publish_round
from secondments.actions.rounds import archive_round
from secondments.matches import results
from secondments.models import MatchRun, Round
from secondments.states import AccessNeed, RoundState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_offer, make_organisation, make_round, make_user
from tests.secondments.proposals import Proposal
from tests.secondments.rounds import first_week, join, matched, published
from tests.secondments.told import make_told_round

pytestmark = pytest.mark.django_db


def address(a_round: Round) -> str:
    return reverse("round-results", args=[a_round.slug])


def read(a_round: Round, client: Client | None = None) -> str:
    return (client or Client()).get(address(a_round)).content.decode()


def a_big_one(cast: Cast, *, people: int = 12, places: int = 7, **said: Any) -> Round:
    """So many people of the council, and a host with so many places."""
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    make_offer(cast.advice, cast.host, places=places)
    a_round = make_round(cast.cvs, opened_at=AT)
    for _ in range(people):
        join(a_round, make_membership(make_user(), cast.council), weeks=[first_week(a_round)], **said)
    matched(cast, a_round)
    return a_round


def test_anybody_reads_what_was_reached_and_for_whom(cast: Cast) -> None:
    a_round = a_big_one(cast)
    assert Client().get(address(a_round)).status_code == 404
    published(a_round, cast.broker)
    page = read(a_round)
    assert "7 of 12 people have a place" in page
    assert "People were matched by exactly these." in page
    assert "before anybody could join" in page
    assert "Proven" in page
    assert "7 of 12" in page
    assert "What comes first" not in page
    run = a_round.latest_run()
    assert run.figures["problem"] in page
    assert str(run.uuid) in page
    assert f"{cast.council.name}" not in page

    archived = Round.objects.get()
    Round.objects.update(ends_on=AT.date().replace(year=2020), starts_on=AT.date().replace(year=2020), settled_at=AT)
    archive_round(a_round=archived, by=cast.broker, at=AT)
    assert "7 of 12 people have a place" in read(a_round)


def test_only_what_was_told_is_shown(cast: Cast) -> None:
    """Before everyone is told, the figures would say what nobody knows yet."""
    a_round = a_big_one(cast)
    publish_round(a_round=a_round, by=cast.broker, at=AT)
    for state in RoundState:
        Round.objects.update(state=state, called_off_because="Too few have joined")
        assert Client().get(address(a_round)).status_code == 404
    Round.objects.update(state=RoundState.PUBLISHING, called_off_because="")
    jobs.run_due()
    assert Client().get(address(a_round)).status_code == 200
    Round.objects.update(state=RoundState.MATCHING)
    assert Client().get(address(a_round)).status_code == 404


def test_no_name_and_no_small_number_is_stored_for_the_page(cast: Cast) -> None:
    a_round = a_big_one(cast, people=12, places=9)
    published(a_round, cast.broker)
    stored = json.dumps(a_round.results)
    assert all(person.membership.user.name not in stored for person in a_round.participations.all())
    assert a_round.results is not None
    assert (a_round.results["placed"], a_round.results["without"], a_round.results["few"]) == (None, None, "without")
    page = read(a_round)
    assert "All but a few of 12 people have a place" in page
    assert "Not shown: it would be about few people" in page
    assert "9 " not in page.split("<main")[1].split("How to check it")[0].replace("12", "")

    figures = enter(cast.broker).get(reverse("round-figures", args=[a_round.slug])).content.decode()
    assert "9 of 12 people have a place" in figures


def test_the_page_reads_nothing_about_people(cast: Cast) -> None:
    """As many queries, and the same, for a small round and a large: the figures were worked out when it was told."""
    a_round = a_big_one(cast)
    published(a_round, cast.broker)
    MatchRun.objects.all().delete()
    with CaptureQueriesContext(connection) as asked:
        assert "7 of 12 people have a place" in read(a_round)
    assert len(asked) <= 3
    assert not any("participation" in query["sql"] and "visible" in query["sql"] for query in asked)


def test_groups_are_those_of_the_people_and_of_what_they_said(cast: Cast) -> None:
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    ward = make_organisation("Test Ward", field=Field.LOCAL_GOVERNMENT, size="small")
    ApprovedDomain.objects.create(organisation=ward, domain="ward.example.org")
    make_offer(cast.advice, cast.host, places=6, meets=[AccessNeed.STEP_FREE])
    a_round = make_round(cast.cvs)
    for number in range(12):
        home = make_membership(make_user(), ward if number % 2 else cast.council)
        needs = [AccessNeed.STEP_FREE] if number % 2 else []
        agrees = f"manu@{'ward' if number % 2 else 'council'}.example.org"
        join(a_round, home, access_needs=needs, weeks=[first_week(a_round)], agrees_email=agrees)
    run = matched(cast, a_round)
    assert [name for name, _joined, _placed in run.figures["access"]] == ["none", "some"]
    assert {name: joined for name, joined, _placed in run.figures["size"]} == {"larger": 6, "small": 6}
    assert sum(people for _cause, people in run.figures["causes"]) == 6
    page = enter(cast.broker).get(reverse("round-figures", args=[a_round.slug])).content.decode()
    assert "With access needs" in page
    assert "Small organisations" in page


def test_what_was_changed_by_hand_and_what_fell_through_is_said_without_numbers(cast: Cast) -> None:
    proposal = Proposal(cast)
    proposal.change()
    proposal.again()
    proposal.near.sessions.all().delete()
    type(proposal.near).objects.filter(pk=proposal.near.pk).update(state="closed")
    published(proposal.a_round, cast.broker)
    page = read(proposal.a_round)
    assert "set or ruled out a few visits by hand" in page
    assert "Of these, some visits could no longer be asked for" in page
    figures = enter(cast.broker).get(reverse("round-figures", args=[proposal.a_round.slug])).content.decode()
    assert "set or ruled out 1 visit by hand" in figures
    assert "Of these, 1 visit could no longer be asked for" in figures
    # To keep what was proposed before came in by itself, and is no other order than was published.
    assert "People were matched by exactly these." in page


def test_other_criteria_than_were_published_would_be_said(cast: Cast) -> None:
    a_round = a_big_one(cast)
    Round.objects.update(criteria=["placed", "fit"])
    published(a_round, cast.broker)
    assert "People were not matched by exactly these" in read(a_round)


def test_a_matching_that_was_stopped_is_published_as_one(cast: Cast) -> None:
    a_round = a_big_one(cast)
    MatchRun.objects.update(stopped_early=True)
    published(a_round, cast.broker)
    page = read(a_round)
    assert "stopped before it was finished" in page
    assert "A matching that was stopped cannot be repeated" in page


def test_a_broker_reads_all_figures_before_anybody_is_told(cast: Cast) -> None:
    proposal = Proposal(cast)
    where = reverse("round-figures", args=[proposal.a_round.slug])
    page = enter(cast.broker).get(where).content.decode()
    assert "2 of 2 people have a place" in page
    assert "1 person would have fitted better where somebody else goes." in page
    assert "Only brokers see this page" in page
    assert "All figures" in enter(cast.broker).get(reverse("round-desk", args=[proposal.a_round.slug])).content.decode()
    assert enter(cast.visitor).get(where).status_code == 403
    assert enter(cast.broker).get(reverse("round-figures", args=[make_round(cast.cvs).slug])).status_code == 404
    MatchRun.objects.update(figures={})
    assert enter(cast.broker).get(where).status_code == 404


def test_all_figures_cost_the_same_for_a_small_round_and_a_large(cast: Cast) -> None:
    desk = enter(cast.broker)
    counts = []
    for people in (6, 30):
        where = reverse("round-figures", args=[make_told_round(cast.cvs, joined=people * 20).slug])
        desk.get(where)
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(where).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 15


def test_it_is_found_from_the_list_from_the_round_and_from_its_desk(cast: Cast) -> None:
    a_round = a_big_one(cast)
    person = a_round.participations.all()[0].membership.user
    published(a_round, cast.broker)
    assert address(a_round) in Client().get(reverse("rounds")).content.decode()
    assert address(a_round) in enter(person).get(a_round.get_absolute_url()).content.decode()
    assert address(a_round) in enter(cast.broker).get(reverse("round-desk", args=[a_round.slug])).content.decode()
    # Whoever does not see the round itself is led back to the list.
    assert a_round.get_absolute_url() not in read(a_round).split("<main")[1].replace(address(a_round), "")
    assert f'href="{a_round.get_absolute_url()}"' in read(a_round, enter(person))


def test_every_name_of_a_figure_has_words() -> None:
    from secondments.matches import told
    from secondments.matches.words import LOST_BY

    assert set(results.TABLES) == set(told.TABLES)
    assert set(LOST_BY) <= set(told.CAUSES)
    assert told.cause_words(["something_new"]) == ["Another cause."]
    assert told.group_words(["public", "vcse"]) == "Public sector and Voluntary, community and social enterprise"


def test_causes_that_are_counted_together_are_not_read_as_both_of_one_person(cast: Cast) -> None:
    a_round = a_big_one(cast)
    published(a_round, cast.broker)
    a_round.refresh_from_db()
    assert a_round.results is not None
    a_round.results["causes"] = [{"names": ["no_host", "places_taken"], "people": 9}]
    a_round.save()
    assert "what was asked for.<br>or: Hosts suited, but had no place left." in read(a_round)


def test_the_list_costs_the_same_for_one_round_and_for_ten(cast: Cast) -> None:
    counts = []
    desk = enter(cast.broker)
    desk.get(reverse("rounds"))
    for number in (1, 9):
        for _ in range(number):
            make_round(cast.cvs, state=RoundState.PUBLISHED, published_at=AT, results={"joined": None})
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(reverse("rounds")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
