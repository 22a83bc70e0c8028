"""Jobs that are never lost.

A verb asks for work with `enqueue` in its own transaction; the row is the promise. `run_due` claims what is due, runs
the handler that an app's `tasks.py` registered for its kind, and commits the effect together with "done". Kicks
(a NOTIFY, and Celery where there is a Redis) only wake runners sooner: losing every one of them loses no job.
"""

from partnerships.ground.jobs.asking import enqueue, enqueue_many, request_stop, stop_unless_running, try_again
from partnerships.ground.jobs.claims import LostClaim
from partnerships.ground.jobs.registry import How, Save, every, handler
from partnerships.ground.jobs.runner import run_due
from partnerships.ground.jobs.running import GiveUp, RunningJob

__all__ = [
    "GiveUp",
    "How",
    "LostClaim",
    "RunningJob",
    "Save",
    "enqueue",
    "enqueue_many",
    "every",
    "handler",
    "request_stop",
    "run_due",
    "stop_unless_running",
    "try_again",
]
