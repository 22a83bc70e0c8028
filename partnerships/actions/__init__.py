"""Verbs: whatever changes more than one row, or a state. Keyword only, `by=` and `at=`, one transaction, one event."""
