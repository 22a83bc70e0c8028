"""A process of its own that asks for work as the service does, and says how long each asking took.

It reads lines of "job KIND KEY" or "message KEY" (the negative controls' way) and answers each with seconds.
"""

from __future__ import annotations

import os
import sys
import time

import django
from django.db import transaction


def ask(kind: str, key: str) -> None:
    from partnerships.ground import jobs

    with transaction.atomic():
        jobs.enqueue(kind, key, {}, max_attempts=25)


def tell(key: str) -> None:
    """Work in a message: when Redis does not take it, there is nothing left of it but a log line."""
    from tests.faults.app.tasks import plain

    try:
        plain.apply_async(args=(key,), retry=False)
    except Exception as problem:
        sys.stderr.write(f"{key} was not taken: {type(problem).__name__}\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
    django.setup()
    for line in sys.stdin:
        words = line.split()
        start = time.monotonic()
        if words[0] == "job":
            ask(words[1], words[2])
        else:
            tell(words[1])
        sys.stdout.write(f"{time.monotonic() - start}\n")
        sys.stdout.flush()
