"""Joining a round: what is said, what is kept of it, and what is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from partnerships.actions.memberships import end_membership
from partnerships.ground.models import Event
from partnerships.ground.problems import Refused
from partnerships.ground.retention import keep_periods
from partnerships.states import WhoAgrees
from secondments.actions.joining import keep_for_later, leave_round
from secondments.models import JoiningDraft, Participation, Round
from secondments.states import Tie
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_organisation, make_round
from tests.secondments.proposals import refusal
from tests.secondments.rounds import join

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_round(cast: Cast) -> Round:
    return make_round(cast.cvs)


def test_somebody_of_two_organisations_takes_part_once(cast: Cast, a_round: Round) -> None:
    type(cast.advice).objects.update(who_agrees=WhoAgrees.SELF)
    join(a_round, cast.visitor.memberships.get())
    other = make_membership(cast.visitor, cast.advice)
    with refusal("joined_from_elsewhere"):
        join(a_round, other)
    leave_round(participation=Participation.objects.get(), by=cast.visitor, at=AT)
    join(a_round, other)
    assert a_round.participations.joined().get().membership == other


def test_nobody_joins_from_where_they_no_longer_belong(cast: Cast, a_round: Round) -> None:
    """Their page was open when their membership ended."""
    membership = cast.visitor_membership
    end_membership(membership=cast.visitor_membership, by=cast.home_coordinator, at=AT)
    with refusal("no_longer_there"):
        join(a_round, membership)


def keep(
    a_round: Round, cast: Cast, words: str = "How", *, before: Participation | None = None, at: datetime = AT
) -> JoiningDraft | None:
    """What the visitor types is kept."""
    return keep_for_later(
        a_round=a_round,
        membership=cast.visitor_membership,
        by=cast.visitor,
        typed={"learn": words},
        before=before,
        at=at,
    )


def verbs(participation: Participation) -> list[str]:
    return [event.verb for event in Event.objects.about(participation)]


def test_whom_nobody_may_agree_to_hears_it_before_they_join_and_what_to_do(cast: Cast, a_round: Round) -> None:
    """Their match would come to nothing when everyone is told."""
    membership = cast.home_coordinator.memberships.get()
    with pytest.raises(Refused) as refused:
        join(a_round, membership, tie=Tie.VISITOR_FUNDS)
    assert refused.value.codes == {"nobody_to_agree"}
    assert "Ask a colleague to become a coordinator too" in str(refused.value)
    make_membership(cast.broker, cast.council, is_coordinator=True)
    assert join(a_round, membership, tie=Tie.VISITOR_FUNDS)


def test_each_part_that_is_said_otherwise_is_a_change_and_the_same_again_is_none(cast: Cast, a_round: Round) -> None:
    other = make_offer(make_organisation("Harbour Advice"), cast.host)
    joined = join(a_round, cast.visitor_membership)
    for said in (
        {"wishes": [cast.offer, other]},
        {"wishes": [other, cast.offer]},
        {"wishes": [other, cast.offer], "avoids": [cast.elsewhere]},
        {"wishes": [other, cast.offer], "avoids": [cast.elsewhere], "avoid_reason": "An old quarrel"},
        {"welcomes": True, "shows": "A morning of calls"},
    ):
        before = verbs(joined)
        for _press in range(2):
            join(a_round, cast.visitor_membership, **said)
        assert verbs(joined) == [*before, "change_joining"], said


def test_an_event_tells_nothing_of_what_was_said(cast: Cast, a_round: Round) -> None:
    joined = join(a_round, cast.visitor_membership)
    join(a_round, cast.visitor_membership, avoids=[cast.advice], avoid_reason="An old quarrel", needs="A lift")
    for event in Event.objects.about(joined):
        assert event.reason == ""


@pytest.mark.parametrize("same", [True, False])
def test_a_wish_names_somebody_elses_offer_once(cast: Cast, a_round: Round, same: bool) -> None:
    own = make_offer(cast.council, cast.home_coordinator)
    with pytest.raises(Refused) as refused:
        join(a_round, cast.visitor_membership, wishes=[cast.offer, cast.offer if same else own])
    assert refused.value.codes == {"wish_twice" if same else "own_wish"}
    assert refused.value.problems[0].field == "wish_2"


def test_a_draft_is_one_and_the_last(cast: Cast, a_round: Round) -> None:
    for words in ("How", "How a queue works"):
        keep(a_round, cast, words)
    assert JoiningDraft.objects.get().typed == {"learn": "How a queue works"}
    join(a_round, cast.colleague.memberships.get())
    assert JoiningDraft.objects.exists()
    join(a_round, cast.visitor_membership)
    assert not JoiningDraft.objects.exists()


def test_a_draft_goes_when_it_is_too_late_to_send_it(cast: Cast, a_round: Round) -> None:
    keep(a_round, cast)
    day_after = AT + timedelta(days=(a_round.join_by - AT.date()).days + 1)
    keep_periods(day_after - timedelta(days=1))
    assert JoiningDraft.objects.exists()
    keep_periods(day_after)
    assert not JoiningDraft.objects.exists()
    with pytest.raises(Refused) as refused:
        keep(a_round, cast, at=day_after)
    assert refused.value.codes == {"round_not_open"}


def test_a_year_after_the_round_only_stays_that_somebody_took_part(cast: Cast, a_round: Round) -> None:
    said = {"avoids": [cast.elsewhere], "avoid_reason": "An old quarrel", "wishes": [cast.offer]}
    written = join(a_round, cast.visitor_membership, shows="A morning of calls", welcomes=True, **said)
    over = AT + timedelta(days=(a_round.ends_on - AT.date()).days + 366)
    keep_periods(over - timedelta(days=2))
    written.refresh_from_db()
    assert written.learn
    assert keep_periods(over)["secondments.Participation"] == 1
    written.refresh_from_db()
    assert not any([written.learn, written.needs, written.shows, written.avoid_reason, written.agrees_email])
    assert (written.wishes.count(), written.avoids.count()) == (0, 0)
    assert keep_periods(over)["secondments.Participation"] == 0


def test_who_left_and_joins_again_begins_anew(cast: Cast, a_round: Round) -> None:
    first = join(a_round, cast.visitor_membership, avoids=[cast.elsewhere], avoid_reason="An old quarrel")
    leave_round(participation=first, by=cast.visitor, at=AT)
    again = join(a_round, cast.visitor_membership)
    assert again != first
    assert (again.avoids.count(), again.avoid_reason) == (0, "")


def test_what_is_kept_by_itself_does_not_overtake_what_was_sent(cast: Cast, a_round: Round) -> None:
    """Both leave the page at one press: whichever comes first, nothing is left to send."""
    keep(a_round, cast)
    joined = join(a_round, cast.visitor_membership)
    assert keep(a_round, cast) is None
    # Who changes something begins from what stands.
    assert keep(a_round, cast, before=joined) is not None
    stale = Participation.objects.get()
    join(a_round, cast.visitor_membership, learn="Something else", at=AT + timedelta(minutes=1))
    assert keep(a_round, cast, before=stale) is None
    assert not JoiningDraft.objects.exists()
