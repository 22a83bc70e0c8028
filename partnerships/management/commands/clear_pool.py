"""Anyone can check the engine of swaps: it clears a published kidney-exchange pool, which is the same problem.

manage.py clear_pool KP_Num100_N70_A6.txt --cap 3
"""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnerships.matching import kidney


class Command(BaseCommand):
    help = "Clears a kidney-exchange pool (PrefLib 00036) with the engine that makes swaps, and prints the proof."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--cap", type=int, choices=(2, 3), default=3, help="the longest cycle")

    def handle(self, *args: Any, file: Path, cap: int, **options: Any) -> None:
        try:
            pool = kidney.read(file.read_text(encoding="utf-8"))
        except OSError as fault:
            raise CommandError(f"{file} cannot be read: {fault.strerror}.") from fault
        except kidney.NotAPool as fault:
            raise CommandError(f"{file} is not a kidney-exchange pool: {fault}") from fault
        began = time.monotonic()
        cleared = kidney.clear(pool, cap)
        seconds = time.monotonic() - began
        (placed,) = cleared.results
        proof = "proven the most" if placed.proven else f"not proven: at most {placed.bound}"
        cycles = " and ".join(
            f"{sum(len(cycle) == size for cycle in cleared.cycles)} of {size}" for size in range(2, cap + 1)
        )
        self.stdout.write(f"{pool.pairs} pairs, {len(pool.tail)} arcs, cycles of at most {cap}")
        self.stdout.write(f"{placed.value} served ({cycles}), {proof}, {seconds:.2f} s")
