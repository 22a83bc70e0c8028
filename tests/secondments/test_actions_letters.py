"""A broker writes to several people of a round: one mail each, and nobody learns who else reads it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage

from partnerships.ground import jobs
from partnerships.ground.models import Event, Job, OutboxMail
from partnerships.ground.retention import Period
from partnerships.models import User
from secondments.actions.joining import leave_round
from secondments.actions.letters import take_letters, who_can_be_written_to, write_to_people
from secondments.emails.brokers import group_letter
from secondments.models import GroupLetter, Participation, Round
from secondments.my_data import collect
from secondments.problems.brokering import MOST_LETTERS_A_DAY
from secondments.retention import rules
from secondments.tasks import letters
from tests.cast import Cast
from tests.factories import AT, make_membership, make_round, make_user
from tests.secondments.proposals import refusal
from tests.secondments.rounds import join

pytestmark = pytest.mark.django_db

SUBJECT = "A word before we match"


class Written:
    """A round that three people have joined, and what its broker writes to them."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.a_round: Round = make_round(cast.cvs)
        self.vera, self.cole, self.mona = (
            join(self.a_round, membership)
            for membership in (
                cast.visitor_membership,
                cast.colleague.memberships.get(),
                make_membership(make_user("Mona", "mona@council.example.org"), cast.council),
            )
        )
        OutboxMail.objects.all().delete()

    @property
    def everybody(self) -> list[int]:
        return [self.vera.pk, self.cole.pk, self.mona.pk]

    def write(self, people: list[int] | None = None, *, by: User | None = None, **said: object) -> GroupLetter:
        words = {"subject": SUBJECT, "text": "Which weeks are best?\n\nRing me.", "at": AT}
        return write_to_people(
            a_round=self.a_round,
            people=self.everybody if people is None else people,
            by=by or self.cast.broker,
            **(words | said),  # type: ignore[arg-type]  # what a test names is of its kind
        )


@pytest.fixture
def written(cast: Cast) -> Written:
    return Written(cast)


def readers() -> list[str]:
    return sorted(OutboxMail.objects.filter(subject=SUBJECT).values_list("to", flat=True))


def test_each_gets_a_mail_of_their_own(written: Written, mailoutbox: list[EmailMessage]) -> None:
    written.write()
    jobs.run_due()
    sent = [mail for mail in mailoutbox if mail.subject == SUBJECT]
    assert readers() == sorted(reader for mail in sent for reader in mail.to)
    assert [len(mail.recipients()) for mail in sent] == [1, 1, 1]
    for mail in sent:
        others = {"cole@", "mona@", "vera@"} - {f"{mail.to[0].split('@')[0]}@"}
        assert not any(other in mail.message().as_string() for other in others)
        assert "Which weeks are best?" in mail.body
        assert "Bron Broker of Test CVS writes this to several people who have joined Walk in their shoes" in mail.body


def test_paragraphs_and_lines_stay_apart_in_both_bodies(written: Written, mailoutbox: list[Any]) -> None:
    # As a browser sends them.
    written.write([written.vera.pk], text="Which weeks are best?\r\n \r\nRing me.\r\n\r\nBron\r\nTest CVS")
    jobs.run_due()
    (mail,) = mailoutbox
    html, _kind = mail.alternatives[0]
    for paragraph in ("Which weeks are best?", "Ring me.", "Bron<br>Test CVS"):
        assert f">{paragraph}</p>" in html
    assert "\n\nWhich weeks are best?\n\nRing me.\n\nBron\nTest CVS\n\nLook at the round:" in mail.body


def test_the_trail_counts_and_says_nothing(written: Written) -> None:
    letter = written.write()
    event = Event.objects.get(verb="write_to_people")
    assert (event.thing_id, event.reason) == (letter.pk, "3 readers")
    assert "weeks" not in str(vars(event))
    assert "weeks" not in str(Job.objects.get(kind="write_to_people").payload)


def test_whoever_left_has_no_address_or_wants_no_letters_is_left_out(written: Written) -> None:
    take_letters(participation=written.vera, wanted=False, by=written.cast.visitor)
    leave_round(participation=written.cole, by=written.cast.colleague)
    User.objects.filter(name="Mona").update(email=None)
    assert not who_can_be_written_to(written.a_round, written.everybody)
    with refusal("nobody_to_write_to"):
        written.write()
    take_letters(participation=Participation.objects.get(pk=written.vera.pk), wanted=True, by=written.cast.visitor)
    written.write()
    jobs.run_due()
    assert readers() == ["vera@council.example.org"]


def test_whoever_says_no_before_the_job_runs_gets_none(written: Written) -> None:
    written.write()
    take_letters(participation=written.vera, wanted=False, by=written.cast.visitor)
    jobs.run_due()
    assert "vera@council.example.org" not in readers()


def test_people_of_other_rounds_are_not_written_to(written: Written) -> None:
    other = join(make_round(written.cast.cvs), make_membership(make_user("Olga"), written.cast.council))
    assert written.write([other.pk, written.vera.pk]).readers == [written.vera.pk]


def test_only_brokers_of_the_programme_write(written: Written) -> None:
    other = make_user("Bea Broker")
    make_membership(other, written.cast.elsewhere, is_broker=True)
    for by in (other, written.cast.host, written.cast.visitor, written.cast.administrator):
        with refusal("not_allowed"):
            written.write(by=by)


def test_pressed_twice_is_one_letter(written: Written) -> None:
    key = uuid.uuid4()
    assert written.write(key=key) == written.write(key=key)
    jobs.run_due()
    assert len(readers()) == 3


def test_there_is_an_end_to_a_day(written: Written) -> None:
    for _ in range(MOST_LETTERS_A_DAY):
        written.write()
    with refusal("enough_for_today"):
        written.write()
    written.write(at=AT + timedelta(days=1))


def test_whoever_takes_it_up_again_writes_to_nobody_twice(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "MAILS_AT_ONCE", 1)
    begun: list[Participation] = []

    def cut_off(letter: GroupLetter, reader: Participation) -> None:
        group_letter(letter, reader)
        begun.append(reader)
        if len(begun) == 2:
            raise RuntimeError("cut off")

    monkeypatch.setattr(letters, "group_letter", cut_off)
    written.write()
    jobs.run_due()
    assert len(readers()) == 1, "What was written in the transaction that was cut off is not there."
    Job.objects.filter(kind="write_to_people").update(due_at=AT - timedelta(days=365))
    jobs.run_due()
    assert len(readers()) == len(set(readers())) == 3


def test_who_was_written_to_finds_it_in_the_copy_of_their_data(written: Written) -> None:
    written.write([written.vera.pk])
    assert [each["subject"] for each in collect(written.cast.visitor)["what_brokers_wrote_to_you_and_others"]] == [
        SUBJECT
    ]
    assert collect(written.cast.colleague)["what_brokers_wrote_to_you_and_others"] == []
    assert collect(written.cast.newcomer)["what_brokers_wrote_to_you_and_others"] == []


def test_nobody_says_so_for_another(written: Written) -> None:
    with refusal("not_allowed"):
        take_letters(participation=written.vera, wanted=False, by=written.cast.colleague)


def test_a_letter_ends_a_year_after_the_round(written: Written) -> None:
    written.write()
    [rule] = [each for each in rules() if each.model == "secondments.GroupLetter"]
    assert isinstance(rule, Period)
    assert rule.apply is not None
    assert rule.apply(AT.replace(year=2028, month=3)) == 0
    assert rule.apply(AT.replace(year=2028, month=5)) == 1
    assert not GroupLetter.objects.exists()
