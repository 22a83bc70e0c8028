"""A process of its own that makes published rounds, in each of which one visit comes to nothing.

`python -m tests.faults.noes 6 1000` makes six, all of which wait for the job that repairs them, and numbers whatever it
makes from a thousand on.
"""

from __future__ import annotations

import os
import sys
from itertools import count as count_from
from typing import TYPE_CHECKING

import django
from django.db import transaction
from django.db.models.functions import Now

if TYPE_CHECKING:
    from partnerships.models import User
    from secondments.models import Round


def refused(broker: User, rounds: list[Round]) -> None:
    """Everyone is asked here and now, a host says no to one of them, and another host opens: whoever is free has a
    place there."""
    from partnerships.ground.models import Job
    from partnerships.matching import engine
    from secondments import actions
    from secondments.actions.publishing import ask_everyone, publish_round
    from secondments.actions.rounds import ask_for_match, save_run
    from secondments.matches import problem_of
    from secondments.matches.figures import figures_of
    from secondments.models import Placement
    from tests.factories import AT, make_membership, make_offer, make_organisation, make_user

    for number, a_round in enumerate(rounds):
        with transaction.atomic():
            run = ask_for_match(a_round=a_round, by=broker, at=AT, seed=number)
            problem = problem_of(a_round, seed=run.seed, at=AT)
            answer = engine.solve(problem)
            save_run(run=run, problem=problem, answer=answer, figures=figures_of(problem, answer), at=AT)
            a_round.refresh_from_db()
            publish_round(a_round=a_round, by=broker, at=AT)
            ask_everyone(run=run, by=broker, at=AT)
            placement = Placement.objects.filter(match__run=run)[0]
            host = placement.offer.organisation
            decision = placement.decisions.get(kind="host")
            actions.decide(decision=decision, yes=False, by=host.memberships.get().user, at=AT)
            another = make_organisation(place=host.place)
            make_membership(make_user(), another, is_coordinator=True)
            make_offer(another, broker)
            # Only what repairs is killed; what was cut off before is counted still.
            Job.objects.exclude(kind__in=("repair_round", "work_out_repair")).delete()
            Job.objects.of_kind("repair_round").update(due_at=Now())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
    django.setup()
    from tests import factories
    from tests.faults.a_round import make_rounds

    many, number = sys.argv[1:]
    factories._next = count_from(int(number))
    refused(*make_rounds(int(many)))
