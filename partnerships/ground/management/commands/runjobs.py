"""Runs the jobs on one machine, without Celery and Redis."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from partnerships.ground.jobs.loop import Loop
from partnerships.ground.jobs.runner import run_due


class Command(BaseCommand):
    help = "Runs what is due and what becomes due, until it gets SIGTERM or Ctrl-C. Any number may run side by side."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is due now, and end")
        parser.add_argument("--workers", type=int, default=2, help="how many jobs at a time (2)")
        parser.add_argument(
            "--poll", type=float, default=settings.JOB_SWEEP_SECONDS, help="seconds between looks when nothing wakes it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            ran = run_due(schedules=True)
            self.stdout.write(f"{ran} jobs were run.")
            return
        Loop(workers=max(1, options["workers"]), poll_seconds=options["poll"]).run()
