"""The job that tells who wrote something down for others what they answered."""

from __future__ import annotations

from datetime import date

from partnerships.ground.jobs import RunningJob, Save, handler
from partnerships.models import User
from secondments.actions.answered import tell_answers


@handler("tell_answers", how="transactional")
def tell(job: RunningJob) -> Save:
    """One mail to one person, in the transaction that marks the job done."""
    writer, day = User.objects.get(pk=job.payload["writer"]), date.fromisoformat(job.payload["day"])
    return lambda: tell_answers(writer=writer, day=day)
