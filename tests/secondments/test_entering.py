"""Writing somebody down: by phone as the broker, or a colleague as the coordinator, and who has answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.actions.memberships import confirm_membership
from partnerships.ground import jobs
from partnerships.ground.models import Event, OutboxMail
from partnerships.matching import engine
from partnerships.models import Membership, Organisation
from partnerships.states import Field, MembershipState, OrganisationState, PlaceKind, WhoAgrees
from secondments.actions.entering import enter_somebody
from secondments.actions.rounds import ask_for_match, close_round
from secondments.models import Decision, Entry, NotPlaced, Participation, Round
from secondments.my_data import anonymise, collect
from secondments.retention import rules
from secondments.states import DecisionKind, EnrolmentState, EntryState, RoundState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_organisation, make_place, make_round
from tests.secondments.entered import EMAIL, link_to, stranger, told, write_down
from tests.secondments.proposals import refusal
from tests.secondments.rounds import join, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_round(cast: Cast) -> Round:
    cast.advice.who_agrees = WhoAgrees.SELF
    cast.advice.save()
    return make_round(cast.cvs)


def post(user: Any, a_round: Round, organisation: Organisation, **fields: object) -> Any:
    address = reverse("round-enter-person", args=[a_round.slug, organisation.slug])
    return enter(user).post(address, {"name": "Pat Phoned", "email": EMAIL, **fields}, follow=True)


def test_a_coordinator_is_told_nothing_of_people_of_others(cast: Cast, a_round: Round) -> None:
    joined = join(a_round, cast.visitor_membership)
    address = joined.membership.user.email or ""
    for by, code in ((cast.host, "entry_elsewhere"), (cast.broker, "entry_joined")):
        with refusal(code):
            write_down(a_round, cast.advice, by, email=address)
    write_down(a_round, cast.advice, cast.host)
    with refusal("entry_asked"):
        write_down(a_round, cast.advice, cast.host)


def test_a_broker_finds_the_organisation_and_writes_somebody_down(cast: Cast, a_round: Round) -> None:
    browser = enter(cast.broker)
    first = browser.post(reverse("round-enter", args=[a_round.slug]), {"organisation": "test advice"})
    page = browser.get(first["Location"]).content.decode()
    assert "What they hope to learn" in page
    assert "What you hope to learn" not in page
    text = post(cast.broker, a_round, cast.advice, **told(a_round)).content.decode()
    assert "Pat Phoned has a mail" in text
    assert "1 person has not answered yet" in text
    entry = Entry.objects.get()
    assert (entry.email, entry.said["learn"], entry.entered_by) == (EMAIL, "How a front desk copes", cast.broker)
    assert not entry.runs_it


def test_what_was_typed_stays_when_something_is_wrong(cast: Cast, a_round: Round) -> None:
    text = post(cast.broker, a_round, cast.advice, **told(a_round, name="", most_km="far")).content.decode()
    assert "There is a problem" in text
    assert "How a front desk copes" in text
    assert EMAIL in text
    assert 'value="far"' in text
    assert not Entry.objects.exists()


def test_little_is_enough_for_the_rest_they_say_themselves(cast: Cast, a_round: Round) -> None:
    post(cast.broker, a_round, cast.advice)
    assert Entry.objects.get().said == {}


def test_a_coordinator_enters_a_colleague_without_email_and_answers_with_it(cast: Cast, a_round: Round) -> None:
    wrong = post(cast.host, a_round, cast.advice, name="Nora Noemail", email="", weeks=[]).content.decode()
    assert "Say this too" in wrong
    text = post(cast.host, a_round, cast.advice, **told(a_round, name="Nora Noemail", email="")).content.decode()
    assert "Nora Noemail takes part, and you answer for them" in text
    joined = Participation.objects.get()
    assert joined.membership.user.email is None
    entry = Entry.objects.get()
    assert (entry.state, entry.answered_by, entry.participation) == (EntryState.CONFIRMED, cast.host, joined)


def test_a_coordinator_enters_their_own_people_only(cast: Cast, a_round: Round) -> None:
    own = enter(cast.host).get(reverse("round-enter", args=[a_round.slug]))
    assert own["Location"] == reverse("round-enter-person", args=[a_round.slug, cast.advice.slug])
    assert post(cast.host, a_round, cast.council).status_code == 404
    assert post(cast.outsider, a_round, cast.advice).status_code == 404
    assert post(cast.adviser, a_round, cast.advice).status_code == 403
    assert not Entry.objects.exists()


def test_another_broker_sees_and_does_nothing(cast: Cast, a_round: Round) -> None:
    entry = write_down(a_round, cast.advice, cast.broker)
    cast.outsider.memberships.update(is_broker=True)
    browser = enter(cast.outsider)
    assert entry.name not in browser.get(reverse("round-entered", args=[a_round.slug])).content.decode()
    for name in ("entry-remind", "entry-take-back"):
        assert browser.post(reverse(name, args=[entry.uuid])).status_code == 404
    assert browser.get(reverse("round-enter-group", args=[a_round.slug])).status_code == 404
    with refusal("not_allowed"):
        enter_somebody(
            a_round=a_round, organisation=cast.advice, name="A", email="a@b.example.org", said={}, by=cast.outsider
        )


@pytest.mark.parametrize("again", ["joined", "asked", "declined", "left"])
def test_nobody_is_written_down_who_is_known_already(cast: Cast, a_round: Round, again: str) -> None:
    email = cast.adviser.email or ""
    write_down(a_round, cast.advice, cast.broker, email=email)
    if again != "asked":
        stranger().post(link_to(email), {"answer": "no" if again == "declined" else "yes"})
    if again == "left":
        enter(cast.adviser).post(reverse("round-leave", args=[a_round.slug]))
    with refusal(f"entry_{again}"):
        write_down(a_round, cast.advice, cast.broker, email=email.upper())


def test_the_same_person_without_email_is_written_down_once(cast: Cast, a_round: Round) -> None:
    write_down(a_round, cast.advice, cast.broker, email="")
    with refusal("entry_asked"):
        write_down(a_round, cast.advice, cast.broker, email="", name="pat  phoned")


def test_only_who_could_join_is_written_down(cast: Cast, a_round: Round) -> None:
    with refusal("crossing"):
        write_down(a_round, cast.elsewhere, cast.broker)
    cast.advice.state = OrganisationState.SUSPENDED
    cast.advice.save()
    with refusal("organisation_not_acting"):
        write_down(a_round, cast.advice, cast.broker)
    a_round.programme.by_enrolment = True
    a_round.programme.save()
    with refusal("not_enrolled"):
        write_down(a_round, cast.council, cast.broker)
    a_round.programme.enrolments.create(
        organisation=cast.council, state=EnrolmentState.ENROLLED, accepted_at=AT, created_at=AT
    )
    write_down(a_round, cast.council, cast.broker)
    Round.objects.update(state=RoundState.CLOSED)
    with refusal("round_not_open"):
        write_down(Round.objects.get(pk=a_round.pk), cast.council, cast.broker, email="other@example.org")


def test_a_group_in_no_register_is_entered_by_the_broker_of_its_area(cast: Cast, a_round: Round) -> None:
    browser = enter(cast.broker)
    address = reverse("round-enter-group", args=[a_round.slug])
    place = cast.advice.place
    assert place is not None
    place.name = "Trafford"
    place.save()
    far = make_place("Cornwall", kind=PlaceKind.COUNCIL)
    fields = {"name": "Kite Club", "field": Field.VOLUNTARY, "what_it_does": "Kites"}
    text = browser.post(address, {**fields, "where": far.name}).content.decode()
    assert "is not in your area" in text
    assert 'value="Kite Club"' in text
    answer = browser.post(address, {**fields, "where": "Trafford"}, follow=True)
    group = Organisation.objects.get(name="Kite Club")
    assert group.state == OrganisationState.VOUCHED
    assert "Whoever you enter now will" in answer.content.decode()
    group.who_agrees = WhoAgrees.SELF
    group.save()
    without = post(cast.broker, a_round, group, **told(a_round, email="")).content.decode()
    assert "Nobody looks after Kite Club here yet" in without
    post(cast.broker, a_round, group, **told(a_round))
    stranger().post(link_to(EMAIL), {"answer": "yes"})
    membership = Membership.objects.get(user__email=EMAIL)
    assert membership.is_coordinator
    assert list(a_round.participations.to_match()) == [Participation.objects.get()]


def test_a_brokers_word_makes_nobody_coordinator_of_what_others_look_after(cast: Cast, a_round: Round) -> None:
    for state in (OrganisationState.VERIFIED, OrganisationState.CLAIMED):
        empty = make_organisation("Empty Trust", state=state, place=cast.advice.place, who_agrees=WhoAgrees.SELF)
        entry = write_down(a_round, empty, cast.broker, email=f"{state}@example.org")
        assert not entry.runs_it
        stranger().post(link_to(entry.email), {"answer": "yes"})
        assert not Membership.objects.filter(organisation=empty, is_coordinator=True).exists()


def test_the_page_is_called_by_who_is_still_to_answer(cast: Cast, a_round: Round) -> None:
    address, browser = reverse("round-entered", args=[a_round.slug]), enter(cast.broker)

    def titled(words: str) -> bool:
        page = browser.get(address).content.decode()
        return f"<title>{words}: " in page and f"{words}</h1>" in page

    assert titled("Nobody is entered yet")
    write_down(a_round, cast.advice, cast.broker)
    assert titled("1 person has not answered yet")
    stranger().post(link_to(EMAIL), {"answer": "yes"})
    assert titled("Everybody has answered")


def test_reminding_waits_two_days_and_taking_back_forgets(cast: Cast, a_round: Round) -> None:
    entry = write_down(a_round, cast.advice, cast.broker)
    browser = enter(cast.broker)
    early = browser.post(reverse("entry-remind", args=[entry.uuid]), follow=True)
    assert "less than two days ago" in early.content.decode()
    Entry.objects.update(asked_at=AT - timedelta(days=3))
    assert "has a new mail" in browser.post(reverse("entry-remind", args=[entry.uuid]), follow=True).content.decode()
    assert OutboxMail.objects.filter(to=EMAIL).count() == 2
    browser.post(reverse("entry-take-back", args=[entry.uuid]))
    entry.refresh_from_db()
    assert (entry.state, entry.name, entry.email, entry.said) == (EntryState.TAKEN_BACK, "", "", {})


def test_the_desk_names_who_is_not_matched_yet_and_the_match_leaves_them_out(cast: Cast, a_round: Round) -> None:
    join(a_round, cast.visitor_membership)
    write_down(a_round, cast.advice, cast.broker)
    write_down(a_round, cast.advice, cast.broker, name="Asa Asked", email="asa@example.org")
    stranger().post(link_to("asa@example.org"), {"answer": "yes"})
    close_round(a_round=a_round, by=cast.broker)
    text = enter(cast.broker).get(reverse("round-desk", args=[a_round.slug])).content.decode()
    assert "1 person has not said yes" in text
    assert "Pat Phoned" in text
    assert "their organisation has not said yet" in text
    run = ask_for_match(a_round=a_round, by=cast.broker, seed=7)
    jobs.run_due()
    left_out = NotPlaced.objects.get(run=run, participation__membership__user__name="Asa Asked")
    assert left_out.causes["code"] == "not_confirmed"
    page = enter(cast.broker).get(reverse("round-person", args=[a_round.slug, left_out.participation.uuid]))
    assert "has not said yet that they work there" in page.content.decode()


def test_whoever_is_confirmed_while_it_is_matched_is_left_out_as_they_were_when_it_began(
    cast: Cast, a_round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine was not told of them, and nobody has introduced them to anybody."""
    join(a_round, cast.visitor_membership)
    later = join(a_round, cast.colleague.memberships.get())
    Membership.objects.filter(pk=later.membership_id).update(state=MembershipState.ASKED)
    close_round(a_round=a_round, by=cast.broker)
    run = ask_for_match(a_round=a_round, by=cast.broker, seed=7)
    solve = engine.solve

    def meanwhile(*args: Any, **options: Any) -> Any:
        membership = Membership.objects.get(pk=later.membership_id)
        if membership.state == MembershipState.ASKED:
            confirm_membership(membership=membership, by=cast.home_coordinator)
        return solve(*args, **options)

    monkeypatch.setattr(engine, "solve", meanwhile)
    jobs.run_due()
    assert NotPlaced.objects.get(run=run).causes["code"] == "not_confirmed"
    a_round.refresh_from_db()
    assert published(a_round, cast.broker) == (1, 0)
    assert NotPlaced.objects.get(run=run).causes["code"] == "not_confirmed"


