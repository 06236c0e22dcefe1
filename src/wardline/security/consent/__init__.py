"""What patients permit and forbid, and what follows from it."""
