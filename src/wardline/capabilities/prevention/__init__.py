"""Prevention: which vaccines are due, and which checks."""
