"""What comes from files: rows become fields, and nothing is written here."""
