"""A process of its own that makes rounds in a database that is about to be harmed.

`python -m tests.faults.a_round published 6 1000` makes six that wait to be published, and numbers whatever it makes
from a thousand on; `matched` makes such as wait to be matched, all asked for at once, and `listed` such into which
people of a list are invited.
"""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import count as count_from
from typing import TYPE_CHECKING

import django
from django.db import transaction

from config import database

if TYPE_CHECKING:
    from partnerships.models import User
    from secondments.models import Round
    from tests.faults.machine import Machine

PEOPLE = 4
"""In each round: enough to share a manager, and often a host."""

NUMBERS = count_from(1, 1000)
"""From where on each such process numbers what it makes."""


def press(machine: Machine, rounds: int, wanted: str) -> None:
    """So many rounds wait for the job that does what is wanted."""
    subprocess.run(
        [sys.executable, "-m", "tests.faults.a_round", wanted, str(rounds), str(next(NUMBERS))],
        env=machine.environment,
        cwd=database.BASE_DIR,
        check=True,
    )


def make_rounds(count: int) -> tuple[User, list[Round]]:
    """Each with people and a manager of its own, so that what is promised to whom can be counted."""
    from partnerships.models import ApprovedDomain
    from partnerships.states import Field
    from secondments.actions.rounds import close_round
    from tests.factories import AT, make_membership, make_offer, make_organisation, make_round, make_user
    from tests.secondments.rounds import first_week, join

    cvs = make_organisation("Test CVS")
    broker = make_user("Bron Broker")
    make_membership(broker, cvs, is_broker=True)
    made = []
    for _ in range(count):
        council = make_organisation(field=Field.LOCAL_GOVERNMENT)
        ApprovedDomain.objects.create(organisation=council, domain=f"{council.slug}.example.org")
        host = make_user()
        hosting = make_organisation(place=council.place)
        make_membership(host, hosting, is_coordinator=True)
        make_offer(hosting, host, places=PEOPLE)
        a_round = make_round(cvs)
        for _ in range(PEOPLE):
            going = make_membership(make_user(), council)
            join(a_round, going, weeks=[first_week(a_round)], agrees_email=f"manu@{council.slug}.example.org")
        close_round(a_round=a_round, by=broker, at=AT)
        made.append(a_round)
    return broker, made


def matched(broker: User, rounds: list[Round]) -> None:
    """The broker presses "match" in each."""
    from secondments.actions.rounds import ask_for_match
    from tests.factories import AT

    for number, a_round in enumerate(rounds):
        ask_for_match(a_round=a_round, by=broker, at=AT, seed=number)


def published(broker: User, rounds: list[Round]) -> None:
    """Each is matched here and now, and the broker presses "tell everyone"."""
    from partnerships.ground.models import Job
    from partnerships.matching import engine
    from secondments.actions.publishing import publish_round
    from secondments.actions.rounds import ask_for_match, save_run
    from secondments.matches import problem_of
    from secondments.matches.figures import figures_of
    from tests.factories import AT

    for number, a_round in enumerate(rounds):
        with transaction.atomic():
            run = ask_for_match(a_round=a_round, by=broker, at=AT, seed=number)
            # The job for it is not what is killed.
            Job.objects.of_kind("match_round").delete()
            problem = problem_of(a_round, seed=run.seed, at=AT)
            answer = engine.solve(problem)
            save_run(run=run, problem=problem, answer=answer, figures=figures_of(problem, answer), at=AT)
            a_round.refresh_from_db()
            publish_round(a_round=a_round, by=broker, at=AT)


LISTED = 150
"""People on each list: more than one batch."""


def listed(broker: User, rounds: list[Round]) -> None:
    """In each of them, open once more, the broker sends a list of people of its council."""
    from secondments.actions.lists import read_list, send_list
    from secondments.actions.rounds import reopen_round
    from secondments.importers.staff import StaffRow

    for a_round in rounds:
        reopen_round(a_round=a_round, by=broker)
        council = a_round.participations.first().membership.organisation  # type: ignore[union-attr]  # people joined
        rows = [
            StaffRow(line, {"name": f"Person {line}", "email": f"p{line}@{council.slug}.example.org"})
            for line in range(2, LISTED + 2)
        ]
        staff_list = read_list(a_round=a_round, organisation=council, rows=rows, by=broker)
        send_list(staff_list=staff_list, by=broker)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
    django.setup()
    from tests import factories

    wanted, many, number = sys.argv[1:]
    factories._next = count_from(int(number))
    {"matched": matched, "published": published, "listed": listed}[wanted](*make_rounds(int(many)))
