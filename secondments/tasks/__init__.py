"""What this app does by job and by the clock: importing this registers all of it."""

from secondments.tasks import lists, matching, repairs, rounds, trials, visits

__all__ = ["lists", "matching", "repairs", "rounds", "trials", "visits"]
