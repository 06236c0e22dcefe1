"""Preventive services that a task force recommends, as a table."""
