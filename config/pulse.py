"""A sign of life from the worker and the beat, which have no page to ask: a file touched at every job and kick.

Their container asks `python -m config.pulse` whether it is fresh. The beat kicks several times a minute, so both are
quiet only when something is wrong.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

from celery.signals import before_task_publish, task_postrun, worker_ready

STALE = 300.0  # seconds; a solver may keep a worker busy for a minute or two


def _file() -> Path | None:
    named = os.environ.get("PULSE_FILE", "")
    return Path(named) if named else None


def beat(**of_the_signal: Any) -> None:
    file = _file()
    if file:
        file.touch()


before_task_publish.connect(beat)
task_postrun.connect(beat)
worker_ready.connect(beat)


def main() -> int:
    file = _file()
    fresh = file is not None and file.exists() and time.time() - file.stat().st_mtime < STALE
    return 0 if fresh else 1


if __name__ == "__main__":
    sys.exit(main())
