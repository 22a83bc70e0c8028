"""What this app does by job and by the clock: importing this registers all of it."""

from secondments.tasks import matching, rounds, visits

__all__ = ["matching", "rounds", "visits"]
