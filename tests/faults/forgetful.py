"""The job runner with a memory that fails: no batch is remembered. For the negative control of letters."""

from __future__ import annotations

import os
import sys

import django
from django.core.management import call_command


def forget_every_batch() -> None:
    from partnerships.ground.jobs import RunningJob

    setattr(RunningJob, "save_cursor", lambda job, cursor: None)  # noqa: B010 - it is not the method it was


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
    django.setup()
    forget_every_batch()
    call_command("runjobs", *sys.argv[1:])
