"""This app's work by the clock."""

from __future__ import annotations

from partnerships.actions.invitations import expire_invitations
from partnerships.ground import clock, jobs
from partnerships.ground.retention import keep_periods


@jobs.every("partnerships.invitations", minutes=60)
def end_invitations(job: jobs.RunningJob) -> jobs.Save:
    """An invitation that was not accepted in time ends, and its link says so."""

    def save() -> None:
        expire_invitations(at=clock.now())

    return save


@jobs.every("partnerships.retention", at_hour=4, how="resumable")
def end_what_is_over(job: jobs.RunningJob) -> None:
    """Every app's retention periods, each in a transaction of its own."""
    keep_periods(clock.now())
