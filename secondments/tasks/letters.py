"""The job that puts a broker's letter to several people into the outbox."""

from __future__ import annotations

from partnerships.ground import outbox
from partnerships.ground.jobs import RunningJob, handler
from secondments.actions.letters import who_can_be_written_to
from secondments.emails.brokers import group_letter
from secondments.models import GroupLetter

MAILS_AT_ONCE = 100


@handler("write_to_people", how="resumable")
def write(job: RunningJob) -> None:
    """One mail for each reader, some hundred at a time; whoever takes this up again goes on after the last.

    Who has left since, or asked for no more letters, is passed over.
    """
    letter = GroupLetter.objects.select_related("round__programme__organisation", "written_by").get(
        pk=job.payload["letter"]
    )
    readers = sorted(letter.readers)
    left = [each for each in readers if each > job.cursor.get("after", 0)]
    for begun in range(0, len(left), MAILS_AT_ONCE):
        some = left[begun : begun + MAILS_AT_ONCE]
        job.progress(len(readers) - len(left) + begun, len(readers))
        with outbox.together():
            for reader in who_can_be_written_to(letter.round, some):
                group_letter(letter, reader)
            job.save_cursor({"after": some[-1]})
