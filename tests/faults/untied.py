"""The job runner with what ties a result together undone: for the negative controls of matching, repairing and lists.

Each of its statements is committed by itself, as if whoever wrote it had not thought of a worker that is killed.
"""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from types import SimpleNamespace

import django
from django.core.management import call_command


def untie() -> None:
    from partnerships.ground.jobs import runner
    from secondments.actions import lists, repairs, rounds
    from secondments.tasks import lists as listed

    for module, name, nothing in (
        (runner, "transaction", SimpleNamespace(atomic=nullcontext)),
        (rounds, "acting", nullcontext),
        # A row can be locked in a transaction only.
        (rounds, "lock", lambda *rows: None),
        (repairs, "acting", nullcontext),
        (repairs, "lock", lambda *rows: None),
        (lists, "acting", nullcontext),
        (lists, "lock", lambda *rows: None),
        (listed, "transaction", SimpleNamespace(atomic=nullcontext)),
    ):
        setattr(module, name, nothing)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
    django.setup()
    untie()
    call_command("runjobs", *sys.argv[1:])
