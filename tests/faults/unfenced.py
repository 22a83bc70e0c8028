"""The job runner with its fence off: for the negative controls, which must show the fault that the fence prevents."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from types import SimpleNamespace

import django
from django.core.management import call_command


def take_the_fence_away() -> None:
    """The effect is committed by itself, and "done" after it, as if by two statements that nobody tied together."""
    from partnerships.ground.jobs import runner

    setattr(runner, "transaction", SimpleNamespace(atomic=nullcontext))  # noqa: B010 - it is not the module it was


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
    django.setup()
    take_the_fence_away()
    call_command("runjobs", *sys.argv[1:])
