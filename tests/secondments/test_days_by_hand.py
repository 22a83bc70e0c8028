"""Changes by hand know of days, too: nobody is set where they would find none, and a cost is what is given then."""

from __future__ import annotations

from datetime import date, timedelta
from unittest.mock import ANY

import pytest
from django.urls import reverse

from partnerships.ground import jobs, retention
from partnerships.ground.jobs import RunningJob, claims
from partnerships.ground.models import Job
from partnerships.models import Membership
from partnerships.states import Field
from secondments.actions.proposals import change_by_hand
from secondments.actions.rounds import ask_for_match, close_round
from secondments.matches.by_hand import ByHand, problem_beside, room_for, weeks_of_match
from secondments.matches.keys import person_id
from secondments.matches.replaying import replay
from secondments.matches.trials import change_to, cost_of, outcome_with
from secondments.models import HostOffer, MatchRun, Participation, Round
from secondments.states import AdjustmentKind
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_offer, make_organisation, make_place, make_round, make_user
from tests.secondments.proposals import refusal
from tests.secondments.rounds import first_week, join, matched, published
from tests.secondments.test_days_of_matching import dated, goes

pytestmark = pytest.mark.django_db


class OneDayBetweenTwo:
    """A near desk with a place on Monday and one on Tuesday, and a far one with a place on any day. Ann and Ben are
    elsewhere on Tuesday and Cal is not, so that two of them can go to the near desk, if one of them is Cal."""

    def __init__(self, cast: Cast) -> None:
        cast.offer.sessions.all().delete()
        cast.offer.delete()
        self.cast = cast
        self.a_round: Round = make_round(cast.cvs)
        self.monday: date = first_week(self.a_round)
        self.tuesday = self.monday + timedelta(days=1)
        self.later = self.monday + timedelta(weeks=1)
        self.elsewhere = make_offer(make_organisation("Police", field=Field.POLICING), cast.outsider, places=20)
        self.near = dated(cast, self.monday, self.tuesday, self.later, title="The near desk")
        rochdale = make_place("Rochdale", latitude=53.62)
        far_away = make_organisation("Far Advice", field=Field.VOLUNTARY, place=rochdale)
        make_membership(make_user("Fara Host"), far_away, is_coordinator=True)
        self.far = make_offer(far_away, cast.host, title="The far desk", places=1)
        self.ann, self.ben, self.cal = (self.joins(name) for name in ("Ann", "Ben", "Cal"))
        for each in (self.ann, self.ben):
            goes(each.membership, self.elsewhere, self.tuesday)

    def joins(self, name: str) -> Participation:
        membership: Membership = make_membership(make_user(name), self.cast.council)
        return join(self.a_round, membership, weeks=[self.monday])

    def matched(self) -> MatchRun:
        return matched(self.cast, self.a_round)

    def again(self) -> MatchRun:
        run = ask_for_match(a_round=self.a_round, by=self.cast.broker, at=AT, seed=7)
        jobs.run_due()
        run.refresh_from_db()
        self.a_round.refresh_from_db()
        return run

    def change(self, who: Participation, kind: str = "make", offer: HostOffer | None = None) -> None:
        change_by_hand(
            a_round=self.a_round,
            kind=kind,
            participation=who,
            offer=offer or self.near,
            week=self.monday,
            reason="they_said_so",
            by=self.cast.broker,
            at=AT,
        )

    def at_near(self, run: MatchRun) -> set[str]:
        return set(run.matches.filter(offer=self.near).values_list("participation__membership__user__name", flat=True))

    def room_at_near(self, run: MatchRun, who: Participation) -> set[date]:
        beside = problem_beside(run, ByHand.beside(run), [person_id(who)])
        return set(room_for(beside, who, self.near))


@pytest.fixture
def two(cast: Cast) -> OneDayBetweenTwo:
    return OneDayBetweenTwo(cast)


def test_two_who_have_one_day_between_them_are_not_both_set_there(two: OneDayBetweenTwo) -> None:
    run = two.matched()
    two.change(two.ann)
    assert two.room_at_near(run, two.ben) == set()
    with refusal("no_room"):
        two.change(two.ben)
    assert two.room_at_near(run, two.cal) == {two.monday}
    two.change(two.cal)
    run = two.again()
    assert two.at_near(run) == {"Ann", "Cal"}
    assert published(two.a_round, two.cast.broker) == (3, 0)


def test_what_is_proposed_is_kept_unless_another_was_given_its_day_by_hand(two: OneDayBetweenTwo) -> None:
    run = two.matched()
    [kept] = {two.ann, two.ben} & {match.participation for match in run.matches.filter(offer=two.near)}
    [other] = {two.ann, two.ben} - {kept}
    by_hand = ByHand.beside(run)
    assert weeks_of_match(run, by_hand, kept, two.near) == {two.monday: 1}
    assert weeks_of_match(run, by_hand, other, two.near) == {}
    two.change(other)
    assert weeks_of_match(run, ByHand.beside(run), kept, two.near) == {}
    with refusal("no_room"):
        two.change(kept, AdjustmentKind.KEEP)


