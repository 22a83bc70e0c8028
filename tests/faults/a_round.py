"""A process of its own that makes rounds which wait to be published, in a database that is about to be harmed.

`python -m tests.faults.a_round 6 1000` makes six, and numbers whatever it makes from a thousand on.
"""

from __future__ import annotations

import os
import sys
from itertools import count as count_from

import django
from django.db import transaction

PEOPLE = 4
"""In each round: enough to share a manager, and often a host."""


def make_rounds(count: int) -> None:
    """Each with people and a manager of its own, so that what is promised to whom can be counted."""
    from partnerships.ground.models import Job
    from partnerships.matching import engine
    from partnerships.models import ApprovedDomain
    from partnerships.states import Field
    from secondments.actions.publishing import publish_round
    from secondments.actions.rounds import ask_for_match, close_round, save_run
    from secondments.matches import problem_of
    from secondments.matches.figures import figures_of
    from tests.factories import AT, make_membership, make_offer, make_organisation, make_round, make_user
    from tests.secondments.rounds import first_week, join

    cvs = make_organisation("Test CVS")
    broker = make_user("Bron Broker")
    make_membership(broker, cvs, is_broker=True)
    for number in range(count):
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
        with transaction.atomic():
            run = ask_for_match(a_round=a_round, by=broker, at=AT, seed=number)
            # Matched here and now; the job for it is not what is killed.
            Job.objects.of_kind("match_round").delete()
            problem = problem_of(a_round, seed=run.seed, at=AT)
            answer = engine.solve(problem)
            save_run(run=run, problem=problem, answer=answer, figures=figures_of(problem, answer), at=AT)
            a_round.refresh_from_db()
            publish_round(a_round=a_round, by=broker, at=AT)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
    django.setup()
    from tests import factories

    factories._next = count_from(int(sys.argv[2]))
    make_rounds(int(sys.argv[1]))
