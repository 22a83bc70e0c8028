"""What will become of each row of a list of people, and why some cannot be invited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.ground.problems import Problem
from partnerships.models import Organisation
from secondments.models import Entry, StaffList
from secondments.permissions import may_send_list
from secondments.problems.acting import not_allowed
from secondments.problems.entering import MOST_A_DAY, Standing, standing_in, standing_sentence
from secondments.problems.joining import problems_for_saying_anything, problems_of_home
from secondments.states import ListState

if TYPE_CHECKING:
    from partnerships.models import User

LISTS_A_DAY = 20
LONGEST_NAME = 120

BROKEN = {
    "open_quote": gettext_lazy("A quotation mark in it is never closed."),
    "too_many_cells": gettext_lazy("It has more cells than there are columns. Is there a comma too many?"),
}
YES, NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"", "no", "n", "false", "0", "-"})


class Verdict(Enum):
    """What will become of a row. Their order is that of a page: what asks for something first."""

    WRONG = 0
    KNOWN = 1
    INVITE = 2


@dataclass(frozen=True, slots=True)
class Judged:
    """A row, what will become of it, and why."""

    row: Mapping[str, Any]
    verdict: Verdict
    reason: str = ""
    organisation: Organisation | None = None

    @property
    def email(self) -> str:
        return str(self.row.get("email", "")).lower()

    @property
    def is_commissioner(self) -> bool:
        return str(self.row.get("commissioner", "")).lower() in YES


def judge(staff_list: StaffList, rows: Sequence[Mapping[str, Any]]) -> list[Judged]:
    """What will become of each of these rows of a list, with as many queries however many they are."""
    emails = Counter(str(row.get("email", "")).lower() for row in staff_list.rows)
    first = {str(row.get("email", "")).lower(): row["line"] for row in reversed(staff_list.rows)}
    standing = standing_in(staff_list.round, [email for email in emails if email], to=staff_list.sent_by)
    homes = Homes(staff_list, rows)
    judged = []
    for row in rows:
        email = str(row.get("email", "")).lower()
        wrong = wrong_with(row)
        organisation, unknown = homes.of(row)
        if not wrong and emails[email] > 1 and row["line"] != first[email]:
            wrong = _("The same address stands in line %(line)s already.") % {"line": first[email]}
        if not wrong and email in standing:
            known = standing[email] in (Standing.JOINED, Standing.ASKED)
            verdict = Verdict.KNOWN if known else Verdict.WRONG
            judged.append(Judged(row, verdict, standing_sentence(standing[email]), organisation))
        elif wrong or unknown:
            judged.append(Judged(row, Verdict.WRONG, wrong or unknown, organisation))
        else:
            judged.append(Judged(row, Verdict.INVITE, "", organisation))
    return judged


def wrong_with(row: Mapping[str, Any]) -> str:
    """What is wrong with the row itself, whatever else is known; empty where nothing is."""
    if row.get("broken"):
        return str(BROKEN[row["broken"]])
    if not row.get("email"):
        return _("There is no email address. Enter people without one by themselves.")
    if not _is_address(row["email"]):
        return _("“%(email)s” is no email address.") % {"email": row["email"]}
    if not row.get("name"):
        return _("There is no name.")
    if len(row["name"]) > LONGEST_NAME or len(row.get("job_title", "")) > LONGEST_NAME:
        return _("The name or the job title is too long: at most %(most)s letters.") % {"most": LONGEST_NAME}
    if row.get("agrees_email") and not _is_address(row["agrees_email"]):
        return _("“%(email)s” is no email address of a manager.") % {"email": row["agrees_email"]}
    if row.get("commissioner", "").lower() not in YES | NO:
        return _("Under “Commissioner”, say yes or no.")
    return ""


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


class Homes:
    """The organisations that rows name, read at once; each has what stands against anybody of it taking part."""

    def __init__(self, staff_list: StaffList, rows: Sequence[Mapping[str, Any]]) -> None:
        self._all = staff_list.organisation
        self._round = staff_list.round
        self._against: dict[int, str] = {}
        self._named: dict[str, list[Organisation]] = {}
        if self._all is None:
            names = {str(row.get("organisation", "")).lower() for row in rows}
            named = Organisation.objects.public().annotate(lower=Lower("name")).filter(lower__in=names)
            for each in named.order_by("id"):
                self._named.setdefault(each.name.lower(), []).append(each)
        self._enrolled = staff_list.round.programme.enrolled_ids()

    def of(self, row: Mapping[str, Any]) -> tuple[Organisation | None, str]:
        """The organisation of a row, and what is wrong with it."""
        typed = str(row.get("organisation", ""))
        if self._all is not None:
            if typed and typed.lower() != self._all.name.lower():
                return None, _("This list is of people of %(name)s only.") % {"name": self._all.name}
            return self._all, self._problems(self._all)
        found = self._named.get(typed.lower(), [])
        if not typed:
            return None, _("It does not say where they work. Name the organisation in this row, or for all of them.")
        if not found:
            return None, _("We know no organisation called “%(name)s”. Copy its name from its page.") % {"name": typed}
        if len(found) > 1:
            sentence = _("There are several called “%(name)s”. Send its people as a list of their own.")
            return None, sentence % {"name": typed}
        return found[0], self._problems(found[0])

    def _problems(self, organisation: Organisation) -> str:
        if organisation.pk not in self._against:
            takes = self._enrolled is None or organisation.pk in self._enrolled
            found = problems_of_home(self._round, organisation, takes=takes)
            self._against[organisation.pk] = found[0].sentence if found else ""
        return self._against[organisation.pk]


def problems_for_reading_list(*, by: User, at: datetime) -> list[Problem]:
    """A file a minute, all day long, is no list of staff."""
    if StaffList.objects.filter(sent_by=by, sent_at__gt=at - timedelta(days=1)).count() < LISTS_A_DAY:
        return []
    return [Problem("too_many_lists", _("You have sent many lists today. Go on tomorrow."), "file")]


def problems_for_sending_list(staff_list: StaffList, *, by: User, at: datetime) -> list[Problem]:
    if not may_send_list(by, staff_list):
        return [not_allowed()]
    if staff_list.state != ListState.READ:
        return [Problem("list_sent", _("These people are being invited already, or were."))]
    if closed := problems_for_saying_anything(staff_list.round, at=at):
        return closed
    today = Entry.objects.filter(entered_by=by, entered_at__gt=at - timedelta(days=1)).count()
    if today + StaffList.objects.being_sent_by(by) + len(staff_list.rows) > MOST_A_DAY:
        return [Problem("too_many_entries", _("That would be too many invitations for one day. Go on tomorrow."))]
    return []
