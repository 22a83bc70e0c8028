"""What this app does by job and by the clock: importing this registers all of it."""

from secondments.tasks import letters, lists, matching, repairs, rounds, trials, visits

__all__ = ["letters", "lists", "matching", "repairs", "rounds", "trials", "visits"]