def test_for_somebody_without_email_a_round_asks_their_coordinator(cast: Cast) -> None:
    cast.council.who_agrees = WhoAgrees.SELF
    cast.council.save()
    cast.offer.sessions.all().update(places=1)
    a_round = make_round(cast.cvs)
    said = told(a_round, wants=["voluntary"])
    entry = write_down(a_round, cast.council, cast.broker, name="Nora Noemail", email="", said=said)
    stranger().post(link_to(cast.home_coordinator.email or ""), {"answer": "yes"})
    entry.refresh_from_db()
    close_round(a_round=a_round, by=cast.broker)
    ask_for_match(a_round=a_round, by=cast.broker, seed=7)
    jobs.run_due()
    a_round.refresh_from_db()
    assert published(a_round, cast.broker) == (1, 0)
    question = Decision.objects.get(kind=DecisionKind.VISITOR)
    subjects = OutboxMail.objects.filter(to=cast.home_coordinator.email).values_list("subject", flat=True)
    assert any("We have found a place for Nora Noemail" in subject for subject in subjects)
    assert question in Decision.objects.visible_to(cast.home_coordinator)
    assert question not in Decision.objects.visible_to(cast.broker)
    address = reverse("placement-decide", args=[question.placement.uuid, "visitor"])
    assert "Would Nora Noemail like to go?" in enter(cast.home_coordinator).get(address).content.decode()
    enter(cast.home_coordinator).post(address, {"answer": "yes"})
    question.refresh_from_db()
    assert (question.state, question.decided_by) == ("yes", cast.home_coordinator)


