"""An app of the proofs alone: jobs that leave a mark each time they take effect."""

BATCHES = 4
LET_GO = "let go"
"""The mark that a job waits for which keeps its worker busy."""
