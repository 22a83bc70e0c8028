"""What this app does by job and by the clock: importing this registers all of it."""

from secondments.tasks import answered, letters, lists, looking_after, matching, repairs, rounds, trials, visits

__all__ = ["answered", "letters", "lists", "looking_after", "matching", "repairs", "rounds", "trials", "visits"]