def test_next_steps_ask_whoever_can_answer(cast: Cast, a_round: Round) -> None:
    write_down(a_round, cast.advice, cast.broker, email=cast.adviser.email)
    write_down(a_round, cast.advice, cast.broker, name="Nora Noemail", email="")
    assert "Would you like to take part" in enter(cast.adviser).get(reverse("next-steps")).content.decode()
    assert (
        "Is this right for a colleague without email?" in enter(cast.host).get(reverse("next-steps")).content.decode()
    )
    assert "Answer for them" in enter(cast.host).get(reverse("round-entered", args=[a_round.slug])).content.decode()


def test_the_list_costs_the_same_for_few_and_many(cast: Cast, a_round: Round) -> None:
    address = reverse("round-entered", args=[a_round.slug])
    browser = enter(cast.broker)
    counts = []
    for many in (1, 40):
        for number in range(many):
            write_down(a_round, cast.advice, cast.broker, email=f"p{number}@{many}.example.org")
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_events_and_addresses_hold_nobody(cast: Cast, a_round: Round) -> None:
    entry = write_down(a_round, cast.advice, cast.broker)
    stranger().post(link_to(EMAIL), {"answer": "yes"})
    kept = str(list(Event.objects.values_list("verb", "thing_type", "reason")))
    assert "Pat" not in kept
    assert "advice.example.org" not in link_to(EMAIL) + str(entry.uuid)


