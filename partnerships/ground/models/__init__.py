"""What every app stands on: the audit trail, jobs, outgoing mail, and what must not be forgotten for a while."""

from .events import Event
from .jobs import Job
from .mail import OutboxMail
from .memory import Remembered

__all__ = ["Event", "Job", "OutboxMail", "Remembered"]
