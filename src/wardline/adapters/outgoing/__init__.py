"""Leaving the house: where connections may go, how many at once, and what happens while a place is down."""
