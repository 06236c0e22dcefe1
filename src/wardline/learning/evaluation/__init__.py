"""Measured clinical performance: pure functions from arrays to numbers with their intervals, and the pages that show them."""
