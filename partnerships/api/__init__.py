"""What every part of the open API stands on, and the parts that tell of organisations and stories."""