def test_what_has_no_days_any_more_is_left_out_and_what_was_set_before_it_holds(two: OneDayBetweenTwo) -> None:
    """Whoever was set there later has taken on another visit in the meantime, on the day that was theirs."""
    two.matched()
    two.change(two.ann)
    two.change(two.cal)
    goes(two.cal.membership, two.elsewhere, two.tuesday)
    run = two.again()
    assert two.at_near(run) == {"Ann"}
    outcome = published(two.a_round, two.cast.broker)
    assert outcome == (run.matches.count(), 0)


def test_a_cost_knows_that_the_engine_would_be_asked_again(two: OneDayBetweenTwo) -> None:
    """Without Cal at the near desk two others would be sent there, and of these only one finds a day."""
    run = two.matched()
    two.change(two.ann)
    change = change_to("make", two.cal, two.far, two.monday)
    found = cost_of(run, change)
    two.change(two.cal, offer=two.far)
    again = two.again()
    told = {one.name: one.after for one in found.criteria if one.name != "fit"}
    assert {one["name"]: one["value"] for one in again.criteria if one["name"] != "fit"} == told
    assert told["placed"] == again.matches.count() == 2


@pytest.fixture
def fewer(two: OneDayBetweenTwo) -> OneDayBetweenTwo:
    """Cal would like the far desk, so that the others are sent to the near one, and one of them too many."""
    two.cal.wishes.create(offer=two.far, rank=1)
    run = two.matched()
    assert (run.matches.count(), two.at_near(run) & {"Cal"}) == (2, set())
    return two


def test_a_cost_begins_with_the_places_of_which_the_engine_was_told_first(fewer: OneDayBetweenTwo) -> None:
    """With Cal at the near desk it has two places after all."""
    run = fewer.a_round.latest_run()
    found = cost_of(run, change_to("make", fewer.cal, fewer.near, fewer.monday))
    fewer.change(fewer.cal)
    again = fewer.again()
    assert {one.name: one.after for one in found.criteria}["placed"] == again.matches.count() == 3


def test_other_weights_are_tried_with_the_engine_asked_again(fewer: OneDayBetweenTwo) -> None:
    """The same weights give the same."""
    assert outcome_with(fewer.a_round.latest_run(), fewer.a_round.weights).changed == ()


def test_nothing_is_called_proven_that_is_proven_with_fewer_places_alone(fewer: OneDayBetweenTwo) -> None:
    """All three can be placed, as the change above shows: the broker reads that more may be possible."""
    run = fewer.a_round.latest_run()
    assert {one["name"]: one["proven"] for one in run.criteria} == {"placed": False, "hosts": True, "fit": False}
    assert (run.criteria[0]["value"], run.criteria[0]["bound"]) == (2, 3)
    assert replay(run) == []
    page = enter(fewer.cast.broker).get(reverse("round-desk", args=[fewer.a_round.slug])).content.decode()
    assert "At most 3 possible" in page
    assert "It could not be proven to be the best possible" in page


def test_the_days_are_erased_with_what_the_run_was_asked(fewer: OneDayBetweenTwo) -> None:
    run = fewer.a_round.latest_run()
    assert run.days["elsewhere"][person_id(fewer.ann)] == [fewer.tuesday.isoformat()]
    retention.keep_periods(AT + timedelta(days=400))
    run.refresh_from_db()
    assert (run.problem, run.days) == (None, {})


def test_it_is_noted_that_the_engine_is_asked_again(two: OneDayBetweenTwo, monkeypatch: pytest.MonkeyPatch) -> None:
    """It begins anew: what it had reached is no longer so."""
    heard: list[tuple[int, str, list[object]]] = []

    def listen(self: RunningJob, done: int, total: int, note: str = "") -> None:
        heard.append((done, note, [one.get("value") for one in MatchRun.objects.get().criteria]))

    monkeypatch.setattr(RunningJob, "progress", listen)
    two.cal.wishes.create(offer=two.far, rank=1)
    two.matched()
    at = heard.index((0, "again candidates", [None, None, None]))
    assert (heard[0][1], heard[at - 1][1], heard[-1][1]) == ("candidates", "verify", "again verify")
    assert heard[at - 1][2] == [3, ANY, ANY]
    assert heard[-1][2] == [2, ANY, ANY]


def test_the_page_says_why_it_matches_again(two: OneDayBetweenTwo) -> None:
    close_round(a_round=two.a_round, by=two.cast.broker, at=AT)
    jobs.run_due()
    ask_for_match(a_round=two.a_round, by=two.cast.broker, at=AT)
    assert claims.take() is not None
    client = enter(two.cast.broker)
    address = reverse("round-progress", args=[two.a_round.slug])
    why = "not everybody would have found days, so it matches again"
    Job.objects.update(progress_done=3, progress_total=7, progress_note="hosts")
    assert why not in client.get(address).content.decode()
    Job.objects.update(progress_done=3, progress_total=7, progress_note="again hosts")
    part = client.get(address).content.decode()
    assert why in part
    assert "Spreading visitors over hosts</h2>" in part
    assert "You can close this page" in part
