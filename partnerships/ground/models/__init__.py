"""What every app stands on: the audit trail, jobs and outgoing mail."""

from .events import Event
from .jobs import Job
from .mail import OutboxMail

__all__ = ["Event", "Job", "OutboxMail"]
