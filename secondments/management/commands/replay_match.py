"""manage.py replay_match RUN"""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from secondments.matches.replaying import fingerprints, replay
from secondments.models import MatchRun


def _run(text: str) -> MatchRun:
    runs = MatchRun.objects.select_related("round")
    try:
        return runs.get(uuid=UUID(text))
    except ValueError:
        found = runs.filter(round__slug=text).first()
    except MatchRun.DoesNotExist:
        found = None
    if found is None:
        raise ArgumentTypeError(f"{text} is neither a run nor a round that was matched.")
    return found


class Command(BaseCommand):
    help = "Solves a stored run again, and fails unless the answer is the same, byte for byte."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=_run, help="a run’s uuid, or a round’s slug for its latest run")

    def handle(self, *args: Any, **options: Any) -> None:
        run: MatchRun = options["run"]
        self.stdout.write(f"{run.round.slug}, run {run.number} ({run.uuid}), seed {run.seed}")
        for what, found in fingerprints(run).items():
            self.stdout.write(f"  {what} (SHA-256): {found}")
        differences = replay(run, progress=lambda stage: self.stdout.write(f"  {stage}"))
        if differences:
            raise CommandError("Not the same.\n" + "\n".join(differences))
        self.stdout.write(self.style.SUCCESS("The same answer, byte for byte."))
