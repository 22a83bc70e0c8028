"""Every mail that was written, read once: what it is about, what it asks, and words that must not be in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from partnerships.ground.models import Event, Job, OutboxMail
from secondments.emails.links import DECISION, fingerprint
from secondments.models import Decision

from .world import NEEDED, NOTED, WHY_AVOIDED

LINK = re.compile(r"/(decide|is-this-right|may-this-be-shown|it-happened)/(\S+?)/?(?=\s|$)")
GIVEN_UP = re.compile(r"could not be (finished|worked out)$|^Nobody has been told of .* yet$|^Some letters of .* yet$")
"""Brokers hear that of each job that is given up, and press again."""

REMINDERS = ("Somebody waits for your answer", "Some people wait for your answer")
AGAIN = {
    "secondments.entry": ("enter_somebody", "remind"),
    "secondments.enrolment": ("invite_organisation", "ask_to_enrol", "admit_organisation", "decline_enrolment"),
    "partnerships.organisation": ("suspend", "resume", "verify"),
}
"""Verbs that write the same once more when they are done again about the same thing."""


class Letters:
    """What was written so far. `about`: how often a thing's readers got a mail with a title, by thing and title;
    `questions`: how often each reader was asked each question."""

    def __init__(self) -> None:
        self._last = 0
        self._same: Counter[tuple[str, str, int | None, str, str]] = Counter()
        self._private: list[str] = []
        self.about: Counter[tuple[str, int | None, str]] = Counter()
        self.questions: Counter[tuple[str, str, int]] = Counter()

    def read(self) -> None:
        for mail in OutboxMail.objects.filter(pk__gt=self._last).order_by("pk"):
            self._last = mail.pk
            text = LINK.sub(r"/\1/…/", mail.text)
            self._same[mail.to, mail.thing_type, mail.thing_id, mail.subject, text] += 1
            self.about[mail.thing_type, mail.thing_id, mail.subject] += 1
            whole = mail.subject + mail.text + mail.html
            self._private += [f"mail {mail.pk} to {mail.to} says {word}" for word in PRIVATE if word in whole]
            if mail.subject not in REMINDERS:
                self._ask(mail)

    def _ask(self, mail: OutboxMail) -> None:
        for kind, token in LINK.findall(mail.text):
            if kind == "decide":
                question, reader, version = DECISION.unsign_object(token)
                self.questions[question, reader, version] += 1

    def twice(self) -> Iterator[str]:
        for (to, kind, thing, subject, _text), many in self._same.items():
            if many > 1 and not _may_be_repeated(subject) and many > _times(kind, thing):
                yield f"{to} was written “{subject}” about {kind} {thing} {many} times"
        for (question, _reader, _version), many in self.questions.items():
            if many > 1:
                yield f"decision {question} was asked of one reader {many} times"

    def private(self) -> Iterator[str]:
        yield from self._private

    def many(self, kind: str, thing: int, words: str) -> int:
        """How many mails about this thing have a title with these words."""
        found = self.about.items()
        return sum(many for (label, key, title), many in found if (label, key) == (kind, thing) and words in title)

    def was_asked(self, decision: Decision, address: str) -> bool:
        return self.questions[decision.uuid.hex, fingerprint(address), decision.version] > 0


PRIVATE = (WHY_AVOIDED, NEEDED, NOTED, "A quiet place to withdraw to")


def _may_be_repeated(subject: str) -> bool:
    return subject in REMINDERS or GIVEN_UP.search(subject) is not None


def _times(kind: str, thing: int | None) -> int:
    if kind == "partnerships.user":
        return Job.objects.of_kind("tell_answers").count()
    if kind == "secondments.placement":
        decisions = Decision.objects.filter(placement=thing).values("pk")
        asked = Event.objects.filter(thing_type=Decision._meta.label_lower, thing_id__in=decisions)
        return 1 + asked.filter(verb="ask_someone_else").count()
    verbs = AGAIN.get(kind)
    if verbs is None or thing is None:
        return 1
    return max(1, Event.objects.filter(thing_type=kind, thing_id=thing, verb__in=verbs).count())
