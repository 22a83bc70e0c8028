"""The job that puts a broker's letter to several people into the outbox."""

from __future__ import annotations

from partnerships.ground import outbox
from partnerships.ground.jobs import RunningJob, handler
from partnerships.ground.models import Job
from secondments.actions.letters import who_can_be_written_to
from secondments.emails import failures
from secondments.emails.brokers import group_letter
from secondments.models import GroupLetter

MAILS_AT_ONCE = 100


def _give_up(job: Job) -> None:
    failures.not_all_written(_letter(job).round)


@handler("write_to_people", how="resumable", on_failure=_give_up)
def write(job: RunningJob) -> None:
    """One mail for each reader, some hundred at a time; whoever takes this up again goes on after the last.

    Who has left since, or asked for no more letters, is passed over.
    """
    letter = _letter(job)
    readers = sorted(letter.readers)
    left = [each for each in readers if each > job.cursor.get("after", 0)]
    for begun in range(0, len(left), MAILS_AT_ONCE):
        some = left[begun : begun + MAILS_AT_ONCE]
        job.progress(len(readers) - len(left) + begun, len(readers))
        with outbox.together():
            for reader in who_can_be_written_to(letter.round, some):
                group_letter(letter, reader)
            job.save_cursor({"after": some[-1]})


def _letter(job: RunningJob | Job) -> GroupLetter:
    letters = GroupLetter.objects.select_related("round__programme__organisation", "written_by")
    return letters.get(pk=job.payload["letter"])
