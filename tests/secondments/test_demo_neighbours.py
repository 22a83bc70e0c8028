"""The demonstration's large round: 120 people of thirty organisations, and not a place for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from partnerships import demo as people
from partnerships.ground.models import Event, OutboxMail
from partnerships.matching import engine
from partnerships.models import Identifier, User
from secondments.actions.publishing import ask_everyone, publish_round
from secondments.actions.rounds import ask_for_match, save_run
from secondments.demo import neighbours, visits
from secondments.matches import problem_of, week_number
from secondments.matches.figures import figures_of
from secondments.matches.needed_first import weeks_needed
from secondments.models import Enrolment, HostOffer, Participation, Round, Wish
from secondments.states import EnrolmentState, RoundState
from tests.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Made once, as it takes seconds: each test is undone to here, and the last leaves nothing."""
    with django_db_blocker.unblock(), transaction.atomic():
        people.load(AT)
        visits.load(AT)
        assert "120" in neighbours.load(AT)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def a_round(_loaded: None, db: None) -> Round:
    return Round.objects.get(programme__name=neighbours.NAME)


def test_it_waits_for_its_broker_to_match_it(a_round: Round) -> None:
    joined = a_round.participations.joined()
    assert (a_round.state, joined.count()) == (RoundState.CLOSED, 120)
    assert joined.values("membership__organisation").distinct().count() == 30
    assert joined.filter(compulsory=True).count() == 42
    assert joined.exclude(access_needs=[]).exists()
    assert joined.filter(avoids__isnull=False).count() == 2
    assert Wish.objects.filter(participation__round=a_round).exists()
    homes = Enrolment.objects.filter(programme=a_round.programme, state=EnrolmentState.ENROLLED)
    assert homes.count() == 30
    invented = Identifier.objects.filter(scheme="XX-DEMO").values("organisation")
    assert not homes.exclude(organisation__in=invented).exists()
    assert not User.objects.exclude(email__endswith=".demo.example").exists()
    # Whoever is shown round finds Harbour Advice on the first page of visits, not on the third.
    newest = HostOffer.objects.open().order_by("-published_at")[:7]
    assert {offer.created_by.name for offer in newest} >= {"Jo Harper", "Nia Rees"}
    # Made in the past, and only once.
    assert not Event.objects.filter(at__gt=AT).exists()
    before = (Event.objects.count(), OutboxMail.objects.count())
    assert neighbours.load(AT) == ""
    assert (Event.objects.count(), OutboxMail.objects.count()) == before


def test_most_have_a_place_some_change_places_and_the_others_have_different_causes(a_round: Round) -> None:
    said = Counter(a_round.participations.values_list("learn", flat=True))
    assert said.most_common(1)[0][1] == 1, "each of them has a question of their own"
    problem = problem_of(a_round, seed=1, at=AT)
    answer = engine.solve(problem)
    placed = {visit.person_id for visit in answer.legs()}
    assert 100 <= len(placed) < 115
    assert {len(exchange.legs) for exchange in answer.exchanges} == {2, 3}
    assert answer.hostings
    assert all(one.proven for one in answer.criteria)

    causes = {reason.person_id: reason for reason in answer.reasons if reason.person_id not in placed}
    of = {
        str(each.uuid): each.membership.user.name for each in Participation.objects.select_related("membership__user")
    }
    ruled_out = {of[person]: {one.code for one in reason.removed if one.alone} for person, reason in causes.items()}
    assert "too_far" in ruled_out["Callum Reeve"]
    assert "no_common_week" in ruled_out["Rosa Delgado"]
    assert "access" in ruled_out["Kit Sorensen"]
    assert "cover" in ruled_out["Patrick Lane"]
    assert "mode" in ruled_out["Toby Marland"]
    assert "check" in ruled_out["Yonas Haile"]
    assert "return_visit" in {one.code for reason in causes.values() for one in reason.removed}
    assert "places_taken" in {reason.code for reason in causes.values()}, "somebody else's place was worth more"

    sam = User.objects.get(email="sam@cvs.demo.example")
    run = ask_for_match(a_round=a_round, by=sam, at=AT)
    save_run(run=run, problem=problem, answer=answer, figures=figures_of(problem, answer), at=AT)
    a_round.refresh_from_db()
    publish_round(a_round=a_round, by=sam, at=AT)
    told = ask_everyone(run=run, by=sam, at=AT)
    assert (told.asked, told.fell_through) == (len(placed), 0), "two days for each of three do not go into one week"


def test_whenever_it_is_made_nobody_is_visited_on_a_bank_holiday() -> None:
    thursday_and_friday, monday_and_friday = (3, 4), (0, 4)
    at_christmas, in_between = date(2026, 12, 21), date(2026, 12, 28)
    assert neighbours._working_days(at_christmas, thursday_and_friday) == [date(2026, 12, 21), date(2026, 12, 24)]
    assert neighbours._working_days(in_between, monday_and_friday) == [date(2026, 12, 29), date(2026, 12, 30)]
    assert neighbours._working_days(in_between, (1, 2)) == [date(2026, 12, 29), date(2026, 12, 30)]


@pytest.mark.parametrize("day", range(7))
def test_on_whatever_day_it_is_made_the_first_week_is_too_soon_for_a_letter(day: int) -> None:
    first = neighbours._starts_on(AT + timedelta(days=day))
    weeks = week_number(first) - week_number((AT + timedelta(days=day)).date())
    assert first.weekday() == 0
    needed = weeks_needed(["dbs"], answer_days=7, today=(AT + timedelta(days=day)).date())
    assert weeks < needed["dbs"]
    assert (first - (AT + timedelta(days=day)).date()).days > 7, "a week to answer"
