"""The clock that looks for rounds whose jobs were given up, and with them what should have followed."""

from __future__ import annotations

from partnerships.ground import clock, jobs
from partnerships.ground.jobs import RunningJob, Save, every, handler
from secondments.actions.looking_after import look_after_round, rounds_to_look_after
from secondments.models import Round


@every("look_after_rounds", minutes=60)
def look_after_rounds(job: RunningJob) -> Save:
    """Each by a job of its own, so that one in which this fails as well keeps no other waiting."""
    at = clock.now()
    found = list(rounds_to_look_after(at=at).values_list("pk", flat=True))

    def save() -> None:
        jobs.enqueue_many("look_after_round", [(f"{key} {at:%Y-%m-%d %H}", {"round": key}) for key in found])

    return save


@handler("look_after_round", how="transactional")
def look_after(job: RunningJob) -> Save:
    a_round = Round.objects.get(pk=job.payload["round"])
    return lambda: look_after_round(a_round=a_round)