def test_a_copy_of_ones_data_has_it_and_closing_the_account_forgets_it(cast: Cast, a_round: Round) -> None:
    entry = write_down(a_round, cast.advice, cast.broker, email=cast.adviser.email)
    assert collect(cast.adviser)["written_down_for_you_by_others"][0]["said"]["learn"] == "How a front desk copes"
    anonymise(cast.adviser, AT)
    entry.refresh_from_db()
    assert (entry.state, entry.name, entry.email, entry.said) == (EntryState.TAKEN_BACK, "", "", {})


def test_a_month_after_the_last_day_to_join_everything_written_down_is_forgotten(cast: Cast, a_round: Round) -> None:
    entry = write_down(a_round, cast.advice, cast.broker)
    (rule,) = (each for each in rules() if each.model == "secondments.Entry")
    assert rule.apply(AT) == 0  # type: ignore[union-attr,misc]  # a period, which is applied
    Round.objects.update(join_by=AT.date() - timedelta(days=31))
    assert rule.apply(AT) == 1  # type: ignore[union-attr,misc]  # a period, which is applied
    entry.refresh_from_db()
    assert (entry.name, entry.email, entry.said) == ("", "", {})


def test_whoever_acts_for_somebody_changes_what_they_said_and_leaves_for_them(cast: Cast, a_round: Round) -> None:
    """Also where a manager has to agree to their going, whom the coordinator names."""
    cast.council.who_agrees = WhoAgrees.MANAGER
    cast.council.save()
    said = told(a_round, name="Nora Noemail", email="", wants=["voluntary"]) | {"agrees_email": cast.manager.email}
    post(cast.home_coordinator, a_round, cast.council, **said)
    entry = Entry.objects.get()
    address = reverse("entry-change", args=[entry.uuid])
    browser = enter(cast.home_coordinator)
    assert "Change what they said" in browser.get(reverse("round-entered", args=[a_round.slug])).content.decode()
    assert "What Nora Noemail said" in browser.get(address).content.decode()
    for other in (cast.host, cast.broker, cast.outsider):
        assert enter(other).post(address, {"leave": "1"}).status_code == 404
    browser.post(address, said | {"learn": "How doors are opened"})
    assert Participation.objects.get().learn == "How doors are opened"
    wrong = browser.post(address, said | {"learn": "And closed", "weeks": []}).content.decode()
    assert "And closed" in wrong
    assert "There is a problem" in wrong
    browser.post(address, {"leave": "1"})
    assert not Participation.objects.joined().exists()
    assert browser.get(address).status_code == 404


def test_a_round_is_seen_by_whoever_answers_for_somebody_in_it(cast: Cast, a_round: Round) -> None:
    post(cast.host, a_round, cast.advice, **told(a_round, name="Nora Noemail", email=""))
    Round.objects.update(state=RoundState.CLOSED)
    assert [Round.objects.visible_to(user).exists() for user in (cast.host, cast.outsider)] == [True, False]


def test_next_steps_say_whom_to_remind(cast: Cast, a_round: Round) -> None:
    write_down(a_round, cast.advice, cast.broker)
    words = "1 person has not said yes to Walk in their shoes, Winter round"
    assert words not in enter(cast.broker).get(reverse("next-steps")).content.decode()
    Entry.objects.update(asked_at=AT - timedelta(days=3))
    assert words in enter(cast.broker).get(reverse("next-steps")).content.decode()
