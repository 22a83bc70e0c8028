"""Draw every table of moves into docs/concepts.md, so that the picture cannot drift from the code."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from partnerships.ground import workflow
from partnerships.ground.workflow import Moves

BEGIN = "<!-- moves: drawn by `manage.py draw_moves`, do not edit -->"
END = "<!-- end of moves -->"


def drawing(table: Moves) -> str:
    """One table of moves as a heading, a sentence and a Mermaid state diagram."""
    labels = table.labels()
    named = [*table.initial, *(state for move in table.moves for state in (*move.sources, move.target))]
    lines = [f"### {table.title or table.model}", ""]
    if table.about:
        lines += [table.about, ""]
    lines += ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{labels[str(state)]}" as {state}' for state in dict.fromkeys(map(str, named))]
    lines += [f"    [*] --> {state}" for state in table.initial]
    lines += [f"    {source} --> {move.target}: {move.verb}" for move in table.moves for source in move.sources]
    leaving = {str(source) for move in table.moves for source in move.sources}
    lines += [f"    {state} --> [*]" for state in dict.fromkeys(map(str, named)) if state not in leaving]
    return "\n".join([*lines, "```"])


class Command(BaseCommand):
    help = "Draw every table of moves into docs/concepts.md; with --check only say whether the picture is true."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the picture is out of date")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "concepts.md"
        text = path.read_text(encoding="utf-8")
        if BEGIN not in text or END not in text:
            raise CommandError(f"{path.name} has no place for the moves: it needs the two marks {BEGIN} and {END}.")
        head, rest = text.split(BEGIN, 1)
        tail = rest.split(END, 1)[1]
        with translation.override("en"):
            drawn = "\n\n".join(drawing(table) for table in workflow.tables())
        fresh = f"{head}{BEGIN}\n\n{drawn}\n\n{END}{tail}"
        if fresh == text:
            self.stdout.write(f"{path.name} shows the {len(workflow.tables())} tables of moves as they are.")
        elif check:
            raise CommandError(f"{path.name} is out of date: run `manage.py draw_moves`.")
        else:
            path.write_text(fresh, encoding="utf-8")
            self.stdout.write(f"Drew {len(workflow.tables())} tables of moves into {path.name}.")
