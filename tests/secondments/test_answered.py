"""Who wrote something down for others hears what they answered: once a day at most, and of each answer once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.timezone import localtime

from partnerships.ground import jobs
from partnerships.ground.models import Job
from partnerships.models import Membership
from partnerships.states import MembershipState, WhoAgrees
from secondments.actions import answered
from secondments.actions.entering import confirm_entry, decline_entry
from secondments.actions.offers import edit_offer
from secondments.actions.offers_for_others import confirm_offer, decline_offer, enter_offer
from secondments.forms.entering import ConfirmForm, shown
from secondments.models import Entry, HostOffer, Round
from secondments.next_steps import offers
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_round
from tests.secondments.entered import told, write_down
from tests.secondments.helpers import mails_to

pytestmark = pytest.mark.django_db

ANSWERS = "to what you wrote down for others"


@pytest.fixture
def a_round(cast: Cast) -> Round:
    cast.advice.who_agrees = WhoAgrees.SELF
    cast.advice.save()
    return make_round(cast.cvs)


def offer_for(cast: Cast, a_round: Round, title: str = "A morning of calls") -> HostOffer:
    fields = {"title": title, "what_you_will_see": "The phones, and who calls."}
    return enter_offer(a_round=a_round, organisation=cast.advice, by=cast.broker, fields=fields, at=AT)


def entry_of(cast: Cast, a_round: Round, name: str) -> Entry:
    email = f"{name.split()[0].lower()}@advice.example.org"
    return write_down(a_round, cast.advice, cast.broker, name=name, email=email, said=told(a_round))


def yes(entry: Entry, at: datetime = AT) -> None:
    form = ConfirmForm(shown(entry.said), entry=entry)
    assert form.is_valid(), form.errors
    confirm_entry(entry=entry, joins=form.said(), address=entry.email, at=at)


def next_morning() -> list[str]:
    """Eight o’clock has come: the mails to whoever wrote something down."""
    mail.outbox.clear()
    Job.objects.of_kind("tell_answers").update(due_at=Now())
    jobs.run_due()
    return [str(each.body) for each in mail.outbox if ANSWERS in each.subject]


def test_one_mail_says_what_all_have_answered(cast: Cast, a_round: Round) -> None:
    yes(entry_of(cast, a_round, "Ann Bell"))
    yes(entry_of(cast, a_round, "Bo Chu"))
    decline_entry(entry=entry_of(cast, a_round, "Cy Dee"), address="cy@advice.example.org", at=AT)
    confirm_offer(offer=offer_for(cast, a_round), address=cast.host.email or "", at=AT)
    decline_offer(offer=offer_for(cast, a_round, "A night shift"), by=cast.host, at=AT)
    assert not any(ANSWERS in subject for subject in mails_to(str(cast.broker.email))), "not before the next morning"
    (job,) = Job.objects.of_kind("tell_answers")
    assert localtime(job.due_at) == localtime(AT).replace(hour=8, minute=1) + timedelta(days=1)

    (letter,) = next_morning()
    name = a_round.full_name
    for line in (
        f"{name}: Ann Bell and Bo Chu take part.",
        f"{name}: Cy Dee says no.",
        "Test Advice has said yes to “A morning of calls”: it is open to visitors.",
        "Test Advice would rather not show “A night shift”. Nobody sees it.",
        reverse("round-entered", args=[a_round.slug]),
    ):
        assert line in letter
    assert mails_to(str(cast.broker.email))[-1] == f"5 answers {ANSWERS}"
    assert next_morning() == [], "and none of it twice"


def test_a_host_who_changes_it_first_is_told_so(cast: Cast, a_round: Round) -> None:
    offer = offer_for(cast, a_round)
    edit_offer(offer=offer, by=cast.host, fields={"title": "An afternoon of calls"}, at=AT)
    assert "has changed “An afternoon of calls”, and has not said yet" in next_morning()[0]
    confirm_offer(offer=offer, by=cast.host, at=AT + timedelta(days=1))
    assert "has said yes to “An afternoon of calls”" in next_morning()[0]
    # From then on it is the host's own.
    edit_offer(offer=offer, by=cast.host, fields={"title": "Calls"}, at=AT + timedelta(days=2))
    assert next_morning() == []


def test_a_change_and_a_yes_of_one_day_are_one_line(cast: Cast, a_round: Round) -> None:
    offer = offer_for(cast, a_round)
    edit_offer(offer=offer, by=cast.host, fields={"title": "An afternoon of calls"}, at=AT)
    confirm_offer(offer=offer, by=cast.host, at=AT)
    (letter,) = next_morning()
    assert "has changed “An afternoon of calls” and said yes: it is open to visitors." in letter


def test_a_broker_sees_at_once_where_each_of_them_stands(cast: Cast, a_round: Round) -> None:
    opened, refused, waits = (offer_for(cast, a_round, title) for title in ("Calls", "Nights", "Mornings"))
    confirm_offer(offer=opened, by=cast.host, at=AT)
    decline_offer(offer=refused, by=cast.host, at=AT)
    page = enter(cast.broker).get(reverse("round-entered", args=[a_round.slug])).content.decode()
    listed = page.split("Invitations that you wrote for hosts")[1]
    assert listed.index("Mornings") < listed.index("Nights") < listed.index("Calls")
    for words in ("Waits for its host’s yes", "Closed", "Open to visitors"):
        assert words in listed
    assert reverse("offer", args=[waits.slug]) in listed
    assert reverse("offer", args=[refused.slug]) not in listed, "which is the host's alone now"


def test_a_host_who_is_slow_to_answer_is_a_next_step(cast: Cast, a_round: Round) -> None:
    offer = offer_for(cast, a_round)

    def titles(days: int) -> list[str]:
        return [step.title for step in offers.steps(cast.broker, AT + timedelta(days=days))]

    assert titles(1) == []
    assert titles(3) == ["Test Advice has not said yes to “A morning of calls”"]
    decline_offer(offer=offer, by=cast.host, at=AT)
    assert titles(3) == []


def test_who_answers_for_somebody_themselves_hears_nothing(cast: Cast, a_round: Round) -> None:
    """A coordinator writes down a colleague without email, and stands with the answer."""
    entry = write_down(a_round, cast.advice, cast.host, name="Una Offline", email="")
    form = ConfirmForm(shown(entry.said), entry=entry)
    assert form.is_valid()
    confirm_entry(entry=entry, joins=form.said(), by=cast.host, at=AT)
    assert not Job.objects.of_kind("tell_answers").exists()


def test_a_coordinator_who_sent_a_list_hears_in_one_mail(cast: Cast, a_round: Round) -> None:
    people = [
        write_down(a_round, cast.advice, cast.host, name=f"Person {number:02}", email=f"p{number}@advice.example.org")
        for number in range(25)
    ]
    for entry in people:
        yes(entry)
    (letter,) = next_morning()
    assert "Person 19 and 5 more take part." in letter
    assert "Person 20" not in letter
    assert mails_to(str(cast.host.email))[-1] == f"25 answers {ANSWERS}"


@pytest.mark.parametrize(("hour", "days"), [(7, 0), (8, 1), (23, 1)])
def test_an_answer_belongs_to_one_morning(cast: Cast, a_round: Round, hour: int, days: int) -> None:
    at = localtime(AT).replace(hour=hour, minute=59 if hour == 7 else 0)
    decline_entry(entry=entry_of(cast, a_round, "Cy Dee"), address="cy@advice.example.org", at=at)
    (job,) = Job.objects.of_kind("tell_answers")
    assert job.payload["day"] == (at.date() + timedelta(days=days)).isoformat()
    assert len(next_morning()) == 1


def test_a_job_that_comes_late_tells_of_its_own_day_and_the_next_of_its_own(cast: Cast, a_round: Round) -> None:
    """The service was down for two days: nothing is forgotten, and nothing is told twice."""
    for number, name in enumerate(("Ann Bell", "Bo Chu")):
        yes(entry_of(cast, a_round, name), AT + timedelta(days=number))
    first, second = next_morning()
    assert ("Ann Bell" in first, "Bo Chu" in first) == (True, False)
    assert ("Ann Bell" in second, "Bo Chu" in second) == (False, True)


def test_without_the_day_in_its_name_answers_would_be_forgotten(
    cast: Cast, a_round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: whoever runs late looks back one day from then."""
    real = answered.tell_answers
    late = (AT + timedelta(days=4)).date()

    def looking_back(*, writer: Any, day: Any) -> None:
        real(writer=writer, day=late)

    monkeypatch.setattr("secondments.tasks.answered.tell_answers", looking_back)
    yes(entry_of(cast, a_round, "Ann Bell"))
    assert next_morning() == []


def test_who_is_no_broker_any_more_hears_nothing_of_others(cast: Cast, a_round: Round) -> None:
    yes(entry_of(cast, a_round, "Ann Bell"))
    confirm_offer(offer=offer_for(cast, a_round), by=cast.host, at=AT)
    Membership.objects.filter(user=cast.broker).update(state=MembershipState.ENDED)
    assert next_morning() == []
