"""An app of the proofs alone: jobs that leave a mark each time they take effect."""

BATCHES = 4
