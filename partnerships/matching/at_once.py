"""Work on arrays in two threads: numpy lets go of the interpreter while it reckons, so two processors are of use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
_THREADS = 2


def side_by_side(work: Callable[[T], R], parts: Sequence[T]) -> Iterator[R]:
    """The work on each part, in the order of the parts, two at a time. What one raises is raised here."""
    if len(parts) < 2:
        yield from map(work, parts)
        return
    with ThreadPoolExecutor(_THREADS) as pool:
        yield from pool.map(work, parts)


@contextmanager
def meanwhile(work: Callable[[], R]) -> Iterator[Future[R]]:
    """What the work will have come to; it is done in a thread of its own beside the body, which lasts as long."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(work)
